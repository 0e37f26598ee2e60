using System.Collections.Concurrent;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// The last durable entry of each event that this silo has owned. It outlives the activations, so a database that lost entries
/// is noticed although nobody has the event in memory any more.
/// </summary>
public sealed class KnownHeads
{
    /// <summary>Most events remembered: ten times those of the largest measurement. Further ones are watched by their appends only.</summary>
    public const int CountMax = 100_000;

    private readonly ConcurrentDictionary<string, JournalHead> _heads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _told = new(StringComparer.Ordinal); // losses, by their last sequence

    /// <summary>An event's entries up to this one are durable.</summary>
    public void Note(string eventId, in JournalHead durable)
    {
        if (durable == JournalHead.None || RehearsalCopy.Is(eventId)) return;
        if (_heads.ContainsKey(eventId) || _heads.Count < CountMax) _heads[eventId] = durable;
        if (!_told.IsEmpty) _told.TryRemove(eventId, out _);
    }

    /// <summary>The entry that this silo knew and that an event's journal, as it was just read, does not have; 0 when it has.</summary>
    public long LostIn(string eventId, in JournalHead read) =>
        _heads.TryGetValue(eventId, out var known)
        && (known.Sequence > read.Sequence || (known.Sequence == read.Sequence && known != read))
            ? known.Sequence
            : 0;

    /// <summary>True for the first who tells that an event lost this entry: a loss is told once on a silo.</summary>
    public bool MayTell(string eventId, long sequence)
    {
        _heads.TryRemove(eventId, out _);
        if (_told.Count >= CountMax) return true;
        while (!_told.TryAdd(eventId, sequence))
        {
            if (!_told.TryGetValue(eventId, out var told)) continue; // it sold again in this moment
            if (told == sequence) return false;
            if (_told.TryUpdate(eventId, sequence, told)) return true;
        }
        return true;
    }

    /// <summary>An operator took entries out of an event's journal, which is no loss.</summary>
    public void Forget(string eventId) => _heads.TryRemove(eventId, out _);

    /// <summary>All that is known, in parts.</summary>
    public IEnumerable<KeyValuePair<string, JournalHead>[]> InParts(int size) => _heads.ToArray().Chunk(size);
}
