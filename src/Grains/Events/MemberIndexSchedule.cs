using BoxOffice.Grains.Members;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Decides when the members of one event may be indexed for "my tickets": when it is quiet. During a rush, indexing
/// would add half of a sale's cost in the database to each sale.
/// </summary>
/// <remarks>It belongs to one activation and runs in its turns only.</remarks>
internal sealed class MemberIndexSchedule(string eventId, GroupCommit commit, MemberIndexer indexer)
{
    /// <summary>Between two checks whether the event is quiet.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private const int QuietEntriesMax = 1_000; // in a period: 200 a second

    private long _seenSequence;
    private long _handedSequence;

    /// <summary>True when durable entries have not been handed to the indexer.</summary>
    public bool IsBehind => commit.DurableSequence > _handedSequence;

    /// <summary>Hands durable entries to the indexer, unless the event is busy.</summary>
    public void CatchUp()
    {
        var durable = commit.DurableSequence;
        var isQuiet = durable - _seenSequence <= QuietEntriesMax;
        _seenSequence = durable;
        if (!isQuiet) return;
        indexer.Add(eventId, durable);
        _handedSequence = durable;
    }

    /// <summary>Replayed entries do not count as a rush.</summary>
    public void Begin() => _seenSequence = commit.DurableSequence;
}
