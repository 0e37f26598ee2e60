using System.Reflection;
using BoxOffice.Api.Endpoints;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Startup;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using BoxOffice.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace BoxOffice.Api.Tests;

/// <summary>The endpoints that a front-end maps, found without starting one: a new one is among them.</summary>
internal static class MappedEndpoints
{
    public static IReadOnlyList<RouteEndpoint> All()
    {
        var program = Path.GetDirectoryName(typeof(TicketEndpoints).Assembly.Location)!;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = program });
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        var options = new BoxOfficeOptions();
        builder.Services.AddBoxOffice(options);
        builder.Services.AddSingleton(new TokenKeys(BoxOfficeHost.TokenKey));
        builder.Services.AddSingleton(new Router());
        builder.UseOrleansClient(client => client.UseLocalhostClustering().AddDashboard());
        builder.AddTelemetry(options);
        builder.AddLoadTestMode(builder.AddStartupWarnings(), store: null);
        builder.AddApi();
        var app = builder.Build();
        var maps = typeof(TicketEndpoints).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(TicketEndpoints).Namespace)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .Where(method => method.Name.StartsWith("Map", StringComparison.Ordinal)
                && method.GetParameters() is [{ ParameterType: var only }] && only == typeof(IEndpointRouteBuilder));
        foreach (var map in maps) map.Invoke(null, [app]);
        var sources = ((IEndpointRouteBuilder)app).DataSources;
        return [.. sources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()];
    }

    /// <summary>Its methods.</summary>
    public static IReadOnlyList<string> Methods(this RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"];
}
