using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Measure.Comparison;

/// <summary>A peer of bench/Peers, with its own store.</summary>
internal sealed class PeerContestant : Contestant
{
    private const string ReadyLine = "is open at ";

    private readonly HttpClient _http;
    private readonly ProgramProcess _program;
    private readonly PostgresServer? _postgres;
    private readonly NpgsqlDataSource? _database;
    private readonly RedisServer? _redis;

    private PeerContestant(
        string name,
        ProgramProcess program,
        Uri url,
        PostgresServer? postgres,
        NpgsqlDataSource? database,
        RedisServer? redis)
        : base(name)
    {
        (_program, Url, _postgres, _database, _redis) = (program, url, postgres, database, redis);
        _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };
        if (database is not null) Log = new(database);
    }

    public override Uri Url { get; }

    public override bool HasStore => StoreId is not null;

    public override WriteAheadLog? Log { get; }

    public override IReadOnlyList<ProcessGroup> Processes =>
        [
            new("front-end", [_program.Id]),
            .. StoreId is { } id ? [new ProcessGroup("store", [id])] : Array.Empty<ProcessGroup>(),
        ];

    private int? StoreId => _postgres?.Id ?? _redis?.Id;

    /// <summary>Starts a peer without a store.</summary>
    public static Task<PeerContestant> StartAsync(string name, string peer) =>
        StartAsync(name, peer, [], null, null, null);

    /// <summary>Starts a peer on PostgreSQL with this number of connections.</summary>
    public static async Task<PeerContestant> StartOnPostgresAsync(string name, string peer, int poolSize)
    {
        var postgres = await UsedPostgres.StartAsync();
        var connectionString = await postgres.CreateDatabaseAsync();
        return await StartAsync(name, peer, new()
        {
            ["ConnectionStrings__peers"] = connectionString,
            ["Peers__PoolSize"] = poolSize.ToString(CultureInfo.InvariantCulture),
        }, postgres, NpgsqlDataSource.Create(connectionString), null);
    }

    /// <summary>
    /// Starts a peer on Redis, which logs every change and flushes its log as configured.
    /// </summary>
    public static async Task<PeerContestant> StartOnRedisAsync(string name, string peer, string flush)
    {
        var redis = await RedisServer.StartNewAsync($"appendfsync={flush}");
        return await StartAsync(name, peer, new() { ["Peers__Redis"] = redis.Address }, null, null, redis);
    }

    public override async Task OpenAsync(string eventId, int capacity)
    {
        var path = new Uri($"/bench/events/{eventId}?capacity={capacity}", UriKind.Relative);
        using var answer = await _http.PutAsync(path, null);
        answer.EnsureSuccessStatusCode();
    }

    public override async Task<long> SoldAsync(string eventId) =>
        (await _http.GetFromJsonAsync<JsonElement>($"/bench/events/{eventId}")).GetProperty("sold").GetInt64();

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task<PeerContestant> StartAsync(
        string name,
        string peer,
        Dictionary<string, string> settings,
        PostgresServer? postgres,
        NpgsqlDataSource? database,
        RedisServer? redis)
    {
        var program = ProgramProcess.Start(
            "Peers", new Dictionary<string, string>(settings) { ["BoxOffice__TokenKey"] = BoxOfficeHost.TokenKey },
            "--peer", peer, "--urls", "http://127.0.0.1:0");
        var line = await program.LineAsync(ReadyLine);
        var url = new Uri(line[(line.IndexOf(ReadyLine, StringComparison.Ordinal) + ReadyLine.Length)..].Trim());
        var contestant = new PeerContestant(name, program, url, postgres, database, redis);
        var issue = new Uri($"/bench/tokens?count={Members}", UriKind.Relative);
        using var tokens = await contestant._http.PostAsync(issue, null);
        await File.WriteAllTextAsync(
            contestant.TokensFile, await tokens.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return contestant;
    }
}
