using System.Globalization;
using System.Net;
using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// One night: events that are on sale, a crowd that wants them, trouble, and the reckoning. What it chooses follows from its
/// seed; how the processes race does not.
/// </summary>
internal sealed class Night : IAsyncDisposable
{
    private const int Plenty = 1_000_000;

    /// <summary>Scarce ones with and without holds, and plenty, so that something is sold whenever it can be.</summary>
    private static readonly (string Name, int Capacity, int MaxPerMember, int HoldSeconds)[] Programme =
    [
        ("gala", 200, 4, 2), ("premiere", 60, 2, 0), ("stalls", 300, 4, 600),
        ("matinee-1", Plenty, Plenty, 0), ("matinee-2", Plenty, Plenty, 0), ("matinee-3", Plenty, Plenty, 0),
        ("late-1", Plenty, Plenty, 3), ("late-2", Plenty, Plenty, 3),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // BoxOfficeOptions.HeadTrustedFor, and time to answer.
    private static readonly TimeSpan OwnerNotices = TimeSpan.FromSeconds(1.5);

    private readonly Random _random;
    private readonly string _name;
    private readonly List<string> _opened = [];
    private Client _boss = null!;
    private TimeSpan? _forgetsUntil;
    private bool _isReckoned;

    private Night(Theatre theatre, int seed)
    {
        (Theatre, Seed, _random, _name) = (theatre, seed, new(seed), theatre.NextName());
        EventIds = [.. Programme.Select(one => $"{_name}-{one.Name}")];
    }

    /// <summary><c>BOXOFFICE_SEED</c>, or the same every time.</summary>
    public static int FirstSeed { get; } =
        int.Parse(Environment.GetEnvironmentVariable("BOXOFFICE_SEED") ?? "20261122", CultureInfo.InvariantCulture);

    public Theatre Theatre { get; }

    public BoxOfficeCluster Cluster => Theatre.Cluster;

    public int Seed { get; }

    public IReadOnlyList<string> EventIds { get; }

    /// <summary>Null before it comes.</summary>
    public Workload Crowd { get; private set; } = null!;

    public History History => Crowd.History;

    private IEnumerable<string> EventsWithPlenty => EventIds.Where((_, i) => Programme[i].Capacity == Plenty);

    /// <summary>
    /// Plays a night: the crowd comes, trouble is made, all is mended, everybody is served and goes home, and every promise
    /// must have been kept. When anything goes wrong, the evidence is kept and the failure says where.
    /// </summary>
    /// <param name="theatre">Where.</param>
    /// <param name="trouble">What happens. It throws when it had no effect.</param>
    /// <param name="seed">Of all choices.</param>
    /// <param name="frontEnds">Whom the crowd calls, when not just the theatre's own.</param>
    public static async Task<Verdict> PlayAsync(
        Theatre theatre, Func<Night, Task> trouble, int? seed = null, Func<IReadOnlyList<Uri>>? frontEnds = null)
    {
        await theatre.MendAsync();
        await using var night = new Night(theatre, seed ?? FirstSeed);
        try
        {
            await night.OpenAsync(frontEnds ?? (() => theatre.Cluster.Urls));
            await night.Crowd.DecidedAsync(500, Patience);
            await trouble(night);
            return await night.ReckonAsync();
        }
        catch (Exception e)
        {
            var (folder, found) = await night.KeepEvidenceAsync();
            throw new InvalidOperationException($"BOXOFFICE_SEED={night.Seed}, evidence in {folder}: {e.Message}\n{found}", e);
        }
    }

    /// <summary>A number below a bound, decided by the seed.</summary>
    public int Next(int bound)
    {
        lock (_random) return _random.Next(bound);
    }

    /// <summary>A silo that owns an event of which there is plenty, and the event.</summary>
    public async Task<(SiloProcess Silo, string EventId)> VictimAsync()
    {
        List<KeyValuePair<string, int>> owned = [];
        await Wait.UntilAsync("an event has an owner", async () =>
        {
            owned = [.. (await OwnersAsync()).Where(one => one.Value >= 0 && Cluster.Silos[one.Value].IsRunning)];
            return owned.Count > 0;
        }, Patience);
        var (eventId, owner) = owned[Next(owned.Count)];
        return (Cluster.Silos[owner], eventId);
    }

    /// <summary>Which silo owns each event of which there is plenty; nothing while nobody can tell.</summary>
    public async Task<IReadOnlyDictionary<string, int>> OwnersAsync()
    {
        try
        {
            return await Cluster.OwnersOfAsync(EventsWithPlenty).WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception)
        {
            return new Dictionary<string, int>(); // the cluster is changing, or its database is away
        }
    }

    /// <summary>Returns when another silo owns the event.</summary>
    public Task HasOwnerOtherThanAsync(SiloProcess silo, string eventId) => Wait.UntilAsync(
        $"{eventId} has an owner other than the silo at port {silo.SiloPort}",
        async () => (await OwnersAsync()).TryGetValue(eventId, out var owner) && owner >= 0 && Cluster.Silos[owner] != silo,
        Patience);

    /// <summary>Returns when somebody got a ticket who asked for it from now on.</summary>
    public Task SellsAsync(string eventId)
    {
        var since = History.Now;
        return WasToldAsync($"{eventId} is sold", one =>
            one is { IsOk: true, Call.Verb: Verb.Reserve } && one.InvokedAt > since && one.Call.EventId == eventId);
    }

    /// <summary>Returns when each event of which there is plenty has sold from now on.</summary>
    public Task AllSellAsync() => Task.WhenAll(EventsWithPlenty.Select(SellsAsync));

    /// <summary>Returns when somebody was told this.</summary>
    public Task WasToldAsync(string what, Func<Operation, bool> isIt) =>
        Wait.UntilAsync(what, () => Task.FromResult(History.Operations.Any(isIt)), Patience);

    /// <summary>
    /// The database lost what it had confirmed. What was told until now, and for the time that an owner may take to notice,
    /// is not held against the journal.
    /// </summary>
    public void Forgets() => _forgetsUntil = History.Now + OwnerNotices;

    /// <summary>Opens an event that the crowd does not know, and that is audited with the others.</summary>
    public async Task<string> OpenEventAsync(string name, int capacity = Plenty, int maxPerMember = Plenty, int holdSeconds = 0)
    {
        var eventId = $"{_name}-{name}";
        var opened = await _boss.PostAsync("/admin/events", new { id = eventId, name, capacity, maxPerMember, holdSeconds });
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        lock (_opened) _opened.Add(eventId);
        return eventId;
    }

    public async ValueTask DisposeAsync()
    {
        if (Crowd is not null) await Crowd.DisposeAsync();
    }

    private async Task OpenAsync(Func<IReadOnlyList<Uri>> frontEnds)
    {
        _boss = await Client.OperatorAsync(Cluster.Urls[0]);
        foreach (var (name, capacity, maxPerMember, holdSeconds) in Programme) await OpenEventAsync(name, capacity, maxPerMember, holdSeconds);
        Crowd = Workload.Start(frontEnds, Theatre.Buyers, new() { Seed = Seed, EventIds = EventIds, Visitors = 32 });
    }

    private async Task<Verdict> ReckonAsync()
    {
        await Theatre.MendAsync();
        await AllSellAsync();
        await Crowd.StopAsync();

        var verdict = await AuditAsync();
        _isReckoned = true;
        verdict.ThrowIfBroken();
        Assert.True(verdict.Counts.Ok > 500, $"hardly anything was sold: {verdict}");
        var boss = await Client.OperatorAsync(Cluster.Urls[0]);
        foreach (var eventId in _opened)
        {
            var truth = (await boss.GetAsync($"/admin/events/{eventId}/reconcile")).Data;
            Assert.Equal((0, 0, 0), (Number("drift"), Number("gaps"), Number("duplicates")));

            int Number(string name) => truth.GetProperty(name).GetInt32();
        }
        return verdict;
    }

    private async Task<Verdict> AuditAsync() => Audit.Check(History, await JournalsAsync(),
        new() { ForgetsUntil = _forgetsUntil, ClockTolerance = Theatre.ClockTolerance });

    private async Task<StoredJournal[]> JournalsAsync() =>
        await Task.WhenAll(_opened.Select(eventId => StoredJournal.ReadAsync(Theatre.Database + ";Pooling=false", eventId)));

    private async Task<(string Folder, string Found)> KeepEvidenceAsync()
    {
        var folder = Directory.CreateTempSubdirectory("boxoffice-night-").FullName;
        foreach (var silo in Cluster.Silos) await File.WriteAllTextAsync(Path.Combine(folder, $"silo-{silo.SiloPort}.log"), silo.Output);
        foreach (var frontEnd in Cluster.FrontEnds)
            await File.WriteAllTextAsync(Path.Combine(folder, $"front-end-{frontEnd.Url.Port}.log"), frontEnd.Output);
        if (!Theatre.Postgres.IsRunning) await Theatre.Postgres.StartAsync();
        if (Crowd is not null)
        {
            await Crowd.LeaveAsync(); // or the journals are older than what was told
            History.Save(Path.Combine(folder, "history.ndjson"));
        }
        foreach (var journal in await JournalsAsync()) journal.Save(Path.Combine(folder, $"{journal.EventId}.ndjson"));
        return (folder, Crowd is null || _isReckoned ? "" : $"Of what was told so far: {await AuditAsync()}");
    }
}
