using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains;

/// <summary>
/// Notes who reserved for one event, for "my tickets", and leaves that for a time when the event is quiet: during a rush
/// it would make the database's part of every sale half as dear again.
/// </summary>
/// <remarks>It belongs to one activation and runs in its turns only.</remarks>
internal sealed partial class MemberGathering(string eventId, DurableHead head, IReservationJournal journal, ILogger logger)
{
    /// <summary>Between two looks whether the event is quiet.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    // After a rush thousands of events are quiet in the same moment, and the journal has few connections for reading.
    private static readonly SemaphoreSlim OneAtATime = new(1);

    private const int QuietEntriesMax = 1_000; // in a period: 200 a second

    private long _seenSequence;
    private long _gatheredSequence;

    /// <summary>True when something is left to do. Nobody looks for tickets of a rehearsal.</summary>
    public bool IsBehind => head.DurableSequence > _gatheredSequence && !Shadow.Is(eventId);

    /// <summary>Gathers what is durable, unless the event is busy. Never fails: what is left is done another time.</summary>
    public async Task CatchUp()
    {
        var durable = head.DurableSequence;
        var isQuiet = durable - _seenSequence <= QuietEntriesMax;
        _seenSequence = durable;
        if (!isQuiet) return;
        await OneAtATime.WaitAsync();
        try
        {
            await journal.GatherMembersAsync(eventId, durable);
            _gatheredSequence = durable;
        }
        catch (Exception e)
        {
            LogNotGathered(e, eventId);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    /// <summary>What was replayed is no rush.</summary>
    public void Begin() => _seenSequence = head.DurableSequence;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The members of event {EventId} could not be noted")]
    private partial void LogNotGathered(Exception exception, string eventId);
}
