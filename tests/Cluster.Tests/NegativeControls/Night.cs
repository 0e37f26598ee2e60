using BoxOffice.Testing;
using BoxOffice.Testing.Faults;
using Npgsql;

namespace BoxOffice.Cluster.Tests.NegativeControls;

/// <summary>
/// What the nights of the negative controls have in common: an event, its history, and the audit in the end.
/// </summary>
internal sealed class Night(string database, RecordingClient client, History history) : IDisposable
{
    public const string Gala = "gala";

    public RecordingClient Client => client;

    public History History => history;

    public static Night Begin(string database)
    {
        var history = new History();
        return new(database, new(history), history);
    }

    /// <summary>Starts one silo and one front-end, with all mechanisms or without one.</summary>
    /// <param name="silos">The silo's connection string.</param>
    /// <param name="without">The mechanism that is removed; null for the real silo.</param>
    /// <param name="shape">Other settings of the cluster.</param>
    public static Task<BoxOfficeCluster> StartAsync(string silos, string? without, ClusterShape? shape = null)
    {
        var settings = new Dictionary<string, string>
        {
            ["MemberCallsPerSecond"] = "0", // no rate limit: a night has few members with many calls
            ["ResponseTimeout"] = "00:00:05", // shorter than 10 s: some answers never come
        };
        foreach (var (key, value) in shape?.Settings ?? new Dictionary<string, string>()) settings[key] = value;
        if (without is not null) settings["TestWithout"] = without;
        return BoxOfficeCluster.StartAsync(silos, (shape ?? new()) with
        {
            Silos = 1,
            FrontEnds = 1,
            SiloProgram = without is null ? "Silo" : "SabotagedSilo",
            Settings = settings,
        });
    }

    /// <summary>Puts the gala on sale, and returns its buyers.</summary>
    public static async Task<Buyer[]> OpenAsync(Uri frontEnd, int capacity, int buyers)
    {
        var admin = await Testing.Client.OperatorAsync(frontEnd);
        await admin.PostAsync("/admin/events", new { id = Gala, name = "Gala", capacity, maxPerMember = capacity });
        return await Buyer.IssueAsync(admin, "member", buyers);
    }

    /// <summary>Returns when the event has an owner, which has read the journal.</summary>
    public Task HasOwnerAsync(Uri frontEnd) =>
        Wait.UntilAsync("the event has an owner", async () => (await client.StatusAsync(frontEnd, Gala)).IsOk);

    /// <summary>Returns when a call from now on has got an answer, also a refusal.</summary>
    public Task IsAnsweredAsync()
    {
        var since = history.Now;
        return Wait.UntilAsync("a call is answered", () =>
            Task.FromResult(
                history.Operations.Any(operation => operation.InvokedAt > since && operation.Answer?.Http > 0)));
    }

    /// <summary>Returns when this number of entries is stored, read without product code.</summary>
    public Task StoredAsync(int entries) =>
        Wait.UntilAsync($"{entries} entries are stored", async () => await StoredCountAsync() >= entries);

    public async Task<int> StoredCountAsync() => (await StoredJournal.ReadAsync(database, Gala)).Entries.Count;

    /// <summary>Returns when a ticket was sold: there is an owner, and it reaches the database.</summary>
    public Task SellsAsync(Uri frontEnd, Buyer buyer)
    {
        var key = $"after-{history.Count}";
        return Wait.UntilAsync("a ticket is sold", async () =>
            (await client.ReserveAsync(frontEnd, buyer, Gala, key)).IsOk);
    }

    /// <summary>Reserves a ticket for each buyer, concurrently.</summary>
    public Task<Operation[]> ReserveAsync(Uri frontEnd, IEnumerable<Buyer> buyers, string? key = null) =>
        Task.WhenAll(buyers.Select(buyer => client.ReserveAsync(frontEnd, buyer, Gala, key)));

    /// <summary>Deletes the last entry directly in the database. Fails when it has another kind.</summary>
    public async Task LoseLastAsync(StoredKind kind)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var delete = source.CreateCommand("""
            DELETE FROM reservation_journal WHERE kind = $2 AND (event_id, seq) IN (
              SELECT event_id, seq FROM reservation_journal WHERE event_id = $1 ORDER BY seq DESC LIMIT 1)
            """);
        delete.Parameters.Add(new() { Value = Gala });
        delete.Parameters.Add(new() { Value = (short)kind });
        Assert.Equal(1, await delete.ExecuteNonQueryAsync());
    }

    /// <summary>
    /// Deletes all entries but the event's opening directly in the database, as a restored backup would.
    /// </summary>
    public async Task LoseAllButTheFirstAsync()
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var delete = source.CreateCommand(
            "DELETE FROM reservation_journal WHERE event_id = $1 AND seq > 1");
        delete.Parameters.Add(new() { Value = Gala });
        await delete.ExecuteNonQueryAsync();
    }

    /// <summary>Returns when a part of a snapshot is stored that ends at this sequence.</summary>
    public Task HasSnapshotAsync(long upTo) => Wait.UntilAsync($"there is a snapshot up to {upTo}", async () =>
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var count = source.CreateCommand(
            "SELECT count(*) FROM ledger_snapshot WHERE event_id = $1 AND seq = $2");
        count.Parameters.Add(new() { Value = Gala });
        count.Parameters.Add(new() { Value = upTo });
        return (long)(await count.ExecuteScalarAsync())! == 1;
    });

    public async Task<Verdict> AuditAsync() => Audit.Check(history, await StoredJournal.ReadAsync(database, Gala));

    public void Dispose()
    {
        client.Dispose();
        history.Dispose();
    }
}
