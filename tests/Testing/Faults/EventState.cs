namespace BoxOffice.Testing.Faults;

/// <summary>The state of an event between two entries.</summary>
/// <param name="Terms">The terms of sale; null before it was opened.</param>
/// <param name="Held">Tickets in holds.</param>
/// <param name="Confirmed">Tickets sold.</param>
/// <param name="IsPaused">Between pause and resume.</param>
/// <param name="FirstExpiry">When the first of the holds ends; null without holds.</param>
internal readonly record struct EventState(
    StoredTerms? Terms, int Held, int Confirmed, bool IsPaused, DateTimeOffset? FirstExpiry)
{
    public int Available => (Terms?.Capacity ?? 0) - Held - Confirmed;
}
