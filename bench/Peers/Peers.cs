using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;

namespace BoxOffice.Peers;

/// <summary>All peers by name. Each has a file.</summary>
internal static class Peers
{
    /// <summary>The peer that <c>--peer</c> names, with its store ready.</summary>
    /// <exception cref="StartupException">There is no such peer, or it lacks a setting or its store.</exception>
    public static Task AddPeerAsync(this WebApplicationBuilder builder)
    {
        var options = StartupConfiguration.Read<PeerOptions>(builder.Configuration, PeerOptions.Section);
        builder.Services.AddSingleton(TimeProvider.System);
        return NameOf(builder.Configuration) switch
        {
            "e0" => builder.AddPeerAsync<EmptyEndpoint>(),
            "e1" => builder.AddPeerAsync<MemoryCounter>(),
            "p1" => builder.AddTablesAndPeerAsync<ConditionalUpdate>(options),
            "p2" => builder.AddTablesAndPeerAsync<LockedRow>(options),
            "r1" or "r2" => builder.AddRedisScriptAsync(options), // one code; Redis is configured otherwise
            "o1" => builder.AddStoredGrainAsync(options),
            "" => throw new StartupException("--peer is not set: e0, e1, p1, p2, r1, r2 or o1."),
            var unknown =>
                throw new StartupException($"There is no peer named {unknown}: e0, e1, p1, p2, r1, r2 or o1."),
        };
    }

    /// <summary>Prints the address as the last line of the start.</summary>
    public static void SayWhenOpen(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
        Console.WriteLine($"BoxOffice peer {NameOf(app.Configuration)} is open at {string.Join(" and ", app.Urls)}"));

    private static string NameOf(IConfiguration configuration) => configuration["peer"] ?? "";

    private static Task AddPeerAsync<TPeer>(this WebApplicationBuilder builder) where TPeer : class, IPeer
    {
        builder.Services.AddSingleton<IPeer, TPeer>();
        return Task.CompletedTask;
    }

    private static async Task AddTablesAndPeerAsync<TPeer>(this WebApplicationBuilder builder, PeerOptions options)
        where TPeer : class, IPeer
    {
        var database = await PeerDatabase.OpenAsync(builder.Configuration, options);
        await SaleTables.CreateAsync(database);
        builder.Services.AddSingleton(_ => database); // created by the container, which then disposes of it
        await builder.AddPeerAsync<TPeer>();
    }
}
