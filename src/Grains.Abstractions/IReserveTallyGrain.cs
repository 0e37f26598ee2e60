namespace BoxOffice;

/// <summary>
/// Sums, for one event, what its front-ends measured. In memory only: it is lost with its silo, and what was counted
/// until then comes back with each front-end's next report.
/// </summary>
[Alias("BoxOffice.IReserveTallyGrain")]
public interface IReserveTallyGrain : IGrainWithStringKey
{
    /// <summary>Takes what one front-end counted, in place of what it reported before.</summary>
    /// <param name="source">The reporting process: the same as long as its counts only grow.</param>
    /// <param name="tally">Everything it counted since it began.</param>
    [Alias("Report")]
    Task Report(string source, ReserveTally tally);

    /// <summary>The sums so far.</summary>
    [Alias("Read")]
    Task<ReserveReport> Read();
}
