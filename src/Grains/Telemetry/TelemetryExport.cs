using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BoxOffice.Grains.Telemetry;

/// <summary>
/// OpenTelemetry, on silos and front-ends. Off unless somebody wants it: metrics, traces and logs go to where the standard
/// variables <c>OTEL_EXPORTER_OTLP_…</c> point, and metrics can be scraped where that is set.
/// </summary>
public static class TelemetryExport
{
    // Of each instrument. Ours have at most some forty, one for each code; memory for as many as are allowed is taken at the
    // start, and OpenTelemetry's own 2,000 would be 9 MB for each way out that metrics have.
    private const int SeriesMax = 100;

    // The specification's names: OpenTelemetry Protocol Exporter, and General SDK Configuration.
    private static readonly string[] Endpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    // Ours; and those of the framework that a sale depends on.
    private static readonly string[] Meters =
        [SaleMetrics.MeterName, "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Server.Kestrel"];

    private static readonly string[] Sources = [Tracing.SourceName, "Microsoft.Orleans.Application", "Npgsql"];

    /// <summary>True when metrics, traces and logs are sent somewhere.</summary>
    public static bool IsExported(IConfiguration configuration) =>
        Endpoints.Any(name => configuration[name] is { Length: > 0 }) && configuration["OTEL_SDK_DISABLED"] is not "true";

    /// <summary>True when OTEL_TRACES_SAMPLER says which traces are kept; else front-ends begin them, and everybody goes on with those.</summary>
    public static bool HasSampler(IConfiguration configuration) => configuration["OTEL_TRACES_SAMPLER"] is { Length: > 0 };

    /// <summary>Adds what is wanted. Nothing listens to a meter or a trace otherwise, and measuring costs next to nothing.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="configuration">With the environment's variables.</param>
    /// <param name="serviceName">Unless OTEL_SERVICE_NAME says otherwise.</param>
    /// <param name="scrape">Lets the metrics be scraped; null when nobody may.</param>
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
        if (configuration["OTEL_SERVICE_NAME"] is null) telemetry.ConfigureResource(resource => resource.AddService(serviceName));
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

    /// <summary>Of what belongs to no trace, the requests that a front-end chose; not what silos do for themselves.</summary>
    private sealed class RequestsOnly : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Name == Tracing.RequestName ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }
}
