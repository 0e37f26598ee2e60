namespace BoxOffice;

/// <summary>
/// Reads what was stored, without the grains that sell. Stateless: its key has no meaning.
/// </summary>
[Alias("BoxOffice.IJournalGrain")]
public interface IJournalGrain : IGrainWithIntegerKey
{
    // A million entries are replayed and counted in some seconds; a database that is busy selling may take much longer.
    private const string LongRead = "00:01:00";

    /// <summary>Ids of opened events in ordinal order, at most <paramref name="countMax"/>.</summary>
    /// <param name="after">Only ids greater than this one; empty for the first page.</param>
    /// <param name="countMax">1 to 10,000.</param>
    [Alias("Events")]
    Task<string[]> Events(string after, int countMax);

    /// <summary>
    /// Ids of the events for which the member ever made a reservation, at most <paramref name="countMax"/>.
    /// </summary>
    [Alias("EventsOf"), ResponseTimeout(LongRead)]
    Task<string[]> EventsOf(string memberId, int countMax);

    /// <summary>Entries of one event in order, without gaps.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">Only entries with a higher sequence.</param>
    /// <param name="countMax">1 to 10,000.</param>
    [Alias("Entries"), ResponseTimeout(LongRead)]
    Task<JournalEntry[]> Entries(string eventId, long after, int countMax);

    /// <summary>
    /// A page of all reservations of a broken event, by sequence, from the entries that can be replayed: the owner
    /// cannot answer.
    /// </summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">Only those with a higher sequence.</param>
    /// <param name="countMax">At most this many, 1 to 10,000.</param>
    [Alias("Export"), ResponseTimeout(LongRead)]
    Task<ExportedReservation[]> Export(string eventId, long after, int countMax);

    /// <summary>
    /// Compares the owner's numbers with a replay of the journal and with a count in SQL, all at the same sequence. A
    /// broken event has no owner: then the replay represents it, and drift is above 0. Null when the event was never
    /// opened.
    /// </summary>
    [Alias("Reconcile"), ResponseTimeout(LongRead)]
    Task<Reconciliation?> Reconcile(string eventId);

    /// <summary>
    /// The silo that is called forgets the last entry that it knew of an event: an operator is about to remove entries,
    /// which is no loss.
    /// </summary>
    [Alias("ForgetEnd")]
    Task ForgetEnd(string eventId);

    /// <summary>Returns when the database answers; throws when it does not.</summary>
    /// <returns>True when the silo is leaving its cluster: the caller should use another.</returns>
    [Alias("Ping")]
    Task<bool> Ping();
}
