namespace BoxOffice.Grains.Ledger;

/// <summary>
/// An entry cannot follow the one before: the journal or the ledger is wrong. The event stops.
/// </summary>
public sealed class LedgerBrokenException(string rule, in JournalEntry entry)
    : Exception($"Broken at sequence {entry.Sequence} ({entry.Kind}): {rule}")
{
    /// <summary>The rule that does not hold.</summary>
    public string Rule { get; } = rule;
}
