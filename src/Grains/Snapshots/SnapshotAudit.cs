using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Snapshots;

/// <summary>
/// Rebuilds stored parts of a snapshot from all entries of the journal, and compares them byte by byte, which takes too
/// long for <see cref="SnapshotChain"/>. A part that differs is drift, and is deleted with those after it.
/// </summary>
internal sealed class SnapshotAudit(ILedgerSnapshots snapshots, string eventId, IReadOnlyList<SnapshotPart> chain)
{
    private readonly List<(SnapshotPart Part, UInt128 Checksum)> _rebuilt = [];
    private PartWriter? _writer;

    /// <summary>Begins with the parts that an activation would use.</summary>
    public static async Task<SnapshotAudit> BeginAsync(
        IJournalReader journal, ILedgerSnapshots snapshots, string eventId) =>
        new(snapshots, eventId, await SnapshotChain.ReadAsync(journal, snapshots, eventId, CancellationToken.None));

    /// <summary>Takes the next entry of the journal, from the first to the last.</summary>
    public void Add(in JournalEntry entry)
    {
        if (_rebuilt.Count == chain.Count) return;
        var next = chain[_rebuilt.Count];
        var start = _rebuilt.Count == 0 ? next.Start : _rebuilt[^1].Part.End;
        _writer ??= new(eventId, next.After, start, (int)(next.Sequence - next.After));
        _writer.Add(entry);
        if (!_writer.IsFull) return;
        var (part, bytes) = _writer.Write();
        _rebuilt.Add((part, ChecksumOf(bytes)));
        _writer = null;
    }

    /// <summary>1 when a part differs from the journal; it is deleted, and those after it.</summary>
    public async Task<int> EndAsync()
    {
        for (var i = 0; i < _rebuilt.Count; i++)
        {
            if (await IsAsRebuiltAsync(i)) continue;
            await SnapshotChain.RejectAfterAsync(snapshots, eventId, chain[i].After);
            return 1;
        }
        return 0;
    }

    /// <summary>
    /// Rebuilds one part from its entries alone. Its start digest shows that they follow those of the part before.
    /// </summary>
    public static async Task<bool> IsAsJournalSaysAsync(
        IJournalReader journal, ILedgerSnapshots snapshots, string eventId, SnapshotPart part)
    {
        var audit = new SnapshotAudit(snapshots, eventId, [part]);
        try
        {
            await foreach (var page in journal.ReadAsync(eventId, part.After, part.Sequence))
            {
                foreach (var entry in page) audit.Add(entry);
            }
        }
        catch (LedgerBrokenException)
        {
            return false;
        }
        return audit._rebuilt.Count == 1 && await audit.IsAsRebuiltAsync(0);
    }

    private async Task<bool> IsAsRebuiltAsync(int i)
    {
        var (part, checksum) = _rebuilt[i];
        if (part != chain[i]) return false;
        // A part that was deleted meanwhile cannot be loaded, so it counts as sound.
        return await snapshots.BytesAsync(eventId, part.Sequence) is not { } bytes
            || (PartReader.IsWhole(eventId, part, bytes) && ChecksumOf(bytes) == checksum);
    }

    private static UInt128 ChecksumOf(byte[] bytes) => EntryDigest.FromBytes(bytes.AsSpan(^EntryDigest.Length..));
}
