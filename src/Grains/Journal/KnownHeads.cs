using System.Collections.Concurrent;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// The last durable entry of each event that this silo has owned. It outlives the activations, so a database that lost
/// entries is noticed although no silo has the event in memory any more.
/// </summary>
public sealed class KnownHeads
{
    /// <summary>
    /// Most events remembered: ten times those of the largest measurement. Further ones are checked by their appends
    /// only.
    /// </summary>
    public const int CountMax = 100_000;

    private readonly int _countMax;
    private readonly ConcurrentDictionary<string, JournalHead> _heads = new(StringComparer.Ordinal);

    // Losses by event: the sequence of its last lost entry.
    private readonly ConcurrentDictionary<string, long> _reported = new(StringComparer.Ordinal);

    /// <summary>Those of a silo.</summary>
    public KnownHeads()
        : this(CountMax)
    {
    }

    /// <summary>Remembers this many; 0 for rehearsal copies, which are deleted without a loss.</summary>
    internal KnownHeads(int countMax) => _countMax = countMax;

    /// <summary>Notes that an event's entries up to this one are durable.</summary>
    public void Note(string eventId, in JournalHead durable)
    {
        if (durable == JournalHead.None) return;
        if (_heads.ContainsKey(eventId) || _heads.Count < _countMax) _heads[eventId] = durable;
        if (!_reported.IsEmpty) _reported.TryRemove(eventId, out _);
    }

    /// <summary>
    /// The sequence of the entry that this silo knew and that an event's journal, as it was just read, does not have; 0
    /// when it has.
    /// </summary>
    public long LostIn(string eventId, in JournalHead read) =>
        _heads.TryGetValue(eventId, out var known)
        && (known.Sequence > read.Sequence || (known.Sequence == read.Sequence && known != read))
            ? known.Sequence
            : 0;

    /// <summary>True for the first caller that reports the loss of this entry: a silo reports a loss once.</summary>
    public bool MayReport(string eventId, long sequence)
    {
        _heads.TryRemove(eventId, out _);
        if (_reported.Count >= _countMax) return true;
        while (!_reported.TryAdd(eventId, sequence))
        {
            if (!_reported.TryGetValue(eventId, out var reported)) continue; // removed by a sale in between
            if (reported == sequence) return false;
            if (_reported.TryUpdate(eventId, sequence, reported)) return true;
        }
        return true;
    }

    /// <summary>Forgets an event: an operator removed entries from its journal, which is no loss.</summary>
    public void Forget(string eventId) => _heads.TryRemove(eventId, out _);

    /// <summary>All that is known, in parts.</summary>
    public IEnumerable<KeyValuePair<string, JournalHead>[]> InParts(int size) => _heads.ToArray().Chunk(size);
}
