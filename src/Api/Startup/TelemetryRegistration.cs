using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Live;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Telemetry;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Telemetry;
using OpenTelemetry.Metrics;

namespace BoxOffice.Api.Startup;

/// <summary>Logs, warnings of the start, metrics and traces.</summary>
internal static class TelemetryRegistration
{
    /// <summary>
    /// Limits the rate of log lines, checks the names of settings, and collects warnings for the log.
    /// </summary>
    public static StartupWarnings AddStartupWarnings(this WebApplicationBuilder builder)
    {
        builder.Services.AddLogThrottling();
        var warnings = new StartupWarnings();
        SettingNames.Check(builder.Configuration, warnings);
        builder.Services.AddStartupWarnings(warnings);
        return warnings;
    }

    /// <summary>
    /// Adds whether load tests may make members and tokens: as configured, or else as the embedded store keeps it.
    /// </summary>
    public static void AddLoadTestMode(
        this WebApplicationBuilder builder, StartupWarnings warnings, EmbeddedStore? store)
    {
        var options = StartupConfiguration.Read<ApiOptions>(builder.Configuration, BoxOfficeOptions.Section);
        builder.Services.AddSingleton(
            LoadTestMode.Of(store?.DecideLoadTest(options.LoadTest) ?? options.LoadTest == true, warnings));
    }

    /// <summary>Adds metrics and traces.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, BoxOfficeOptions options) =>
        builder.Services.AddTelemetry(
            builder.Configuration, "boxoffice-api",
            options.Metrics ? metrics => metrics.AddPrometheusExporter() : null);

    /// <summary>Lets the metrics read the lengths of queues.</summary>
    public static void ObserveQueues(this WebApplication app)
    {
        var services = app.Services;
        var coalescer = services.GetRequiredService<ReserveCoalescer>();
        var passwords = services.GetRequiredService<PasswordHashingQueue>();
        var latches = services.GetRequiredService<SoldOutLatches>();
        var broadcasts = services.GetRequiredService<Broadcasts>();
        services.GetRequiredService<ApiMetrics>().Observe(new(
            () => coalescer.Backlog().Count,
            () => coalescer.Backlog().Oldest,
            () => passwords.WaitingCount,
            () => latches.ClosedCount,
            () => broadcasts.ListenerCount,
            () => broadcasts.EventCount));
    }
}
