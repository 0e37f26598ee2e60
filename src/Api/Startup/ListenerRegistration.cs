using System.Net;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.RateLimiting;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BoxOffice.Api.Startup;

/// <summary>Where a front-end listens, and the limits of its connections.</summary>
internal static class ListenerRegistration
{
    private const string DefaultUrl = "http://localhost:8080";
    private const int ListenBacklog = 65_535; // the kernel takes the smaller of this and somaxconn
    private const int BodyLengthMax = 64 * 1024; // the largest body is a few hundred bytes

    /// <summary>Adds the listener, at the configured addresses or at <see cref="DefaultUrl"/>.</summary>
    public static void AddListener(this WebApplicationBuilder builder, ApiOptions options)
    {
        var configuration = builder.Configuration;
        var isConfigured = configuration["urls"] is { Length: > 0 }
            || configuration["http_ports"] is { Length: > 0 }
            || configuration["https_ports"] is { Length: > 0 }
            || configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!isConfigured) builder.WebHost.UseUrls(DefaultUrl);
        var urls = isConfigured ? configuration["urls"] ?? "" : DefaultUrl;
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries)) RequireFree(url);
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = ListenBacklog);
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory, ReusePortListenerFactory>());
        builder.Services.AddSingleton<ConnectionLimits>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLengthMax;
            kestrel.Limits.KeepAliveTimeout = options.KeepAlive;
            kestrel.Limits.MaxConcurrentConnections = KernelLimits.Connections();
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(
                next => connection =>
                    endpoint.ApplicationServices.GetRequiredService<ConnectionLimits>().PassAsync(connection, next)));
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
        var ip = address.Host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(address.Host, out var given) ? given
            : IPAddress.Any;
        Ports.RequireFree(ip, address.Port, "ASPNETCORE_URLS or --urls");
    }
}
