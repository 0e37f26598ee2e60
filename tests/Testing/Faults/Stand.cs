namespace BoxOffice.Testing.Faults;

/// <summary>Where an event stood between one entry and the next.</summary>
/// <param name="Terms">Null before it was opened.</param>
/// <param name="Held">Tickets in holds.</param>
/// <param name="Confirmed">Tickets sold.</param>
/// <param name="IsPaused">Between pause and resume.</param>
/// <param name="FirstExpiry">When the first of the holds ends; null without holds.</param>
internal readonly record struct Stand(
    StoredTerms? Terms, int Held, int Confirmed, bool IsPaused, DateTimeOffset? FirstExpiry)
{
    public int Available => (Terms?.Capacity ?? 0) - Held - Confirmed;
}
