using BoxOffice.Api.Endpoints;
using BoxOffice.Api.Routing;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Schema;
using Orleans.Dashboard;

namespace BoxOffice.Api.Startup;

/// <summary>The cluster form: a front-end that is a client of silos.</summary>
internal static class ClusterRegistration
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Adds a client of the cluster in the database of the connection string.</summary>
    public static async Task AddClusterAsync(this WebApplicationBuilder builder, string connectionString)
    {
        var options = StartupConfiguration.ReadBoxOffice(builder.Configuration);
        connectionString = PostgresConnections.Complete(connectionString);
        builder.AddTokenKeys(kept: null);
        var warnings = builder.AddStartupWarnings();
        builder.AddLoadTestMode(warnings, store: null);
        var (clock, _) = await StartupConfiguration.PrepareDatabaseAsync(
            connectionString, options, isSilo: false, warnings, DatabasePatience, TimeProvider.System);
        builder.Services.AddBoxOffice(options, connectionString, clock);
        builder.AddTelemetry(options);
        builder.UseOrleansClient(client =>
        {
            client.UseCluster(options, connectionString).UseConnectionRetryFilter(WaitForSilo(options));
            if (options.Dashboard) client.AddDashboard(DashboardEndpoints.HideLogs);
        });
        builder.Services.AddSingleton(new Router());
        builder.Services.AddHostedService<SiloConnections>();
    }

    /// <summary>Connects again until a silo answers: silos may start after their front-ends.</summary>
    private static Func<Exception, CancellationToken, Task<bool>> WaitForSilo(BoxOfficeOptions options)
    {
        var isWritten = false;
        return async (_, stop) =>
        {
            if (!isWritten)
            {
                Console.WriteLine($"No silo of the cluster {options.ClusterId} answers: waiting for one. "
                    + "Start a silo, or check BoxOffice__ClusterId.");
            }
            isWritten = true;
            await Task.Delay(ConnectAgainAfter, stop);
            return true;
        };
    }
}
