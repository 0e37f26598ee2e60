namespace BoxOffice.Grains.Journal;

/// <summary>Lists events, and the events of a member. Rehearsal copies are in neither list.</summary>
public interface IEventIndex
{
    /// <summary>Ids of opened events greater than <paramref name="after"/>, in ordinal order.</summary>
    Task<string[]> EventsAsync(string after, int countMax);

    /// <summary>
    /// Ids of the events in which the member ever reserved. Then, as far as there is room, ids of events of which more
    /// than 1,000 entries are not indexed yet: only their owner knows whether the member reserved there.
    /// </summary>
    Task<string[]> EventsOfAsync(string memberId, int countMax);

    /// <summary>
    /// Indexes the next part of an event's members for <see cref="EventsOfAsync"/>: some milliseconds of work. It may
    /// be repeated, or be called by two owners, or be left out; without it, <see cref="EventsOfAsync"/> takes longer.
    /// </summary>
    /// <param name="eventId">The event.</param>
    /// <param name="upTo">A sequence that is durable.</param>
    /// <returns>The sequence up to which members are indexed now.</returns>
    Task<long> IndexMembersAsync(string eventId, long upTo);
}
