using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Grains.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BoxOffice.Api.Startup;

/// <summary>
/// Fills a new store before the front-end listens: the operator, and in the embedded form event 1. Then prints the
/// addresses.
/// </summary>
internal sealed class FirstRunSetup(
    IGrainFactory grains,
    OperatorAccount operatorAccount,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    LoadTestMode loadTest,
    ILogger<FirstRunSetup> logger,
    EmbeddedStore? store = null) : IHostedService
{
    private const string FirstEventId = "1";

    private static readonly EventTerms FirstEvent = new("Opening night", Capacity: 200);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Printed at once: if a later step failed, the password would be stored, but never shown.
        if (await EnsureOperatorAsync(cancellationToken) is { } generated)
            Console.WriteLine($"The operator is {OperatorAccount.Id} / {generated}   (shown only now; keep it)");
        var isEmpty = store is not null && (await grains.GetGrain<IJournalGrain>(0).Events("", 1)).Length == 0;
        if (isEmpty) await grains.TicketEvent(FirstEventId).Open(FirstEvent, OperatorAccount.Id);
        lifetime.ApplicationStarted.Register(Print);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// In a cluster it waits for silos and their database: the process must not end because they are not ready yet.
    /// </summary>
    private async Task<string?> EnsureOperatorAsync(CancellationToken stop)
    {
        var wait = new StartupWait(time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lifetime.ApplicationStopping);
        while (true)
        {
            try
            {
                return await operatorAccount.EnsureAsync(mayGeneratePassword: store is not null);
            }
            catch (Exception e) when (store is null && (CallFailure.MayHelp(e) || StartupWait.MayHelp(e)))
            {
                await wait.AfterAsync(e, either.Token);
            }
        }
    }

    private void Print()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var url = addresses.FirstOrDefault() ?? "http://localhost:8080";
        Console.WriteLine($"BoxOffice is open at {string.Join(" and ", addresses)}");
        Console.WriteLine($"  buyers    {url}/");
        Console.WriteLine($"  console   {url}/admin, as {OperatorAccount.Id}");
        Console.WriteLine("  rehearse  in the console, at an event: a synthetic crowd buys from a copy of it");
        var form = store is null ? "cluster (PostgreSQL)" : $"embedded, store in {store.Directory}";
        Console.WriteLine($"  form      {form}");
        if (loadTest.IsOn) Console.WriteLine($"  {LoadTestMode.Notice}");
        if (store is not null) PrintFirstSale(url);
        if (KernelLimits.Warning() is { } warning) logger.LimitsTooLow(warning);
    }

    private static void PrintFirstSale(string url)
    {
        const string Body = "-H 'Content-Type: application/json' "
            + """-d '{"id":"ann","password":"see you at the show"}'""";
        Console.WriteLine("  try it");
        Console.WriteLine($"    curl -s {url}/member/signup {Body}");
        Console.WriteLine($"""    TOKEN=$(curl -s {url}/member/login {Body} | grep -o '"accessToken":"[^"]*' """
            + """| cut -d'"' -f4)""");
        Console.WriteLine($"""    curl -s -X POST {url}/ticket/reserve/{FirstEventId} -H "x-access-token: $TOKEN" """
            + "-H 'Idempotency-Key: my-first-ticket'");
    }
}

internal static partial class FirstRunSetupLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void LimitsTooLow(this ILogger logger, string warning);
}
