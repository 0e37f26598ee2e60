using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>The snapshots of rehearsal copies: there are none.</summary>
internal sealed class NoSnapshots : ILedgerSnapshots
{
    /// <inheritdoc/>
    public Task<SnapshotPart[]> PartsAsync(string eventId) => Task.FromResult<SnapshotPart[]>([]);

    /// <inheritdoc/>
    public Task<byte[]?> BytesAsync(string eventId, long sequence) => Task.FromResult<byte[]?>(null);

    /// <inheritdoc/>
    public Task WriteAsync(string eventId, SnapshotPart part, byte[] bytes) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DeleteAsync(string eventId, long from) => Task.CompletedTask;
}
