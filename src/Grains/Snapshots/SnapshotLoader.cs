using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Snapshots;

/// <summary>
/// Loads the parts of a snapshot into a ledger: while one part is applied, the next ones are read and their bytes
/// verified, on another core. An event of 20 million entries has 200 parts and more than a gigabyte.
/// </summary>
/// <param name="eventId">The event.</param>
/// <param name="snapshots">Deletes its damaged parts.</param>
/// <param name="readAsync">Reads the bytes of one part, perhaps in turn with other readers.</param>
internal sealed class SnapshotLoader(
    string eventId, ILedgerSnapshots snapshots, Func<SnapshotPart, Task<byte[]?>> readAsync)
{
    // Two: while one is verified and another is applied, the database already reads the third. Each takes some 6 MB.
    private const int PartsAhead = 2;

    /// <summary>Loads all parts, or those before one that is damaged.</summary>
    /// <param name="ledger">An empty one.</param>
    /// <param name="chain">The parts: see <see cref="SnapshotChain"/>.</param>
    /// <returns>The damaged part, which is deleted with those after it; null when there is none.</returns>
    public async Task<SnapshotPart?> LoadAsync(ReservationLedger ledger, IReadOnlyList<SnapshotPart> chain)
    {
        var read = new Queue<Task<byte[]?>>();
        try
        {
            for (var (i, next) = (0, 0); i < chain.Count; i++)
            {
                while (next < chain.Count && next <= i + PartsAhead) read.Enqueue(ReadWholeAsync(chain[next++]));
                if (await read.Dequeue().ConfigureAwait(false) is { } bytes)
                {
                    ledger.Load(chain[i], bytes, upTo: chain[^1].Sequence);
                    continue;
                }
                await SnapshotChain.RejectAfterAsync(snapshots, eventId, chain[i].After).ConfigureAwait(false);
                return chain[i];
            }
            return null;
        }
        finally
        {
            // Their results are not needed any more, but they use the database's connections until they end.
            foreach (var part in read) await ((Task)part).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The bytes of a part; null when they are gone, or one of them has changed.</summary>
    private async Task<byte[]?> ReadWholeAsync(SnapshotPart part)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var bytes = await readAsync(part).ConfigureAwait(false);
        return bytes is not null && PartReader.IsWhole(eventId, part, bytes) ? bytes : null;
    }
}
