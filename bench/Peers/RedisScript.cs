using BoxOffice.Grains;
using StackExchange.Redis;

namespace BoxOffice.Peers;

/// <summary>
/// r1 and r2: Redis decides and stores the sale in one atomic script. All calls share one connection, as the client's
/// authors advise: calls that gather there are one batch to Redis, and one flush of its log.
/// </summary>
internal sealed class RedisScript(IConnectionMultiplexer redis) : IPeer
{
    // The index in the list is the sequence. The client sends the script once, and then its hash (EVALSHA).
    private const string Sell = """
        local remaining = redis.call('HGET', KEYS[1], 'remaining')
        if not remaining then return false end
        if tonumber(remaining) < 1 then return 0 end
        redis.call('HINCRBY', KEYS[1], 'remaining', -1)
        return redis.call('RPUSH', KEYS[2], ARGV[1])
        """;

    private const string Capacity = "capacity";
    private const string Remaining = "remaining";

    private readonly IDatabase _database = redis.GetDatabase();

    public Task OpenAsync(string eventId, int capacity)
    {
        var together = _database.CreateTransaction();
        _ = together.HashSetAsync(EventKey(eventId), [new(Capacity, capacity), new(Remaining, capacity)]);
        _ = together.KeyDeleteAsync(SalesKey(eventId));
        return together.ExecuteAsync();
    }

    public async ValueTask<Sale> ReserveAsync(string eventId, string memberId) =>
        Sale.Of((long?)await _database.ScriptEvaluateAsync(Sell, [EventKey(eventId), SalesKey(eventId)], [memberId]));

    public async Task<EventNumbers?> NumbersAsync(string eventId)
    {
        var numbers = await _database.HashGetAsync(EventKey(eventId), [Capacity, Remaining]);
        if (numbers[0].IsNull) return null;
        var sold = await _database.ListLengthAsync(SalesKey(eventId));
        return new((long)numbers[0], (long)numbers[1], sold, await FlushesBeforeItAnswersAsync());
    }

    private async Task<bool> FlushesBeforeItAnswersAsync()
    {
        var settings = (await redis.GetServers()[0].ConfigGetAsync("append*")).ToDictionary();
        return settings["appendonly"] == "yes" && settings["appendfsync"] == "always";
    }

    private static RedisKey EventKey(string eventId) => "event:" + eventId;

    private static RedisKey SalesKey(string eventId) => "sales:" + eventId;
}

/// <summary>Connects r1 and r2.</summary>
internal static class RedisRegistration
{
    public static async Task AddRedisScriptAsync(this WebApplicationBuilder builder, PeerOptions options)
    {
        var address = options.Redis ?? throw new StartupException("Peers__Redis is not set: host:port.");
        try
        {
            var configuration = ConfigurationOptions.Parse(address);
            configuration.AllowAdmin = true; // to read the durability settings of Redis
            IConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(configuration);
            builder.Services.AddSingleton(_ => redis); // created by the container, which then disposes of it
        }
        catch (Exception e) when (e is RedisConnectionException or ArgumentException)
        {
            throw new StartupException($"Redis at {address} cannot be reached: {e.Message} Check Peers__Redis.", e);
        }
        builder.Services.AddSingleton<IPeer, RedisScript>();
    }
}
