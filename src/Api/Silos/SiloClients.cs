using System.Net;
using BoxOffice.Grains;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace BoxOffice.Api.Silos;

/// <summary>
/// Keeps an Orleans client for each silo of the cluster. Orleans' own choice of a gateway cannot be told where an event
/// lives, and goes on using a silo that hangs until the cluster has agreed that it is dead; one client for each silo makes
/// both a choice of <see cref="SiloLinks"/>.
/// </summary>
internal sealed partial class SiloClients(
    SiloLinks links,
    IGatewayListProvider gateways,
    IOptions<BoxOfficeOptions> options,
    IOptions<ApiOptions> apiOptions,
    IConfiguration configuration,
    TimeProvider time,
    ILoggerFactory loggers,
    ILogger<SiloClients> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Client> _clients = [];

    /// <summary>Connects to the silos that there are, before the doors open.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await gateways.InitializeGatewayListProvider();
        while (links.All.Count == 0)
        {
            await RefreshAsync(cancellationToken);
            if (links.All.Count == 0) await Task.Delay(Period, time, cancellationToken);
        }
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_clients.Values.Select(client => CloseAsync(client, TimeSpan.Zero)));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RefreshAsync(stoppingToken);
            await Task.WhenAll(links.All.Select(PingAsync));
        }
    }

    /// <summary>A call that the silo answers itself, whatever its events do.</summary>
    private async Task PingAsync(SiloLink link)
    {
        try
        {
            link.IsLeaving = await link.Grains.GetGrain<IJournalGrain>(0).Ping().WaitAsync(apiOptions.Value.AttemptTimeout, time);
            link.IsSilent = false;
        }
        catch (Exception e)
        {
            link.IsSilent = e is TimeoutException; // one that has trouble with its database is there
        }
    }

    private async Task RefreshAsync(CancellationToken stop)
    {
        try
        {
            var living = (await gateways.GetGateways()).Select(one => $"{one.Host}:{one.Port}").ToHashSet();
            var gone = _clients.Values.Where(client => !living.Contains(client.Link.Gateway)).ToList();
            var begun = await Task.WhenAll(living.Where(gateway => !_clients.ContainsKey(gateway)).Select(gateway => ConnectAsync(gateway, stop)));
            foreach (var client in begun.OfType<Client>()) _clients.Add(client.Link.Gateway, client);
            foreach (var client in gone) _clients.Remove(client.Link.Gateway);
            if (gone.Count == 0 && begun.Length == 0) return;
            links.Replace([.. _clients.Values.Select(client => client.Link).OrderBy(link => link.Gateway, StringComparer.Ordinal)]);
            foreach (var client in gone) _ = CloseAsync(client, apiOptions.Value.ResponseTimeout); // calls may be under way
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotRefreshed(e); // the database is away: the silos are where they were
        }
    }

    private async Task<Client?> ConnectAsync(string gateway, CancellationToken stop)
    {
        var host = new HostBuilder()
            .ConfigureServices(services => services.AddSingleton(loggers))
            .UseOrleansClient(client =>
            {
                client.UseSilo(options.Value, IPEndPoint.Parse(gateway))
                    .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = apiOptions.Value.ResponseTimeout);
                if (Telemetry.IsExported(configuration)) client.AddActivityPropagation();
            })
            .Build();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(ConnectMax);
            await host.StartAsync(limit.Token).WaitAsync(ConnectMax, time, stop);
            var grains = host.Services.GetRequiredService<IGrainFactory>();
            var callsMax = apiOptions.Value.CoalescerBatchMax;
            return new(new(gateway, grains, callsMax > 1 ? new(grains, callsMax, time) : null), host);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotConnected(e, gateway); // it may have just ended, or not quite begun
            host.Dispose();
            return null;
        }
    }

    private async Task CloseAsync(Client client, TimeSpan wait)
    {
        await Task.Delay(wait, time);
        try
        {
            await client.Host.StopAsync();
            client.Host.Dispose();
        }
        catch (Exception e)
        {
            LogNotClosed(e, client.Link.Gateway);
        }
    }

    private sealed record Client(SiloLink Link, IHost Host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which silos there are could not be read")]
    private partial void LogNotRefreshed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo at {Gateway} cannot be reached yet")]
    private partial void LogNotConnected(Exception exception, string gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to the silo at {Gateway} did not end well")]
    private partial void LogNotClosed(Exception exception, string gateway);
}
