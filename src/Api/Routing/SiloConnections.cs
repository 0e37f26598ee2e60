using System.Net;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace BoxOffice.Api.Routing;

/// <summary>
/// Keeps an Orleans client for each silo of the cluster. Orleans' own choice of a gateway does not know which silo owns
/// an event, and goes on using a silo that hangs until the cluster has agreed that it is dead; with one client for each
/// silo, the <see cref="Router"/> decides both.
/// </summary>
internal sealed partial class SiloConnections(
    Router router, IGatewayListProvider gateways, IOptions<BoxOfficeOptions> options, IOptions<ApiOptions> apiOptions,
    IConfiguration configuration, TimeProvider time, ILoggerFactory loggers, ILogger<SiloConnections> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(3);

    private readonly Dictionary<SiloConnection, ServiceProvider> _clients = [];

    /// <summary>Connects to the cluster's silos before the front-end listens; waits until there is one.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await gateways.InitializeGatewayListProvider();
        await RefreshAsync(cancellationToken);
        while (router.All.Count == 0)
        {
            await Task.Delay(Period, time, cancellationToken);
            await RefreshAsync(cancellationToken);
        }
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var client in _clients.Values) await CloseAsync(client, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RefreshAsync(stoppingToken);
            await Task.WhenAll(router.All.Select(PingAsync));
        }
    }

    /// <summary>A silo answers a ping itself: a slow event does not delay it.</summary>
    private async Task PingAsync(SiloConnection silo)
    {
        var ping = silo.Grains.GetGrain<IJournalGrain>(0).Ping().WaitAsync(apiOptions.Value.AttemptTimeout, time);
        await ((Task)ping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ping.IsCompletedSuccessfully) silo.IsLeaving = await ping;
        silo.IsSilent = ping.Exception?.InnerException is TimeoutException; // a failure of its database is an answer
    }

    private async Task RefreshAsync(CancellationToken stop)
    {
        try
        {
            var living = (await gateways.GetGateways()).Select(gateway => $"{gateway.Host}:{gateway.Port}").ToHashSet();
            var gone = _clients.Where(client => !living.Contains(client.Key.Gateway)).ToList();
            living.ExceptWith(_clients.Keys.Select(silo => silo.Gateway));
            await Task.WhenAll(living.Select(gateway => ConnectAsync(gateway, stop)));
            foreach (var (silo, client) in gone)
            {
                _clients.Remove(silo);
                _ = CloseAsync(client, apiOptions.Value.ResponseTimeout); // calls may be under way
            }
            router.Replace([.. _clients.Keys.OrderBy(silo => silo.Gateway, StringComparer.Ordinal)]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotRefreshed(e);
        }
    }

    private async Task ConnectAsync(string gateway, CancellationToken stop)
    {
        var client = new ServiceCollection().AddSingleton(loggers).AddLogging().AddOrleansClient(orleans =>
        {
            orleans.UseSilo(options.Value, IPEndPoint.Parse(gateway));
            orleans.Configure<ClientMessagingOptions>(to => to.ResponseTimeout = apiOptions.Value.ResponseTimeout);
            if (TelemetryExport.IsExported(configuration)) orleans.AddActivityPropagation();
        }).BuildServiceProvider();
        try
        {
            foreach (var service in client.GetServices<IHostedService>())
                await service.StartAsync(stop).WaitAsync(ConnectMax, time, stop);
            var grains = client.GetRequiredService<IGrainFactory>();
            var batches = apiOptions.Value.CoalescerBatchMax > 1 ? grains.GetGrain<IReserveBatchGrain>(0) : null;
            lock (_clients) _clients.Add(new(gateway, grains, batches), client);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotConnected(e, gateway);
            await client.DisposeAsync();
        }
    }

    private async Task CloseAsync(ServiceProvider client, TimeSpan wait)
    {
        await Task.Delay(wait, time);
        foreach (var service in client.GetServices<IHostedService>()) await service.StopAsync(CancellationToken.None);
        await client.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The list of silos could not be read: the known silos stay in use. Next try in a second")]
    private partial void LogNotRefreshed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo at {Gateway} cannot be reached. Next try in a second")]
    private partial void LogNotConnected(Exception exception, string gateway);
}
