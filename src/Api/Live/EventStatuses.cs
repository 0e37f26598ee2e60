using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Live;

/// <summary>
/// The numbers of events, shared by all pages that show them: an event is asked at most once in <see cref="Pause"/>,
/// however many different pages are requested. Only events of the journal's list are asked for, so that there are never
/// more of them here than exist.
/// </summary>
internal sealed class EventStatuses
{
    /// <summary>How long a read waits for an event: twice as long as a call waits for a silo.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The shortest pause: reads by a crowd then cost an event little beside a sale.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause, which a request that wants new numbers may have to wait.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What each event adds to the pause: up to 2,000 events together are asked 2,000 times a second at most.
    /// </summary>
    public static readonly TimeSpan PauseForEach = TimeSpan.FromMilliseconds(0.5);

    private readonly SharedReads<string, EventAnswer?> _reads;
    private readonly RetryPolicy _retry;
    private readonly TimeProvider _time;

    public EventStatuses(RetryPolicy retry, TimeProvider time)
    {
        (_retry, _time) = (retry, time);
        _reads = new(ReadAsync, PauseAsync);
    }

    /// <summary>Events that are asked, or were a moment ago.</summary>
    public int Count => _reads.Count;

    /// <summary>
    /// The time between two questions to one event, which grows with the events, so that their number a second is
    /// bounded.
    /// </summary>
    public TimeSpan Pause
    {
        get
        {
            var wanted = PauseForEach * _reads.Count;
            return wanted < PauseMin ? PauseMin : wanted > PauseMax ? PauseMax : wanted;
        }
    }

    /// <summary>Waits as long as <see cref="Pause"/> is now.</summary>
    public Task PauseAsync() => Task.Delay(Pause, _time);

    /// <summary>The event's numbers, not older than the call; null when it does not answer in time.</summary>
    public Task<EventAnswer?> NextAsync(string eventId) => _reads.ReadAsync(eventId)!;

    /// <summary>An event that fails must not fail the list of all others.</summary>
    private async Task<EventAnswer?> ReadAsync(string eventId)
    {
        try
        {
            var asked = _retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status());
            return await asked.WaitAsync(Patience, _time) is { } status ? EventAnswer.Of(status) : null;
        }
        catch (Exception e) when (CallFailure.MayHelp(e) || CallFailure.IsNothingDone(e))
        {
            return null;
        }
    }
}
