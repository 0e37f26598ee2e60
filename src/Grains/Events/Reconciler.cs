using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Snapshots;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Compares the owner's numbers of one event with its journal, within the time that a caller waits. Of an event that is
/// too large for that, not all entries are read: its snapshot represents those that it covers, and as many of its parts
/// as there is time for, others each time, are rebuilt from their entries and compared. The answer says how much was
/// read.
/// </summary>
internal sealed class Reconciler(IJournalCounts journal, ILedgerSnapshots snapshots, string eventId, TimeProvider time)
{
    /// <summary>
    /// Entries that are all read and counted in SQL: some seconds of work, and a caller waits for a minute.
    /// </summary>
    public const long WholeMax = 2_000_000;

    /// <summary>
    /// No page or part is begun after this. What was begun, and a count of an index, have the rest of the minute.
    /// </summary>
    public static readonly TimeSpan ReadingMax = TimeSpan.FromSeconds(20);

    private readonly long _begunAt = time.GetTimestamp();

    private bool IsInTime => time.GetElapsedTime(_begunAt) < ReadingMax;

    /// <summary>Compares all at the owner's last sequence.</summary>
    public async Task<Reconciliation> RunAsync(EventStatus owner, long wholeMax = WholeMax)
    {
        var isWhole = owner.HeadSequence <= wholeMax;
        var snapshot = isWhole ? [] : await ChainAsync(owner.HeadSequence);
        var (ledger, isSound) = await LoadAsync(snapshot);
        var covered = ledger.HeadSequence;
        var (broken, read) = await ReplayAsync(ledger, owner.HeadSequence, isWhole);
        var (drift, compared) = await CompareAsync(snapshot, covered);
        var count = await CountAsync(owner.HeadSequence, ledger, isWhole);
        // Numbers at another sequence cannot be compared.
        var isSameHead = ledger.HeadSequence == owner.HeadSequence;
        drift += (isSound ? 0 : 1) + broken + DriftOf(ledger, count)
            + (isSameHead || broken > 0 ? DriftOf(owner, ledger) : 0);
        return new(
            owner.Terms.Capacity, owner.Available, owner.Held, owner.Confirmed, count.Reservations, count.Members,
            drift,
            Gaps: owner.HeadSequence - count.DistinctSequences,
            Duplicates: count.Entries - count.DistinctSequences + count.DuplicateKeys,
            owner.HeadSequence,
            Unread: owner.HeadSequence - read - compared);
    }

    /// <summary>A broken event has no owner: what can be replayed is compared with a count of all rows.</summary>
    public async Task<Reconciliation> RunBrokenAsync()
    {
        var head = (await journal.HeadAsync(eventId)).Sequence;
        var ledger = new ReservationLedger();
        var (broken, read) = await ReplayAsync(ledger, long.MaxValue, isWhole: head <= WholeMax);
        var count = await CountAsync(long.MaxValue, ledger, isWhole: head <= WholeMax);
        return new(
            ledger.Terms?.Capacity ?? 0, ledger.Available, ledger.Held, ledger.Confirmed,
            count.Reservations, count.Members,
            Drift: DriftOf(ledger, count) + broken,
            Gaps: count.HeadSequence - count.DistinctSequences,
            Duplicates: count.Entries - count.DistinctSequences + count.DuplicateKeys,
            count.HeadSequence,
            Unread: broken > 0 ? 0 : Math.Max(0, count.HeadSequence - read));
    }

    /// <summary>
    /// Replays what follows, and rebuilds a small event's snapshot from it. Returns 1 when an entry could not follow
    /// the one before, which ends the replay, or when the snapshot differs from the entries.
    /// </summary>
    private async Task<(int Broken, long Read)> ReplayAsync(ReservationLedger ledger, long upTo, bool isWhole)
    {
        var from = ledger.HeadSequence;
        var audit = isWhole ? await SnapshotAudit.BeginAsync(journal, snapshots, eventId) : null;
        try
        {
            await foreach (var page in journal.ReadAsync(eventId, from, upTo))
            {
                foreach (var entry in page)
                {
                    ledger.Replay(entry);
                    audit?.Add(entry);
                }
                if (!isWhole && !IsInTime) break;
            }
            return (audit is null ? 0 : await audit.EndAsync(), ledger.HeadSequence - from);
        }
        catch (LedgerBrokenException)
        {
            return (1, ledger.HeadSequence - from);
        }
    }

    private async Task<List<SnapshotPart>> ChainAsync(long upTo)
    {
        var chain = await SnapshotChain.ReadAsync(journal, snapshots, eventId, CancellationToken.None);
        chain.RemoveAll(part => part.Sequence > upTo); // taken since the owner answered
        return chain;
    }

    /// <summary>
    /// The ledger as far as the snapshot goes; false when a part of it is damaged, or contradicts the journal.
    /// </summary>
    private async Task<(ReservationLedger Ledger, bool IsSound)> LoadAsync(List<SnapshotPart> chain)
    {
        var ledger = new ReservationLedger();
        try
        {
            var loader = new SnapshotLoader(
                eventId, snapshots, part => snapshots.BytesAsync(eventId, part.Sequence));
            return (ledger, await loader.LoadAsync(ledger, chain) is null);
        }
        catch (InvalidDataException)
        {
            await SnapshotChain.RejectAfterAsync(snapshots, eventId, 0);
            return (new(), false);
        }
    }

    /// <summary>
    /// Rebuilds parts, in random order, while there is time. A part that differs is drift, and is deleted with those
    /// after it.
    /// </summary>
    private async Task<(long Drift, long Compared)> CompareAsync(List<SnapshotPart> chain, long covered)
    {
        var parts = chain.Where(part => part.Sequence <= covered).ToArray();
        Random.Shared.Shuffle(parts);
        var compared = 0L;
        foreach (var part in parts)
        {
            if (!IsInTime) break;
            if (!await SnapshotAudit.IsAsJournalSaysAsync(journal, snapshots, eventId, part))
            {
                await SnapshotChain.RejectAfterAsync(snapshots, eventId, part.After);
                return (1, compared);
            }
            compared += part.Sequence - part.After;
        }
        return (0, compared);
    }

    /// <summary>
    /// Of a large event the database counts the sequences only, by an index; the reservations are the replay's.
    /// </summary>
    private async Task<JournalCount> CountAsync(long upTo, ReservationLedger ledger, bool isWhole)
    {
        if (isWhole) return await journal.CountAsync(eventId, upTo);
        var (entries, head) = await journal.CountSequencesAsync(eventId, upTo);
        return new(
            entries, Math.Min(entries, head), head,
            ledger.Held, ledger.Confirmed, ledger.ReservationCount, ledger.MemberCount, DuplicateKeys: 0);
    }

    private static long DriftOf(EventStatus owner, ReservationLedger replay) =>
        Difference(owner.Terms.Capacity, replay.Terms?.Capacity ?? 0)
        + Difference(owner.Available, replay.Available)
        + Difference(owner.Held, replay.Held)
        + Difference(owner.Confirmed, replay.Confirmed);

    private static long DriftOf(ReservationLedger replay, in JournalCount count) =>
        Difference(replay.Held, count.Held)
        + Difference(replay.Confirmed, count.Confirmed)
        + Difference(replay.ReservationCount, count.Reservations)
        + Difference(replay.MemberCount, count.Members);

    private static long Difference(long a, long b) => Math.Abs(a - b);
}
