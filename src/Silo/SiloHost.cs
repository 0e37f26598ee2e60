using System.Net;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Schema;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Orleans.Dashboard;

namespace BoxOffice.Silo;

/// <summary>One silo of a cluster, as a process.</summary>
public static class SiloHost
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(30);

    // With a reachable database it takes less than a second.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    /// <summary>Reads the configuration, prepares the database and builds the silo.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="configure">Additions to the silo, after everything else.</param>
    /// <exception cref="StartupException">It cannot start as it is configured.</exception>
    public static async Task<IHost> BuildAsync(string[] args, Action<ISiloBuilder>? configure = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            // appsettings.json is beside the program
            ContentRootPath = AppContext.BaseDirectory,
        });
        var warnings = new StartupWarnings();
        builder.Services.AddLogThrottling();
        var options = StartupConfiguration.ReadBoxOffice(builder.Configuration);
        SettingNames.Check(builder.Configuration, warnings);
        var connectionString = builder.Configuration.GetConnectionString(BoxOfficeOptions.ConnectionStringName)
            ?? throw new StartupException(
                "ConnectionStrings__boxoffice is not set: a silo needs its cluster's PostgreSQL.");
        connectionString = PostgresConnections.Complete(connectionString);
        Ports.RequireFreeForSilo(options);
        if (options.Metrics)
        {
            var address = IPAddress.Parse(options.AdvertisedAddress);
            Ports.RequireFree(address, options.MetricsPort, "BoxOffice__MetricsPort");
        }

        var (clock, generation) = await StartupConfiguration.PrepareDatabaseAsync(
            connectionString, options, isSilo: true, warnings, DatabasePatience, TimeProvider.System);
        builder.Services.AddStartupWarnings(warnings);
        builder.Services.AddBoxOffice(options, connectionString, clock);
        builder.Services.AddTelemetry(builder.Configuration, "boxoffice-silo", options.Metrics
            ? metrics =>
                metrics.AddPrometheusHttpListener(
                    listener => (listener.Host, listener.Port) = (options.AdvertisedAddress, options.MetricsPort))
            : null);
        builder.UseOrleans(silo =>
        {
            if (TelemetryExport.IsExported(builder.Configuration)) silo.AddActivityPropagation();
            silo.UseCluster(options, connectionString, generation);
            if (options.Dashboard) silo.AddDashboard();
            configure?.Invoke(silo);
        });
        return builder.Build();
    }

    /// <summary>Starts the silo, prints that it is ready, and returns when it has stopped.</summary>
    /// <returns>False when it could not leave its cluster in time, and must be ended.</returns>
    public static async Task<bool> RunAsync(IHost host)
    {
        var options = host.Services.GetRequiredService<IOptions<BoxOfficeOptions>>().Value;
        if (!await host.TryStartAsync()) return true;
        Console.WriteLine(
            $"BoxOffice silo is ready: silo port {options.SiloPort}, gateway port {options.GatewayPort}, "
            + $"cluster {options.ClusterId}.");

        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var ended = host.WaitForShutdownAsync(CancellationToken.None);
        await Task.WhenAny(ended, Task.Delay(Timeout.InfiniteTimeSpan, stopping));
        if (await Task.WhenAny(ended, Task.Delay(StopMax)) == ended) return true;
        // Orleans retries to remove the silo from the membership table for minutes. Nothing depends on it: the other
        // silos notice that this one is gone.
        Console.Error.WriteLine(
            $"The silo could not leave its cluster within {StopMax.TotalSeconds} s; perhaps the database is away. "
            + "Nothing that was acknowledged is lost.");
        return false;
    }
}
