using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BoxOffice.Grains.Telemetry;

/// <summary>
/// OpenTelemetry, on silos and front-ends. Off by default: the standard variables <c>OTEL_EXPORTER_OTLP_…</c> export
/// metrics, traces and logs, and a setting lets metrics be scraped.
/// </summary>
public static class TelemetryExport
{
    // Of each instrument. Ours have at most some forty, one for each code; memory for the limit is allocated at the
    // start, and OpenTelemetry's default of 2,000 would be 9 MB for each exporter.
    private const int SeriesMax = 100;

    // The specification's names: OpenTelemetry Protocol Exporter, and General SDK Configuration.
    private static readonly string[] Endpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    // Ours, and those of the framework that a sale depends on.
    private static readonly string[] Meters =
        [SaleMetrics.MeterName, "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Server.Kestrel"];

    private static readonly string[] Sources = [Tracing.SourceName, "Microsoft.Orleans.Application", "Npgsql"];

    /// <summary>True when metrics, traces and logs are exported.</summary>
    public static bool IsExported(IConfiguration configuration) =>
        Endpoints.Any(name => configuration[name] is { Length: > 0 })
            && configuration["OTEL_SDK_DISABLED"] is not "true";

    /// <summary>
    /// True when OTEL_TRACES_SAMPLER decides which traces are kept; else front-ends start traces, and other processes
    /// continue them.
    /// </summary>
    public static bool HasSampler(IConfiguration configuration) =>
        configuration["OTEL_TRACES_SAMPLER"] is { Length: > 0 };

    /// <summary>Adds what is configured. Without a listener, meters and traces cost next to nothing.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="configuration">With the environment's variables.</param>
    /// <param name="serviceName">The default; OTEL_SERVICE_NAME overrides it.</param>
    /// <param name="scrape">Lets the metrics be scraped; null to prevent it.</param>
    public static void AddTelemetry(
        this IServiceCollection services, IConfiguration configuration, string serviceName,
        Action<MeterProviderBuilder>? scrape)
    {
        var isExported = IsExported(configuration);
        if (!isExported && scrape is null) return;
        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters);
            metrics.AddView("*", new MetricStreamConfiguration { CardinalityLimit = SeriesMax });
            scrape?.Invoke(metrics);
        });
        if (configuration["OTEL_SERVICE_NAME"] is null)
            telemetry.ConfigureResource(resource => resource.AddService(serviceName));
        if (!isExported) return;
        telemetry
            .WithTracing(traces =>
            {
                traces.AddSource(Sources);
                if (!HasSampler(configuration)) traces.SetSampler(new ParentBasedSampler(new RequestsOnly()));
            })
            .WithLogging()
            .UseOtlpExporter();
    }

    /// <summary>Root spans: only the requests that a front-end chose; not the internal work of silos.</summary>
    private sealed class RequestsOnly : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Name == Tracing.RequestName
                ? SamplingDecision.RecordAndSample
                : SamplingDecision.Drop);
    }
}
