using System.Data.Common;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using Orleans.Concurrency;

namespace BoxOffice.Grains.Events;

/// <summary>Reads the journal for the front-ends, on any silo that they reach.</summary>
[StatelessWorker, Reentrant, GrainType("journal")]
public sealed class JournalGrain(
    EventStorages storages,
    IEventIndex index,
    IJournalHealth health,
    SiloShutdown shutdown,
    KnownHeads known,
    TimeProvider time) : Grain, IJournalGrain
{
    private const int CountMax = 10_000;

    // Reads of one worker, of which a silo has as many as cores. Over six connections and at 10 ms each, the last of
    // two workers' reads waits 0.9 s. After a second the front-end would ask again, which adds load.
    private const int ReadsMax = 256;

    private int _reads;

    /// <inheritdoc/>
    public Task<string[]> Events(string after, int countMax) =>
        ReadAsync(() => index.EventsAsync(after, Math.Clamp(countMax, 1, CountMax)));

    /// <inheritdoc/>
    public Task<string[]> EventsOf(string memberId, int countMax) =>
        ReadAsync(() => index.EventsOfAsync(memberId, Math.Clamp(countMax, 1, CountMax)));

    /// <inheritdoc/>
    public Task<JournalEntry[]> Entries(string eventId, long after, int countMax) => ReadAsync(async () =>
    {
        var entries = new List<JournalEntry>();
        var upTo = Math.Min(after, long.MaxValue - CountMax) + Math.Clamp(countMax, 1, CountMax);
        await foreach (var page in JournalOf(eventId).ReadAsync(eventId, after, upTo)) entries.AddRange(page);
        return entries.ToArray();
    });

    /// <inheritdoc/>
    public Task<ExportedReservation[]> Export(string eventId, long after, int countMax) => ReadAsync(async () =>
    {
        var ledger = new ReservationLedger();
        try
        {
            await foreach (var page in JournalOf(eventId).ReadAsync(eventId))
            {
                foreach (var entry in page) ledger.Replay(entry);
            }
        }
        catch (LedgerBrokenException)
        {
            // The export ends where the journal can no longer be replayed.
        }
        return ledger.Export(after, Math.Clamp(countMax, 1, CountMax), ledger.LastDecidedAt);
    });

    /// <inheritdoc/>
    public Task<Reconciliation?> Reconcile(string eventId) => ReadAsync(() => ReconcileAsync(eventId));

    /// <inheritdoc/>
    public Task ForgetEnd(string eventId)
    {
        known.Forget(eventId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> Ping() => TryAsync(async () =>
    {
        await health.PingAsync();
        return shutdown.HasBegun;
    });

    private IEventJournal JournalOf(string eventId) => storages.Of(eventId).Journal;

    private async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        if (_reads >= ReadsMax) throw new BusyException("Too many read the journal.");
        _reads++;
        try
        {
            return await TryAsync(read);
        }
        finally
        {
            _reads--;
        }
    }

    /// <summary>A database that cannot be read may recover: the call fails as "not applied", not as a defect.</summary>
    private static async Task<T> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is DbException or IOException or TimeoutException)
        {
            throw new NotAppliedException($"The journal cannot be read: {e.Message}");
        }
    }

    private async Task<Reconciliation?> ReconcileAsync(string eventId)
    {
        var storage = storages.Of(eventId);
        var reconciler = new Reconciler(storage.Counts, storage.Snapshots, eventId, time);
        EventStatus? owner;
        try
        {
            owner = await GrainFactory.TicketEvent(eventId).Status();
        }
        catch (EventBrokenException)
        {
            return await reconciler.RunBrokenAsync();
        }
        return owner is null ? null : await reconciler.RunAsync(owner);
    }
}
