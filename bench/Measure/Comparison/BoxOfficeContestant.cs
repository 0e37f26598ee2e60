using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Measure.Comparison;

/// <summary>BoxOffice, in one of its forms.</summary>
internal sealed class BoxOfficeContestant : Contestant
{
    private const int OpenedAtOnce = 64;

    // The production cost of hashing, and no cache of verified passwords, so that every login is hashed.
    private static readonly (string Key, string Value)[] Passwords =
        [("PasswordIterations", "210000"), ("PasswordsRememberedMax", "0")];

    private readonly IAsyncDisposable _host;
    private readonly PostgresServer? _postgres;
    private readonly NpgsqlDataSource? _journal;

    private BoxOfficeContestant(
        string name,
        IAsyncDisposable host,
        Uri url,
        IReadOnlyList<ProcessGroup> processes,
        PostgresServer? postgres = null,
        string? connectionString = null)
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

    /// <summary>The client of an operator.</summary>
    public Client Admin { get; private set; } = null!;

    public static async Task<BoxOfficeContestant> StartEmbeddedAsync(string name)
    {
        var host = await BoxOfficeHost.StartEmbeddedAsync(Passwords);
        return await PrepareAsync(new(name, host, host.Url, [new("front-end", [host.Api.Id])]));
    }

    /// <summary>Starts one silo and one front-end on PostgreSQL.</summary>
    public static async Task<BoxOfficeContestant> StartClusterAsync(
        string name, params (string Key, string Value)[] settings)
    {
        var postgres = await UsedPostgres.StartAsync();
        var connectionString = await postgres.CreateDatabaseAsync();
        var host = await BoxOfficeHost.StartClusterAsync(connectionString, [.. Passwords, .. settings]);
        IReadOnlyList<ProcessGroup> processes =
            [new("front-end", [host.Api.Id]), new("silo", [host.Silo!.Id]), new("store", [postgres.Id])];
        return await PrepareAsync(new(name, host, host.Url, processes, postgres, connectionString));
    }

    /// <summary>Starts several silos and one front-end on PostgreSQL.</summary>
    public static async Task<BoxOfficeContestant> StartSilosAsync(string name, int silos)
    {
        var postgres = await UsedPostgres.StartAsync();
        var connectionString = await postgres.CreateDatabaseAsync();
        var cluster = await BoxOfficeCluster.StartAsync(connectionString, new(silos, FrontEnds: 1));
        IReadOnlyList<ProcessGroup> processes =
        [
            new("front-end", [.. cluster.FrontEnds.Select(frontEnd => frontEnd.Process.Id)]),
            new("silo", [.. cluster.Silos.Select(silo => silo.Process.Id)]),
            new("store", [postgres.Id]),
        ];
        return await PrepareAsync(new(name, cluster, cluster.Urls[0], processes, postgres, connectionString));
    }

    public override async Task OpenAsync(string eventId, int capacity)
    {
        var reply = await Admin.PostAsync(
            "/admin/events", new { id = eventId, name = eventId, capacity, maxPerMember = capacity });
        if (reply.Code is not null) throw new InvalidOperationException($"{eventId} was not opened: {reply}");
    }

    /// <summary>Opens events whose ids are the name and a number from 1.</summary>
    public Task OpenManyAsync(string name, int count, int capacity) => Parallel.ForEachAsync(
        Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce },
        async (number, _) => await OpenAsync($"{name}{number}", capacity));

    public override async Task<long> SoldAsync(string eventId)
    {
        if (_journal is not null)
            return await AskAsync<long>(
                "SELECT COALESCE(sum(quantity), 0) FROM reservation_journal WHERE kind = 2 AND event_id = $1", eventId);
        var truth = (await Admin.GetAsync($"/admin/events/{eventId}/reconcile")).Data;
        return truth.GetProperty("confirmed").GetInt64() + truth.GetProperty("held").GetInt64();
    }

    /// <summary>The number of tickets sold of all events whose ids begin with a name. Needs a database.</summary>
    public Task<long> SoldOfManyAsync(string name) =>
        AskAsync<long>(
            "SELECT COALESCE(sum(quantity), 0) FROM reservation_journal WHERE kind = 2 AND event_id LIKE $1",
            $"{name}%");

    /// <summary>Counts INSERTs by xmin: rows of one INSERT share a transaction.</summary>
    public override async Task<double?> BatchAsync(string eventId) => _journal is null ? null : await AskAsync<double>(
        "SELECT COALESCE(count(*)::float8 / NULLIF(count(DISTINCT xmin::text), 0), 0) "
        + "FROM reservation_journal WHERE kind = 2 AND event_id = $1", eventId);

    public override async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        if (_journal is not null) await _journal.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task<BoxOfficeContestant> PrepareAsync(BoxOfficeContestant contestant)
    {
        contestant.Admin = await Client.OperatorAsync(contestant.Url);
        var members = await contestant.Admin.MembersAsync("member", Members);
        await File.WriteAllLinesAsync(contestant.TokensFile, members.Select(member => member.Token!));
        return contestant;
    }

    private async Task<T> AskAsync<T>(string sql, string eventId)
    {
        await using var command = _journal!.CreateCommand(sql);
        command.Parameters.Add(new() { Value = eventId });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
