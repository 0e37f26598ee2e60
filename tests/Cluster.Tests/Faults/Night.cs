using System.Globalization;
using System.Net;
using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// A night: events on sale, a crowd, a fault, and an audit. Its choices follow from its seed; the timing of the
/// processes does not.
/// </summary>
internal sealed class Night : IAsyncDisposable
{
    private const int Plenty = 1_000_000;

    /// <summary>
    /// Events that sell out, with and without holds, and events with plenty, so that a sale is always possible.
    /// </summary>
    private static readonly (string Name, int Capacity, int MaxPerMember, int HoldSeconds)[] Programme =
    [
        ("gala", 200, 4, 2), ("premiere", 60, 2, 0), ("stalls", 300, 4, 600),
        ("matinee-1", Plenty, Plenty, 0), ("matinee-2", Plenty, Plenty, 0), ("matinee-3", Plenty, Plenty, 0),
        ("late-1", Plenty, Plenty, 3), ("late-2", Plenty, Plenty, 3),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // BoxOfficeOptions.HeadTrustedFor, and the time of an answer.
    private static readonly TimeSpan OwnerNoticesWithin = TimeSpan.FromSeconds(1.5);

    private readonly Random _random;
    private readonly string _name;
    private readonly List<string> _opened = [];
    private Client _admin = null!;
    private TimeSpan? _forgetsUntil;
    private bool _isAudited;

    private Night(FaultCluster cluster, int seed)
    {
        (Setup, Seed, _random, _name) = (cluster, seed, new(seed), cluster.NextName());
        EventIds = [.. Programme.Select(sale => $"{_name}-{sale.Name}")];
    }

    /// <summary><c>BOXOFFICE_SEED</c>, else a constant.</summary>
    public static int FirstSeed { get; } =
        int.Parse(Environment.GetEnvironmentVariable("BOXOFFICE_SEED") ?? "20261122", CultureInfo.InvariantCulture);

    public FaultCluster Setup { get; }

    public BoxOfficeCluster Cluster => Setup.Cluster;

    public int Seed { get; }

    public IReadOnlyList<string> EventIds { get; }

    /// <summary>The crowd; null before its start.</summary>
    public Workload Crowd { get; private set; } = null!;

    public History History => Crowd.History;

    private IEnumerable<string> EventsWithPlenty => EventIds.Where((_, i) => Programme[i].Capacity == Plenty);

    /// <summary>
    /// Runs a night: the crowd starts, the fault happens, all is mended, every call gets its answer, the crowd ends,
    /// and the audit must find every promise kept. On a failure the evidence is stored, and the exception names its
    /// folder.
    /// </summary>
    /// <param name="cluster">The cluster of the night.</param>
    /// <param name="fault">The fault. It throws when it had no effect.</param>
    /// <param name="seed">The seed of all choices; null: <see cref="FirstSeed"/>.</param>
    /// <param name="frontEnds">The front-ends that the crowd calls; null: the cluster's.</param>
    public static async Task<Verdict> PlayAsync(
        FaultCluster cluster, Func<Night, Task> fault, int? seed = null, Func<IReadOnlyList<Uri>>? frontEnds = null)
    {
        await cluster.MendAsync();
        await using var night = new Night(cluster, seed ?? FirstSeed);
        try
        {
            await night.OpenAsync(frontEnds ?? (() => cluster.Cluster.Urls));
            await night.Crowd.DecidedAsync(500, Patience);
            await fault(night);
            return await night.EndAsync();
        }
        catch (Exception e)
        {
            var (folder, found) = await night.KeepEvidenceAsync();
            throw new InvalidOperationException(
                $"BOXOFFICE_SEED={night.Seed}, evidence in {folder}: {e.Message}\n{found}", e);
        }
    }

    /// <summary>A random number below a bound, determined by the seed.</summary>
    public int Next(int bound)
    {
        lock (_random) return _random.Next(bound);
    }

    /// <summary>A running silo that owns an event with plenty of tickets, and the event.</summary>
    public async Task<(SiloProcess Silo, string EventId)> VictimAsync()
    {
        List<KeyValuePair<string, int>> owned = [];
        await Wait.UntilAsync("an event has an owner", async () =>
        {
            owned = [.. (await OwnersAsync()).Where(pair => pair.Value >= 0 && Cluster.Silos[pair.Value].IsRunning)];
            return owned.Count > 0;
        }, Patience);
        var (eventId, owner) = owned[Next(owned.Count)];
        return (Cluster.Silos[owner], eventId);
    }

    /// <summary>The owning silo of each event with plenty of tickets; empty while the cluster cannot tell.</summary>
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
        async () =>
            (await OwnersAsync()).TryGetValue(eventId, out var owner) && owner >= 0 && Cluster.Silos[owner] != silo,
        Patience);

    /// <summary>Returns when a reserve call that was sent from now on was accepted.</summary>
    public Task SellsAsync(string eventId)
    {
        var since = History.Now;
        return HasAnsweredAsync($"{eventId} sells", operation =>
            operation is { IsOk: true, Call.Verb: Verb.Reserve }
            && operation.InvokedAt > since
            && operation.Call.EventId == eventId);
    }

    /// <summary>Returns when each event with plenty of tickets has sold from now on.</summary>
    public Task AllSellAsync() => Task.WhenAll(EventsWithPlenty.Select(SellsAsync));

    /// <summary>Returns when the history has an operation that satisfies the condition.</summary>
    public Task HasAnsweredAsync(string what, Func<Operation, bool> isIt) =>
        Wait.UntilAsync(what, () => Task.FromResult(History.Operations.Any(isIt)), Patience);

    /// <summary>
    /// Tells the audit that the database lost confirmed commits: answers until now, and for the time that an owner may
    /// take to notice, prove nothing.
    /// </summary>
    public void Forgets() => _forgetsUntil = History.Now + OwnerNoticesWithin;

    /// <summary>Opens an event that the crowd does not use. It is audited with the others.</summary>
    public async Task<string> OpenEventAsync(
        string name, int capacity = Plenty, int maxPerMember = Plenty, int holdSeconds = 0)
    {
        var eventId = $"{_name}-{name}";
        var opened = await _admin.PostAsync(
            "/admin/events", new { id = eventId, name, capacity, maxPerMember, holdSeconds });
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
        _admin = await Client.OperatorAsync(Cluster.Urls[0]);
        foreach (var (name, capacity, maxPerMember, holdSeconds) in Programme)
            await OpenEventAsync(name, capacity, maxPerMember, holdSeconds);
        Crowd = Workload.Start(frontEnds, Setup.Buyers, new() { Seed = Seed, EventIds = EventIds, Clients = 32 });
    }

    private async Task<Verdict> EndAsync()
    {
        await Setup.MendAsync();
        await AllSellAsync();
        await Crowd.StopAsync();

        var verdict = await AuditAsync();
        _isAudited = true;
        verdict.ThrowIfBroken();
        Assert.True(verdict.Counts.Ok > 500, $"too few calls were accepted: {verdict}");
        var admin = await Client.OperatorAsync(Cluster.Urls[0]);
        foreach (var eventId in _opened)
        {
            var truth = (await admin.GetAsync($"/admin/events/{eventId}/reconcile")).Data;
            Assert.Equal((0, 0, 0), (Number("drift"), Number("gaps"), Number("duplicates")));

            int Number(string name) => truth.GetProperty(name).GetInt32();
        }
        return verdict;
    }

    private async Task<Verdict> AuditAsync() => Audit.Check(History, await JournalsAsync(),
        new() { ForgetsUntil = _forgetsUntil, ClockTolerance = Setup.ClockTolerance });

    private async Task<StoredJournal[]> JournalsAsync() =>
        await Task.WhenAll(
            _opened.Select(eventId => StoredJournal.ReadAsync(Setup.Database + ";Pooling=false", eventId)));

    private async Task<(string Folder, string Found)> KeepEvidenceAsync()
    {
        var folder = Directory.CreateTempSubdirectory("boxoffice-night-").FullName;
        foreach (var silo in Cluster.Silos)
            await File.WriteAllTextAsync(Path.Combine(folder, $"silo-{silo.SiloPort}.log"), silo.Output);
        foreach (var frontEnd in Cluster.FrontEnds)
            await File.WriteAllTextAsync(Path.Combine(folder, $"front-end-{frontEnd.Url.Port}.log"), frontEnd.Output);
        if (!Setup.Postgres.IsRunning) await Setup.Postgres.StartAsync();
        if (Crowd is not null)
        {
            await Crowd.LeaveAsync(); // first: the journals must not be older than the answers
            History.Save(Path.Combine(folder, "history.ndjson"));
        }
        foreach (var journal in await JournalsAsync()) journal.Save(Path.Combine(folder, $"{journal.EventId}.ndjson"));
        return (folder, Crowd is null || _isAudited ? "" : $"The audit of the answers so far: {await AuditAsync()}");
    }
}
