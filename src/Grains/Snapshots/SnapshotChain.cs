using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Snapshots;

/// <summary>
/// The parts of an event's snapshot that can be used. The journal takes precedence: parts that contradict it are
/// deleted and counted.
/// </summary>
/// <remarks>
/// <para>Verified here, before each use: the parts follow one another, by sequence and by digest, from the first entry;
/// the last ends at an entry that the journal has; and the last 1,000 entries up to it, read from the journal, have its
/// digest.</para>
/// <para>Verified when a part is loaded: none of its bytes has changed since it was written.</para>
/// <para>Verified by the operator's reconciliation only, for that reads all of the journal: the digest of all entries.
/// </para>
/// </remarks>
internal static class SnapshotChain
{
    public static async Task<List<SnapshotPart>> ReadAsync(
        IJournalReader journal, ILedgerSnapshots snapshots, string eventId, CancellationToken stop)
    {
        var stored = await snapshots.PartsAsync(eventId).ConfigureAwait(false);
        var chain = SnapshotPart.ChainOf(stored);
        while (chain.Count > 0 && !await AgreesAsync(journal, eventId, chain[^1], stop).ConfigureAwait(false))
            chain.RemoveAt(chain.Count - 1);
        var end = chain.Count == 0 ? 0 : chain[^1].Sequence;
        if (stored.Any(part => part.Sequence > end))
            await RejectAfterAsync(snapshots, eventId, end).ConfigureAwait(false);
        return chain;
    }

    /// <summary>Deletes the parts after a sequence.</summary>
    public static Task RejectAfterAsync(ILedgerSnapshots snapshots, string eventId, long sequence)
    {
        SaleMetrics.SnapshotRejected();
        return snapshots.DeleteAsync(eventId, sequence + 1);
    }

    private static async Task<bool> AgreesAsync(
        IJournalReader journal, string eventId, SnapshotPart part, CancellationToken stop)
    {
        var (sequence, digest) = (part.TailAfter, part.Tail);
        var pages = journal.ReadAsync(eventId, part.TailAfter, part.Sequence, stop);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var entry in page) (sequence, digest) = (entry.Sequence, EntryDigest.After(digest, entry));
        }
        return sequence == part.Sequence && digest == part.End;
    }
}
