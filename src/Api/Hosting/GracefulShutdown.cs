using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// Stops without failing requests. A stopping front-end reports that it is not ready, goes on answering until load
/// balancers have seen that, closes each connection with its next answer, and only then stops listening; requests under
/// way are finished.
/// </summary>
internal sealed class GracefulShutdown(
    IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, TimeProvider time,
    EmbeddedStore? store = null) : IHostedLifecycleService
{
    private static readonly TimeSpan InACluster = TimeSpan.FromSeconds(5);

    /// <summary>True once this process has been asked to stop.</summary>
    public bool HasBegun => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>
    /// Asks the client to reconnect; the load balancer sends the new connection to another front-end.
    /// </summary>
    public Task EndConnectionAsync(HttpContext context, RequestDelegate next)
    {
        if (HasBegun) context.Response.Headers.Connection = "close";
        return next(context);
    }

    // The host calls this before any service stops.
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.Delay(options.Value.DrainDelay ?? (store is null ? InACluster : TimeSpan.Zero), time, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
