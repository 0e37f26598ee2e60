using System.Data.Common;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Snapshots;
using Orleans.Concurrency;

namespace BoxOffice.Grains;

/// <summary>Reads the journal for the front-ends, on whichever silo they reach.</summary>
[StatelessWorker, Reentrant, GrainType("journal")]
public sealed class JournalGrain(IReservationJournal journal, Farewell farewell, KnownHeads known) : Grain, IJournalGrain
{
    private const int CountMax = 10_000;

    // Reads of one worker, of which a silo has as many as cores. Over six connections and at 10 ms each, the last of two workers'
    // waits 0.9 s; whoever waits longer than a second is asked for again by the front-end, on top.
    private const int ReadsMax = 256;

    private int _reads;

    /// <inheritdoc/>
    public Task<string[]> Events(string after, int countMax) => Read(() => journal.EventsAsync(after, Math.Clamp(countMax, 1, CountMax)));

    /// <inheritdoc/>
    public Task<string[]> EventsOf(string memberId, int countMax) =>
        Read(() => journal.EventsOfAsync(memberId, Math.Clamp(countMax, 1, CountMax)));

    /// <inheritdoc/>
    public Task<JournalEntry[]> Entries(string eventId, long after, int countMax) => Read(async () =>
    {
        var entries = new List<JournalEntry>();
        var upTo = Math.Min(after, long.MaxValue - CountMax) + Math.Clamp(countMax, 1, CountMax);
        await foreach (var page in journal.ReadAsync(eventId, after, upTo)) entries.AddRange(page);
        return entries.ToArray();
    });

    /// <inheritdoc/>
    public Task<ExportedReservation[]> Export(string eventId, long after, int countMax) => Read(async () =>
    {
        var (ledger, _) = await Replay(eventId, long.MaxValue);
        return ledger.Export(after, Math.Clamp(countMax, 1, CountMax), ledger.LastDecidedAt);
    });

    /// <inheritdoc/>
    public Task<Reconciliation?> Reconcile(string eventId) => Read(() => ReconcileAsync(eventId));

    /// <inheritdoc/>
    public Task ForgetEnd(string eventId)
    {
        known.Forget(eventId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> Ping() => Try(async () =>
    {
        await journal.PingAsync();
        return farewell.HasBegun;
    });

    private async Task<T> Read<T>(Func<Task<T>> read)
    {
        if (_reads >= ReadsMax) throw new BusyException("Too many read the journal.");
        _reads++;
        try
        {
            return await Try(read);
        }
        finally
        {
            _reads--;
        }
    }

    /// <summary>A database that cannot be read is trouble that may pass, not a defect.</summary>
    private static async Task<T> Try<T>(Func<Task<T>> read)
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
        EventStatus? owner;
        try
        {
            owner = await GrainFactory.TicketEvent(eventId).Status();
        }
        catch (EventBrokenException)
        {
            return await ReconcileBrokenAsync(eventId);
        }
        if (owner is null) return null;
        var (replay, broken) = await Replay(eventId, owner.HeadSequence);
        var count = await journal.CountAsync(eventId, owner.HeadSequence);

        var drift = Difference(owner.Terms.Capacity, replay.Terms?.Capacity ?? 0)
            + Difference(owner.Available, replay.Available)
            + Difference(owner.Held, replay.Held)
            + Difference(owner.Confirmed, replay.Confirmed)
            + Difference(replay.Held, count.Held)
            + Difference(replay.Confirmed, count.Confirmed)
            + Difference(replay.ReservationCount, count.Reservations)
            + Difference(replay.MemberCount, count.Members)
            + broken;
        return new(owner.Terms.Capacity, owner.Available, owner.Held, owner.Confirmed, count.Reservations, count.Members, drift,
            Gaps: owner.HeadSequence - count.DistinctSequences,
            Duplicates: count.Entries - count.DistinctSequences + count.DuplicateKeys,
            owner.HeadSequence);
    }

    /// <summary>Nobody owns a broken event: what can be replayed is held against a count of all rows.</summary>
    private async Task<Reconciliation?> ReconcileBrokenAsync(string eventId)
    {
        var (replay, broken) = await Replay(eventId, long.MaxValue);
        var count = await journal.CountAsync(eventId, long.MaxValue);
        return new(replay.Terms?.Capacity ?? 0, replay.Available, replay.Held, replay.Confirmed, count.Reservations, count.Members,
            Drift: Difference(replay.Held, count.Held) + Difference(replay.Confirmed, count.Confirmed)
                + Difference(replay.ReservationCount, count.Reservations) + broken,
            Gaps: count.HeadSequence - count.DistinctSequences,
            Duplicates: count.Entries - count.DistinctSequences + count.DuplicateKeys,
            count.HeadSequence);
    }

    /// <summary>
    /// Replays up to a sequence; 1 when an entry could not follow the one before, and the replay ends there, or when the event's snapshot
    /// is not what the entries say.
    /// </summary>
    private async Task<(ReservationLedger Ledger, int Broken)> Replay(string eventId, long upTo)
    {
        var (ledger, snapshot) = (new ReservationLedger(), await SnapshotAudit.BeginAsync(journal, eventId));
        try
        {
            await foreach (var page in journal.ReadAsync(eventId, upTo: upTo))
            {
                foreach (var entry in page)
                {
                    ledger.Replay(entry);
                    snapshot.Add(entry);
                }
            }
            return (ledger, await snapshot.EndAsync());
        }
        catch (LedgerBrokenException)
        {
            return (ledger, 1);
        }
    }

    private static long Difference(long a, long b) => Math.Abs(a - b);
}
