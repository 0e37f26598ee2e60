using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Events;

/// <summary>Log messages of <see cref="TicketEventGrain"/>.</summary>
internal static partial class TicketEventLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} could not be replayed. Its calls are answered "
        + "\"not applied\", and the next activation tries again")]
    public static partial void NotReplayed(this ILogger logger, Exception exception, string eventId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of event {EventId} cannot be replayed after entry "
        + "{Sequence}: {Rule}. The event sells nothing until an operator has repaired it "
        + "(POST /admin/events/{EventId}/repair)")]
    public static partial void Unreadable(this ILogger logger, string eventId, long sequence, string rule);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} was repaired by {Actor}: {Count} entries "
        + "after entry {Sequence} were removed from the journal and are kept in journal_set_aside")]
    public static partial void Repaired(this ILogger logger, string eventId, string actor, long count, long sequence);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of event {EventId} ends {Ahead} in the future: a "
        + "clock that was wrong wrote it. The event continues to sell; new holds live as long as promised, and "
        + "earlier holds may end late")]
    public static partial void Ahead(this ILogger logger, string eventId, TimeSpan ahead);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The clock has caught up with the journal of event {EventId}: "
        + "no action is needed")]
    public static partial void NotAhead(this ILogger logger, string eventId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Event {EventId} is broken and stops. The next activation "
        + "replays its journal")]
    public static partial void Broken(this ILogger logger, Exception exception, string eventId);
}
