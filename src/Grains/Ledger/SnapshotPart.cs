namespace BoxOffice.Grains.Ledger;

/// <summary>
/// The description of a stored part of an event's snapshot. A snapshot consists of parts; each is the compact form of
/// the entries that follow the part before, is written once, and stays valid, for entries never change.
/// </summary>
/// <param name="After">The sequence at which the part before ends; 0 for the first.</param>
/// <param name="Sequence">The last sequence that it covers.</param>
/// <param name="Format">
/// The version of the bytes: <see cref="FormatNow"/>, or that of another version of the program.
/// </param>
/// <param name="Start">The digest of entries 1 to <see cref="After"/>.</param>
/// <param name="Tail">
/// The digest at <see cref="TailAfter"/>, from which the last entries are checked against the journal.
/// </param>
/// <param name="End">The digest of entries 1 to <see cref="Sequence"/>.</param>
public readonly record struct SnapshotPart(
    long After, long Sequence, int Format, UInt128 Start, UInt128 Tail, UInt128 End)
{
    /// <summary>
    /// The version that this program reads and writes. It changes with the bytes or the digest; parts of another
    /// version are ignored and written anew.
    /// </summary>
    public const int FormatNow = 1;

    /// <summary>
    /// Entries at the end of a part that are read again from the journal before the part is used: a few milliseconds. A
    /// journal that went back and grew again differs in them, for each has the microsecond of its decision.
    /// </summary>
    public const int TailLength = 1_000;

    /// <summary>The tail begins after this sequence.</summary>
    public long TailAfter => Math.Max(After, Sequence - TailLength);

    /// <summary>
    /// The parts that follow one another from the first entry. Parts after a gap, another format or a digest that does
    /// not follow are left out.
    /// </summary>
    public static List<SnapshotPart> ChainOf(IEnumerable<SnapshotPart> parts)
    {
        var chain = new List<SnapshotPart>();
        foreach (var part in parts.OrderBy(part => part.Sequence))
        {
            var (sequence, digest) = chain.Count == 0 ? (0, 0) : (chain[^1].Sequence, chain[^1].End);
            if (part.Format == FormatNow && part.After == sequence && part.Start == digest && part.Sequence > sequence)
                chain.Add(part);
        }
        return chain;
    }
}
