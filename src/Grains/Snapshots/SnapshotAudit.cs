using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Snapshots;

/// <summary>
/// Makes every stored part of a snapshot anew, from all entries of the journal, and compares them byte by byte: what
/// <see cref="SnapshotChain"/> has no time for. A part that differs is drift, and is deleted with those after it.
/// </summary>
internal sealed class SnapshotAudit(ILedgerSnapshots snapshots, string eventId, IReadOnlyList<SnapshotPart> chain)
{
    private readonly List<(SnapshotPart Part, UInt128 Checksum)> _made = [];
    private PartWriter? _writer;

    /// <summary>Begins with the parts that an activation would use.</summary>
    public static async Task<SnapshotAudit> BeginAsync(IJournalReader journal, ILedgerSnapshots snapshots, string eventId) =>
        new(snapshots, eventId, await SnapshotChain.ReadAsync(journal, snapshots, eventId, CancellationToken.None));

    /// <summary>Takes the next entry of the journal, from the first to the last.</summary>
    public void Add(in JournalEntry entry)
    {
        if (_made.Count == chain.Count) return;
        var next = chain[_made.Count];
        _writer ??= new(eventId, next.After, _made.Count == 0 ? next.Start : _made[^1].Part.End, (int)(next.Sequence - next.After));
        _writer.Add(entry);
        if (!_writer.IsFull) return;
        var (part, bytes) = _writer.Write();
        _made.Add((part, EntryDigest.FromBytes(bytes.AsSpan(^EntryDigest.Length..))));
        _writer = null;
    }

    /// <summary>1 when a part is not what the journal says; it is deleted, and those after it.</summary>
    public async Task<int> EndAsync()
    {
        for (var i = 0; i < _made.Count; i++)
        {
            if (await IsAsMadeAsync(i)) continue;
            await SnapshotChain.RejectAfterAsync(snapshots, eventId, chain[i].After);
            return 1;
        }
        return 0;
    }

    /// <summary>Makes one part anew from its entries alone: they follow those of the part before, as the digest says that it begins with.</summary>
    public static async Task<bool> IsAsJournalSaysAsync(IJournalReader journal, ILedgerSnapshots snapshots, string eventId, SnapshotPart part)
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
        return audit._made.Count == 1 && await audit.IsAsMadeAsync(0);
    }

    private async Task<bool> IsAsMadeAsync(int i)
    {
        var (part, checksum) = _made[i];
        if (part != chain[i]) return false;
        // It may have been deleted meanwhile: then it misleads nobody.
        return await snapshots.BytesAsync(eventId, part.Sequence) is not { } bytes
            || (PartReader.IsWhole(eventId, part, bytes) && EntryDigest.FromBytes(bytes.AsSpan(^EntryDigest.Length..)) == checksum);
    }
}
