using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Stored parts of snapshots, which shorten an activation. They may be deleted at any time: the journal has all that
/// they contain, and is then replayed instead.
/// </summary>
public interface ILedgerSnapshots
{
    /// <summary>The parts of one event that are stored, without their bytes.</summary>
    Task<SnapshotPart[]> PartsAsync(string eventId);

    /// <summary>The bytes of one part; null when it is gone.</summary>
    Task<byte[]?> BytesAsync(string eventId, long sequence);

    /// <summary>Stores a part, in place of one that ends at the same sequence.</summary>
    Task WriteAsync(string eventId, SnapshotPart part, byte[] bytes);

    /// <summary>Deletes the parts of one event that end at or after a sequence.</summary>
    Task DeleteAsync(string eventId, long from);
}
