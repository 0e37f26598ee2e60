using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BoxOffice.Grains.Hosting;

/// <summary>Starts the hosts of both programs.</summary>
public static class HostStart
{
    // A partly started silo may be joining a cluster whose database is unreachable.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    /// <summary>Starts the host. False when it was stopped before it had started, which is no failure.</summary>
    public static async Task<bool> TryStartAsync(this IHost host)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync(CancellationToken.None);
            return true;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            try
            {
                await host.StopAsync(StopMax);
            }
            catch (Exception)
            {
                // It has not sold anything, and the process ends now.
            }
            return false;
        }
    }
}
