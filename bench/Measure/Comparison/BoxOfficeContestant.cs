using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Measure.Comparison;

/// <summary>BoxOffice, in one of its forms.</summary>
internal sealed class BoxOfficeContestant : Contestant
{
    private const int OpenedAtOnce = 64;

    // As users have it, for the tests' is cheap; and nobody's password is remembered, so that every login costs its hashing.
    private static readonly (string Key, string Value)[] Passwords = [("PasswordIterations", "210000"), ("PasswordsRememberedMax", "0")];

    private readonly IAsyncDisposable _host;
    private readonly PostgresServer? _postgres;
    private readonly NpgsqlDataSource? _journal;

    private BoxOfficeContestant(string name, IAsyncDisposable host, Uri url, IReadOnlyList<ProcessGroup> processes, PostgresServer? postgres, string? connectionString)
        : base(name)
    {
        (_host, Url, Processes, _postgres) = (host, url, processes, postgres);
        if (connectionString is null) return;
        _journal = NpgsqlDataSource.Create(connectionString);
        Log = new(_journal);
    }

    public override Uri Url { get; }

    public override IReadOnlyList<ProcessGroup> Processes { get; }

    public override WriteAheadLog? Log { get; }

    /// <summary>Whoever opens the events.</summary>
    public Client Boss { get; private set; } = null!;

    public static async Task<BoxOfficeContestant> StartEmbeddedAsync(string name)
    {
        var host = await BoxOfficeHost.StartEmbeddedAsync(Passwords);
        return await GatherAsync(new(name, host, host.Url, [new("front-end", [host.Api.Id])], null, null));
    }

    /// <summary>One silo and one front-end on PostgreSQL.</summary>
    public static async Task<BoxOfficeContestant> StartClusterAsync(string name, params (string Key, string Value)[] settings)
    {
        var postgres = await UsedPostgres.StartAsync();
        var connectionString = await postgres.CreateDatabaseAsync();
        var host = await BoxOfficeHost.StartClusterAsync(connectionString, [.. Passwords, .. settings]);
        return await GatherAsync(new(name, host, host.Url,
            [new("front-end", [host.Api.Id]), new("silo", [host.Silo!.Id]), new("store", [postgres.Id])], postgres, connectionString));
    }

    /// <summary>More silos, and one front-end.</summary>
    public static async Task<BoxOfficeContestant> StartSilosAsync(string name, int silos)
    {
        var postgres = await UsedPostgres.StartAsync();
        var connectionString = await postgres.CreateDatabaseAsync();
        var cluster = await BoxOfficeCluster.StartAsync(connectionString, new(silos, FrontEnds: 1));
        return await GatherAsync(new(name, cluster, cluster.Urls[0],
            [new("front-end", [.. cluster.FrontEnds.Select(one => one.Process.Id)]),
                new("silo", [.. cluster.Silos.Select(one => one.Process.Id)]), new("store", [postgres.Id])], postgres, connectionString));
    }

    public override async Task OpenAsync(string eventId, int capacity)
    {
        var reply = await Boss.PostAsync("/admin/events", new { id = eventId, name = eventId, capacity, maxPerMember = capacity });
        if (reply.Code is not null) throw new InvalidOperationException($"{eventId} was not opened: {reply}");
    }

    /// <summary>Opens events whose ids are the name and a number from 1.</summary>
    public Task OpenManyAsync(string name, int count, int capacity) => Parallel.ForEachAsync(
        Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce },
        async (number, _) => await OpenAsync($"{name}{number}", capacity));

    public override async Task<long> SoldAsync(string eventId)
    {
        if (_journal is not null) return await AskAsync<long>("SELECT COALESCE(sum(quantity), 0) FROM reservation_journal WHERE kind = 2 AND event_id = $1", eventId);
        var truth = (await Boss.GetAsync($"/admin/events/{eventId}/reconcile")).Data;
        return truth.GetProperty("confirmed").GetInt64() + truth.GetProperty("held").GetInt64();
    }

    /// <summary>The same, of all events whose ids begin with a name. Needs a database.</summary>
    public Task<long> SoldOfManyAsync(string name) =>
        AskAsync<long>("SELECT COALESCE(sum(quantity), 0) FROM reservation_journal WHERE kind = 2 AND event_id LIKE $1", $"{name}%");

    /// <summary>Rows that one INSERT made share its transaction: xmin.</summary>
    public override async Task<double?> BatchAsync(string eventId) => _journal is null ? null : await AskAsync<double>(
        "SELECT COALESCE(count(*)::float8 / NULLIF(count(DISTINCT xmin::text), 0), 0) FROM reservation_journal WHERE kind = 2 AND event_id = $1", eventId);

    public override async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        if (_journal is not null) await _journal.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task<BoxOfficeContestant> GatherAsync(BoxOfficeContestant one)
    {
        one.Boss = await Client.OperatorAsync(one.Url);
        await File.WriteAllLinesAsync(one.TokensFile, (await one.Boss.MembersAsync("member", Members)).Select(member => member.Token!));
        return one;
    }

    private async Task<T> AskAsync<T>(string sql, string eventId)
    {
        await using var command = _journal!.CreateCommand(sql);
        command.Parameters.Add(new() { Value = eventId });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
