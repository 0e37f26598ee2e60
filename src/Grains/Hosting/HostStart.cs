using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BoxOffice.Grains.Hosting;

/// <summary>How both programs start.</summary>
public static class HostStart
{
    // What had begun may be half way into a cluster whose database is away.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    /// <summary>Starts the host. False when it was told to stop before it had: what had begun is stopped again, and that is no failure.</summary>
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
                // It never sold anything, and the process ends now.
            }
            return false;
        }
    }
}
