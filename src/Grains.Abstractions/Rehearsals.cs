namespace BoxOffice;

/// <summary>The crowd of a rehearsal.</summary>
/// <param name="Buyers">How many, 1 to <see cref="BuyersMax"/>; each retries until it is accepted or refused.</param>
/// <param name="RampSeconds">
/// They arrive evenly within this time, 0 to <see cref="RampSecondsMax"/>; 0 is all at once.
/// </param>
/// <param name="PatienceSeconds">How long each retries, 1 to <see cref="PatienceSecondsMax"/>.</param>
/// <param name="Quantity">Tickets that each asks for, 1 to what a member may have.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.RehearsalOrder")]
public sealed record RehearsalOrder(
    [property: Id(0)] int Buyers,
    [property: Id(1)] int RampSeconds,
    [property: Id(2)] int PatienceSeconds,
    [property: Id(3)] int Quantity)
{
    /// <summary>
    /// Largest crowd: two of 9,000, and as many connections as a front-end takes with a usual limit of open files.
    /// </summary>
    public const int BuyersMax = 20_000;

    /// <summary>Longest ramp: ten minutes, the slow beginning of a small sale.</summary>
    public const int RampSecondsMax = 600;

    /// <summary>Longest patience: two minutes, longer than a buyer waits for a page without an answer.</summary>
    public const int PatienceSecondsMax = 120;

    /// <summary>
    /// Every field that is out of bounds, by its name on the wire, with the rule it breaks. Empty when all are fine.
    /// </summary>
    /// <param name="terms">Of the event that is rehearsed.</param>
    public Dictionary<string, string[]> Errors(EventTerms terms)
    {
        var errors = new Dictionary<string, string[]>();
        var quantityMax = Math.Min(terms.MaxPerMember, ReserveRequest.QuantityMax);
        Check(Buyers is >= 1 and <= BuyersMax, "buyers", $"must be 1 to {BuyersMax}");
        Check(RampSeconds is >= 0 and <= RampSecondsMax, "rampSeconds", $"must be 0 to {RampSecondsMax}");
        Check(PatienceSeconds is >= 1 and <= PatienceSecondsMax,
            "patienceSeconds", $"must be 1 to {PatienceSecondsMax}");
        Check(Quantity >= 1 && Quantity <= quantityMax,
            "quantity", $"must be 1 to {quantityMax}, what one member may have");
        return errors;

        void Check(bool isFine, string field, string rule)
        {
            if (!isFine) errors[field] = [rule];
        }
    }
}

/// <summary>How far a rehearsal is.</summary>
/// <remarks>Stored: numbers are never reused.</remarks>
public enum RehearsalState
{
    /// <summary>The copy is opened, and the crowd gathers.</summary>
    Preparing = 1,

    /// <summary>The crowd buys.</summary>
    Running = 2,

    /// <summary>The answers are compared with the journal.</summary>
    Checking = 3,

    /// <summary>It ended by itself, and has a report.</summary>
    Done = 4,

    /// <summary>An operator stopped it.</summary>
    Stopped = 5,

    /// <summary>It could not continue.</summary>
    Failed = 6,
}

/// <summary>Where the buyers are: those who arrived were accepted or refused, gave up, failed, or wait.</summary>
/// <param name="Seconds">Since the first of them came.</param>
/// <param name="Arrived">Buyers who arrived.</param>
/// <param name="Accepted">Buyers who have tickets.</param>
/// <param name="Refused">Buyers who were refused.</param>
/// <param name="GaveUp">Buyers whose patience ended while they were told to retry.</param>
/// <param name="Failed">Buyers whose patience ended without an answer.</param>
/// <param name="Waiting">Buyers who still retry.</param>
/// <param name="Available">Tickets left.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.RehearsalProgress")]
public sealed record RehearsalProgress(
    [property: Id(0)] double Seconds,
    [property: Id(1)] int Arrived,
    [property: Id(2)] int Accepted,
    [property: Id(3)] int Refused,
    [property: Id(4)] int GaveUp,
    [property: Id(5)] int Failed,
    [property: Id(6)] int Waiting,
    [property: Id(7)] int Available);

/// <summary>One rehearsal, as far as it is known.</summary>
/// <param name="Id">Made by the front-end that runs it.</param>
/// <param name="EventId">The event that is rehearsed.</param>
/// <param name="Terms">Its terms when the rehearsal began.</param>
/// <param name="Order">The crowd.</param>
/// <param name="State">How far it is.</param>
/// <param name="StartedAt">When it was ordered.</param>
/// <param name="Progress">Where the buyers are.</param>
/// <param name="EndedAt">When it ended; null while it has not.</param>
/// <param name="Problem">Why it failed, in a sentence; null when it did not.</param>
/// <param name="HasReport">True when it has a report.</param>
/// <param name="Report">
/// What the front-end found, as JSON: only front-ends read it. Null when it is left out, and when there is none.
/// </param>
[GenerateSerializer, Immutable, Alias("BoxOffice.RehearsalStatus")]
public sealed record RehearsalStatus(
    [property: Id(0)] string Id,
    [property: Id(1)] string EventId,
    [property: Id(2)] EventTerms Terms,
    [property: Id(3)] RehearsalOrder Order,
    [property: Id(4)] RehearsalState State,
    [property: Id(5)] DateTimeOffset StartedAt,
    [property: Id(6)] RehearsalProgress Progress,
    [property: Id(7)] DateTimeOffset? EndedAt = null,
    [property: Id(8)] string? Problem = null,
    [property: Id(9)] bool HasReport = false,
    [property: Id(10)] string? Report = null)
{
    /// <summary>True until it is done, stopped or failed.</summary>
    public bool IsUnderWay => State is RehearsalState.Preparing or RehearsalState.Running or RehearsalState.Checking;
}

/// <summary>How a rehearsal ended.</summary>
/// <param name="State">Done, stopped or failed.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Report">What was found, as JSON.</param>
/// <param name="Progress">Where the buyers were; null when that is not known better than by the last report.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.RehearsalEnding")]
public sealed record RehearsalEnding(
    [property: Id(0)] RehearsalState State,
    [property: Id(1)] string? Problem = null,
    [property: Id(2)] string? Report = null,
    [property: Id(3)] RehearsalProgress? Progress = null);

/// <summary>What the front-end that runs a rehearsal should do next.</summary>
public enum RehearsalCue
{
    /// <summary>Go on.</summary>
    GoOn = 1,

    /// <summary>End it: an operator stopped it.</summary>
    Stop = 2,

    /// <summary>It has ended already: it did not report for too long.</summary>
    Over = 3,
}
