namespace BoxOffice.Testing.Faults;

/// <summary>
/// The calls of a crowd. Shares are of all calls, 0 to 1; the rest are reserve calls with a key.
/// </summary>
public sealed record WorkloadShape
{
    /// <summary>Determines the choices of all clients, as far as the answers allow.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The events of the crowd.</summary>
    public IReadOnlyList<string> EventIds { get; init; } = ["gala"];

    /// <summary>Clients that call concurrently.</summary>
    public int Clients { get; init; } = 64;

    /// <summary>Longest pause between two calls of a client.</summary>
    public TimeSpan RestMax { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Most tickets in one call.</summary>
    public int QuantityMax { get; init; } = 2;

    /// <summary>Reads the numbers of an event.</summary>
    public double StatusShare { get; init; } = 0.1;

    /// <summary>Lists a member's own reservations.</summary>
    public double MineShare { get; init; } = 0.03;

    /// <summary>Reads a member's own reservation, sometimes another member's.</summary>
    public double FindShare { get; init; } = 0.05;

    /// <summary>Confirms a member's own reservation.</summary>
    public double ConfirmShare { get; init; } = 0.15;

    /// <summary>Cancels a member's own reservation.</summary>
    public double CancelShare { get; init; } = 0.15;

    /// <summary>Tries to confirm or cancel another member's reservation.</summary>
    public double ForeignShare { get; init; } = 0.03;

    /// <summary>Reserves without a key.</summary>
    public double KeylessShare { get; init; } = 0.1;

    /// <summary>Sends one key through two front-ends concurrently.</summary>
    public double TwiceAtOnceShare { get; init; } = 0.07;

    /// <summary>Retries a key long after its answer, sometimes with another quantity.</summary>
    public double OldKeyShare { get; init; } = 0.07;

    /// <summary>
    /// How often a call without a definite answer is repeated at once. After that it waits for the end.
    /// </summary>
    public int RepeatsMax { get; init; } = 5;

    /// <summary>How long the end may wait until every call has a definite answer.</summary>
    public TimeSpan EndingPatience { get; init; } = TimeSpan.FromSeconds(60);
}
