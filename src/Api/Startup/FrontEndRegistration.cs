using BoxOffice.Api.Audit;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Endpoints;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Live;
using BoxOffice.Api.RateLimiting;
using BoxOffice.Api.Rehearsal;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Telemetry;
using BoxOffice.Api.Timing;
using BoxOffice.Grains.Telemetry;
using Orleans.Configuration;

namespace BoxOffice.Api.Startup;

/// <summary>The front-end itself, the same in both forms.</summary>
internal static class FrontEndRegistration
{
    // Longer than draining and the requests under way together, at their defaults; then the rest is cut off.
    private static readonly TimeSpan ShutdownMax = TimeSpan.FromSeconds(30);

    /// <summary>Adds the front-end's services.</summary>
    public static void AddApi(this WebApplicationBuilder builder)
    {
        var options = builder.AddHttpPipeline();
        var services = builder.Services;
        if (TrustedProxies.Parse(options.TrustedProxies) is { } forwarded) services.AddSingleton(forwarded);
        services.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        services.AddReserving();
        services.AddSingleton<Broadcasts>();
        services.AddSingleton<EventStatuses>();
        services.AddSingleton<EventPages>();
        services.AddSingleton<DateHeader>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<GracefulShutdown>();
        services.AddHostedService(provider => provider.GetRequiredService<GracefulShutdown>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownMax);
        services.AddSingleton<OperatorAccount>();
        services.AddHostedService<FirstRunSetup>();
        services.AddSingleton<Sessions>();
        services.AddHostedService<RevocationPoll>();
        services.AddOperatorAudit();
        services.AddSingleton<RateLimitMiddleware>();
        services.AddSingleton<AddressLimits>();
        services.AddSingleton<StreamLimits>();
        services.AddRehearsals(options);
        services.AddOpenApiDocument();
        services.AddCompressedStreams();
    }

    /// <summary>Adds what every request passes, in order.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseDefaultHeaders();
        app.UseRequestForm();
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<ReserveTiming.Clock>().StartAsync);
        if (TelemetryExport.IsExported(app.Configuration))
            app.Use(new RequestSpan(!TelemetryExport.HasSampler(app.Configuration)).PassAsync);
        app.Use(app.Services.GetRequiredService<DateHeader>().WriteAsync);
        // Everything below sees the buyer's address, not the load balancer's.
        if (app.Services.GetService<ForwardedHeadersOptions>() is { } forwarded) app.UseForwardedHeaders(forwarded);
        app.Use(app.Services.GetRequiredService<GracefulShutdown>().EndConnectionAsync);
        app.UseHttpPipeline();
        app.UseReadableBodies();
        app.Use(app.Services.GetRequiredService<RateLimitMiddleware>().PassAsync);
        app.UseCompressedStreams();
        app.ObserveQueues();
    }

    /// <summary>From the endpoint to the event, with the times of each part.</summary>
    private static void AddReserving(this IServiceCollection services)
    {
        services.AddSingleton<SoldOutLatches>();
        services.AddSingleton<BatchSender>();
        services.AddSingleton<ReserveCoalescer>();
        services.AddSingleton<RetryPolicy>();
        services.AddSingleton<ApiMetrics>();
        services.AddSingleton<ReserveTallies>();
        services.AddHostedService(provider => provider.GetRequiredService<ReserveTallies>());
        services.AddSingleton<ReserveTiming.Clock>();
        services.AddSingleton<IProblemObserver, ProblemObserver>();
    }

    private static void AddRehearsals(this IServiceCollection services, ApiOptions options)
    {
        CrowdUrl.Parse(options.RehearsalUrl); // a wrong address ends the start, not the first rehearsal
        services.AddSingleton<CrowdUrl>();
        services.AddSingleton<RehearsalCheck>();
        services.AddSingleton<RehearsalRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<RehearsalRunner>());
        services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, RehearsalJson.Default));
    }
}
