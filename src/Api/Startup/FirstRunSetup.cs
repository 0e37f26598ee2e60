using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Grains.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BoxOffice.Api.Startup;

/// <summary>
/// Makes a fresh store usable before the doors open: the operator, and embedded also event 1. Then says what runs where.
/// </summary>
internal sealed class FirstRunSetup(
    IGrainFactory grains,
    OperatorAccount operatorAccount,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<FirstRunSetup> logger,
    EmbeddedStore? store = null) : IHostedService
{
    private const string FirstEventId = "1";

    private static readonly EventTerms FirstEvent = new("Opening night", Capacity: 200);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Said at once: when a later step fails, the password is stored already, and nobody would ever hear it.
        if (await EnsureOperatorAsync(cancellationToken) is { } invented)
            Console.WriteLine($"The operator is {OperatorAccount.Id} / {invented}   (shown only now; keep it)");
        var isEmpty = store is not null && (await grains.GetGrain<IJournalGrain>(0).Events("", 1)).Length == 0;
        if (isEmpty) await grains.TicketEvent(FirstEventId).Open(FirstEvent, OperatorAccount.Id);
        lifetime.ApplicationStarted.Register(Say);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>In a cluster it waits for silos and their database: the process must not end because they cannot store anything yet.</summary>
    private async Task<string?> EnsureOperatorAsync(CancellationToken stop)
    {
        var wait = new StartupWait(time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lifetime.ApplicationStopping);
        while (true)
        {
            try
            {
                return await operatorAccount.EnsureAsync(mayInventPassword: store is not null);
            }
            catch (Exception e) when (store is null && (CallFailure.MayHelp(e) || StartupWait.MayHelp(e)))
            {
                await wait.AfterAsync(e, either.Token);
            }
        }
    }

    private void Say()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var url = addresses.FirstOrDefault() ?? "http://localhost:8080";
        Console.WriteLine($"BoxOffice is open at {string.Join(" and ", addresses)}");
        Console.WriteLine($"  buyers    {url}/");
        Console.WriteLine($"  console   {url}/admin, as {OperatorAccount.Id}");
        Console.WriteLine("  rehearse  in the console, at an event: a synthetic crowd buys from a copy of it");
        Console.WriteLine(store is null ? "  form      cluster (PostgreSQL)" : $"  form      embedded, store in {store.Directory}");
        if (store is not null)
        {
            Console.WriteLine("  try it");
            Console.WriteLine($$"""    curl -s {{url}}/member/signup -H 'Content-Type: application/json' -d '{"id":"ann","password":"see you at the show"}'""");
            Console.WriteLine($$"""    TOKEN=$(curl -s {{url}}/member/login -H 'Content-Type: application/json' -d '{"id":"ann","password":"see you at the show"}' | grep -o '"accessToken":"[^"]*' | cut -d'"' -f4)""");
            Console.WriteLine($"    curl -s -X POST {url}/ticket/reserve/{FirstEventId} -H \"x-access-token: $TOKEN\" -H 'Idempotency-Key: my-first-ticket'");
        }
        if (KernelLimits.Warning() is { } warning) logger.LimitsTooLow(warning);
    }
}

internal static partial class FirstStartLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void LimitsTooLow(this ILogger logger, string warning);
}
