using BoxOffice.Grains.Members;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Says when the members of one event may be noted for "my tickets": when it is quiet. During a rush that would make the
/// database's part of every sale half as dear again.
/// </summary>
/// <remarks>It belongs to one activation and runs in its turns only.</remarks>
internal sealed class MemberIndexSchedule(string eventId, GroupCommit head, MemberIndexer gatherer)
{
    /// <summary>Between two looks whether the event is quiet.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private const int QuietEntriesMax = 1_000; // in a period: 200 a second

    private long _seenSequence;
    private long _leftSequence;

    /// <summary>True when something is left to do. Nobody looks for tickets of a rehearsal.</summary>
    public bool IsBehind => head.DurableSequence > _leftSequence && !RehearsalCopy.Is(eventId);

    /// <summary>Leaves what is durable to the gatherer, unless the event is busy.</summary>
    public void CatchUp()
    {
        var durable = head.DurableSequence;
        var isQuiet = durable - _seenSequence <= QuietEntriesMax;
        _seenSequence = durable;
        if (!isQuiet) return;
        gatherer.Gather(eventId, durable);
        _leftSequence = durable;
    }

    /// <summary>What was replayed is no rush.</summary>
    public void Begin() => _seenSequence = head.DurableSequence;
}
