using System.Net;
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
using BoxOffice.Grains;
using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Schema;
using BoxOffice.Grains.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace BoxOffice.Api.Startup;

/// <summary>What a front-end is made of.</summary>
internal static class ApiRegistration
{
    private const string DefaultUrl = "http://localhost:8080";
    private const int ListenBacklog = 65_535; // the kernel takes the smaller of this and somaxconn

    // Longer than draining and the requests under way together, at their defaults; then whatever is left is cut off.
    private static readonly TimeSpan ShutdownMax = TimeSpan.FromSeconds(30);

    private const int BodyLengthMax = 64 * 1024; // the largest body is a few hundred bytes

    /// <summary>A silo in this process, with its store in a folder.</summary>
    public static void AddEmbedded(this WebApplicationBuilder builder)
    {
        var options = StartupConfiguration.ReadBoxOffice(builder.Configuration);
        var warnings = builder.AddStartupWarnings();
        Ports.RequireFreeForSilo(options);
        var store = EmbeddedStore.Open(options.DataDirectory);
        if (store.AheadOf(MachineClock.Read().UtcNow) is { } ahead)
        {
            warnings.Add($"The journal ends {ahead} after the time of this machine's clock: the clock went back while the program was down, or was ahead "
                + "before. Holds live as long as promised from now on, and those from before may end late. Look which of the two was wrong; health "
                + "tells clockAheadSeconds until the clock has caught up.");
        }
        builder.Services.AddBoxOffice(options);
        builder.Services.AddSingleton(_ => store); // made by the container, so that it is given back in the end
        builder.Services.AddHostedService(_ => store);
        builder.AddTelemetry(options);
        builder.UseOrleans(silo =>
        {
            silo.UseEmbedded(options);
            if (TelemetryExport.IsExported(builder.Configuration)) silo.AddActivityPropagation();
            if (options.Dashboard) silo.AddDashboard(DashboardEndpoints.HideLogs);
        });
        builder.Services.AddSingleton(services => new Router(
            new SiloConnection("", services.GetRequiredService<IGrainFactory>())));
        builder.AddTokenKeys(store.TokenKey);
    }

    /// <summary>A client of the cluster that the connection string names.</summary>
    public static async Task AddClusterAsync(this WebApplicationBuilder builder, string connectionString)
    {
        var options = StartupConfiguration.ReadBoxOffice(builder.Configuration);
        connectionString = PostgresConnections.Complete(connectionString);
        builder.AddTokenKeys(kept: null);
        var warnings = builder.AddStartupWarnings();
        var (clock, _) = await StartupConfiguration.PrepareDatabaseAsync(
            connectionString, options, isSilo: false, warnings, patience: TimeSpan.FromSeconds(30), TimeProvider.System);
        builder.Services.AddBoxOffice(options, connectionString, clock);
        builder.AddTelemetry(options);
        builder.UseOrleansClient(client =>
        {
            var isTold = false;
            client.UseCluster(options, connectionString).UseConnectionRetryFilter(async (_, stop) =>
            {
                if (!isTold)
                    Console.WriteLine($"No silo of the cluster {options.ClusterId} answers: waiting for one. Start a silo, or check BoxOffice__ClusterId.");
                isTold = true;
                await Task.Delay(TimeSpan.FromSeconds(1), stop); // silos may start after their front-ends
                return true;
            });
            if (options.Dashboard) client.AddDashboard(DashboardEndpoints.HideLogs);
        });
        builder.Services.AddSingleton(new Router());
        builder.Services.AddHostedService<SiloConnections>();
    }

    /// <summary>The front-end itself, the same in both forms.</summary>
    public static void AddApi(this WebApplicationBuilder builder)
    {
        var options = builder.AddHttpPipeline();
        if (TrustedProxies.Parse(options.TrustedProxies) is { } forwarded) builder.Services.AddSingleton(forwarded);
        builder.Services.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        builder.Services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);

        builder.Services.AddSingleton<SoldOutLatches>();
        builder.Services.AddSingleton<BatchSender>();
        builder.Services.AddSingleton<ReserveCoalescer>();
        builder.Services.AddSingleton<RetryPolicy>();
        builder.Services.AddSingleton<Broadcasts>();
        builder.Services.AddSingleton<EventPages>();
        builder.Services.AddSingleton<ApiMetrics>();
        builder.Services.AddSingleton<ReserveTallies>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReserveTallies>());
        builder.Services.AddSingleton<ReserveTiming.Clock>();
        builder.Services.AddSingleton<IProblemObserver, ProblemObserver>();
        builder.Services.AddSingleton<DateHeader>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<GracefulShutdown>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GracefulShutdown>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownMax);
        builder.Services.AddSingleton<OperatorAccount>();
        builder.Services.AddHostedService<FirstRunSetup>();
        builder.Services.AddSingleton<RateLimitMiddleware>();
        CrowdUrl.Parse(options.RehearsalUrl); // wrong, it is said now and not when somebody rehearses
        builder.Services.AddSingleton<CrowdUrl>();
        builder.Services.AddSingleton<RehearsalRunner>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RehearsalRunner>());
        builder.Services.AddOpenApiDocument();
        builder.Services.AddCompressedStreams();
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, RehearsalJson.Default));
    }

    /// <summary>
    /// Where it listens, whom it believes and how it writes, without anything to sell: <c>bench/Peers</c> stands behind the
    /// same door. Token keys are added apart.
    /// </summary>
    public static ApiOptions AddHttpPipeline(this WebApplicationBuilder builder)
    {
        var options = StartupConfiguration.Read<ApiOptions>(builder.Configuration, BoxOfficeOptions.Section);
        builder.Services.AddSingleton(Options.Create(options));
        builder.AddListener(options);
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        builder.Services.AddIdentity();
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        return options;
    }

    /// <summary>What every request passes, in order.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<ReserveTiming.Clock>().StartAsync);
        if (TelemetryExport.IsExported(app.Configuration)) app.Use(new RequestSpan(!TelemetryExport.HasSampler(app.Configuration)).PassAsync);
        app.Use(app.Services.GetRequiredService<DateHeader>().WriteAsync);
        // Everything below should see the buyer's address, not the balancer's.
        if (app.Services.GetService<ForwardedHeadersOptions>() is { } forwarded) app.UseForwardedHeaders(forwarded);
        app.Use(app.Services.GetRequiredService<GracefulShutdown>().EndConnectionAsync);
        app.UseHttpPipeline();
        app.Use(app.Services.GetRequiredService<RateLimitMiddleware>().PassAsync);
        app.UseCompressedStreams();
        app.ObserveQueues();
    }

    private static void ObserveQueues(this WebApplication app)
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

    /// <summary>What every request passes at the door: trouble becomes a problem, and the token is checked.</summary>
    public static void UseHttpPipeline(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(async page =>
            await Problems.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext));
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>The keys of tokens: those that are set, or else the one that was kept.</summary>
    public static void AddTokenKeys(this WebApplicationBuilder builder, string? kept)
    {
        var options = StartupConfiguration.Read<ApiOptions>(builder.Configuration, BoxOfficeOptions.Section);
        var key = options.TokenKey ?? kept
            ?? throw new StartupException("BoxOffice__TokenKey is not set: all front-ends of a cluster need the same key.");
        Require(key, nameof(options.TokenKey));
        if (options.TokenKeyPrevious is { } previous) Require(previous, nameof(options.TokenKeyPrevious));
        builder.Services.AddSingleton(new TokenKeys(key, options.TokenKeyPrevious));

        static void Require(string key, string name)
        {
            if (System.Text.Encoding.UTF8.GetByteCount(key) < TokenKeys.BytesMin)
                throw new StartupException($"BoxOffice__{name} must have at least {TokenKeys.BytesMin} bytes.");
        }
    }

    /// <summary>What is said in the log, and how much of it.</summary>
    private static StartupWarnings AddStartupWarnings(this WebApplicationBuilder builder)
    {
        builder.Services.AddLogThrottling();
        var warnings = new StartupWarnings();
        SettingNames.Check(builder.Configuration, warnings);
        builder.Services.AddStartupWarnings(warnings);
        return warnings;
    }

    private static void AddTelemetry(this WebApplicationBuilder builder, BoxOfficeOptions options) => builder.Services.AddTelemetry(
        builder.Configuration, "boxoffice-api", options.Metrics ? metrics => metrics.AddPrometheusExporter() : null);

    private static void AddListener(this WebApplicationBuilder builder, ApiOptions options)
    {
        var configuration = builder.Configuration;
        var isConfigured = configuration["urls"] is { Length: > 0 } || configuration["http_ports"] is { Length: > 0 }
            || configuration["https_ports"] is { Length: > 0 } || configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!isConfigured) builder.WebHost.UseUrls(DefaultUrl);
        var urls = isConfigured ? configuration["urls"] ?? "" : DefaultUrl;
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries)) RequireFree(url);
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = ListenBacklog);
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory, ReusePortListenerFactory>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLengthMax;
            kestrel.Limits.KeepAliveTimeout = options.KeepAlive;
            kestrel.Limits.MaxConcurrentConnections = KernelLimits.Connections();
        });
    }

    private static void RequireFree(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException e)
        {
            throw new StartupException($"'{url}' is not an address to listen on. Set ASPNETCORE_URLS or --urls.", e);
        }
        if (address.IsUnixPipe) return;
        var ip = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host, out var given) ? given : IPAddress.Any;
        Ports.RequireFree(ip, address.Port, "ASPNETCORE_URLS or --urls");
    }
}
