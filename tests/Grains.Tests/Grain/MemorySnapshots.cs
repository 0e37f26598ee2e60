using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>Parts of snapshots in memory, which a test can damage.</summary>
internal sealed class MemorySnapshots : ILedgerSnapshots
{
    private readonly Dictionary<(string EventId, long Sequence), (SnapshotPart Part, byte[] Bytes)> _parts = [];

    /// <summary>How often bytes were asked for.</summary>
    public int BytesRead { get; private set; }

    /// <summary>The last sequences of the parts of an event.</summary>
    public long[] Of(string eventId)
    {
        lock (_parts) return [.. _parts.Keys.Where(key => key.EventId == eventId).Select(key => key.Sequence).Order()];
    }

    /// <summary>Changes a stored part.</summary>
    public void Change(
        string eventId, long sequence, Func<SnapshotPart, byte[], (SnapshotPart Part, byte[] Bytes)> change)
    {
        lock (_parts)
        {
            var (part, bytes) = _parts[(eventId, sequence)];
            _parts[(eventId, sequence)] = change(part, bytes);
        }
    }

    public Task<SnapshotPart[]> PartsAsync(string eventId)
    {
        lock (_parts)
        {
            var stored = _parts.Where(part => part.Key.EventId == eventId);
            return Task.FromResult(stored.Select(part => part.Value.Part).ToArray());
        }
    }

    public Task<byte[]?> BytesAsync(string eventId, long sequence)
    {
        lock (_parts)
        {
            BytesRead++;
            return Task.FromResult(_parts.TryGetValue((eventId, sequence), out var stored) ? stored.Bytes : null);
        }
    }

    public Task WriteAsync(string eventId, SnapshotPart part, byte[] bytes)
    {
        lock (_parts) _parts[(eventId, part.Sequence)] = (part, bytes);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string eventId, long from)
    {
        lock (_parts)
        {
            foreach (var key in _parts.Keys.Where(key => key.EventId == eventId && key.Sequence >= from).ToArray())
                _parts.Remove(key);
        }
        return Task.CompletedTask;
    }
}
