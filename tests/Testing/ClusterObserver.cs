using BoxOffice.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Testing;

/// <summary>An Orleans client that asks the cluster directly, without a front-end.</summary>
public sealed class ClusterObserver : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterObserver(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<ClusterObserver> ConnectAsync(string connectionString, string clusterId = "boxoffice")
    {
        var host = new HostBuilder()
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .UseOrleansClient(client => client.UseCluster(new() { ClusterId = clusterId }, connectionString))
            .Build();
        await host.StartAsync();
        return new(host);
    }

    /// <summary>The silo port of the event's owner; null when it has none.</summary>
    public async Task<int?> OwnerPortOfAsync(string eventId) =>
        (await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(Grains.GetGrain<ITicketEventGrain>(eventId)))
        ?.Endpoint.Port;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
