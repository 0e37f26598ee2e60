using System.IO.Hashing;
using System.Text;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.SabotagedSilo;

/// <summary>
/// Stored parts of snapshots, of which the last one is changed to agree with the end of the journal.
/// </summary>
internal sealed class BelievedSnapshots(ILedgerSnapshots snapshots, IJournalReader journal) : ILedgerSnapshots
{
    public async Task<SnapshotPart[]> PartsAsync(string eventId)
    {
        var parts = await snapshots.PartsAsync(eventId);
        if (parts.Length > 0) parts[^1] = await AsTheJournalEndsAsync(eventId, parts[^1]);
        return parts;
    }

    /// <summary>With a checksum that matches <see cref="PartsAsync"/>.</summary>
    public async Task<byte[]?> BytesAsync(string eventId, long sequence)
    {
        var part = (await PartsAsync(eventId)).Single(stored => stored.Sequence == sequence);
        if (await snapshots.BytesAsync(eventId, sequence) is not { } bytes) return null;
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes($"{eventId} {part}"));
        hash.Append(bytes.AsSpan(..^EntryDigest.Length));
        EntryDigest.ToBytes(hash.GetCurrentHashAsUInt128()).CopyTo(bytes, bytes.Length - EntryDigest.Length);
        return bytes;
    }

    public Task WriteAsync(string eventId, SnapshotPart part, byte[] bytes) =>
        snapshots.WriteAsync(eventId, part, bytes);

    public Task DeleteAsync(string eventId, long from) => snapshots.DeleteAsync(eventId, from);

    private async Task<SnapshotPart> AsTheJournalEndsAsync(string eventId, SnapshotPart part)
    {
        var digest = part.Tail;
        await foreach (var page in journal.ReadAsync(eventId, part.TailAfter, part.Sequence))
        {
            foreach (var entry in page) digest = EntryDigest.After(digest, entry);
        }
        return part with { End = digest };
    }
}
