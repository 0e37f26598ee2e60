namespace BoxOffice.Testing.Faults;

/// <summary>What a crowd does. Shares are of all visits, 0 to 1; what they leave over are plain reserve calls with a key.</summary>
public sealed record WorkloadShape
{
    /// <summary>Decides every choice of every visitor, as far as the answers allow.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The events that the crowd wants.</summary>
    public IReadOnlyList<string> EventIds { get; init; } = ["gala"];

    /// <summary>Visitors who call at once.</summary>
    public int Visitors { get; init; } = 64;

    /// <summary>Longest rest between two visits of one visitor.</summary>
    public TimeSpan RestMax { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Most tickets in one call.</summary>
    public int QuantityMax { get; init; } = 2;

    /// <summary>Looks at the numbers.</summary>
    public double StatusShare { get; init; } = 0.1;

    /// <summary>Looks at all that one has.</summary>
    public double MineShare { get; init; } = 0.03;

    /// <summary>Looks at a reservation of one's own, sometimes at somebody else's.</summary>
    public double FindShare { get; init; } = 0.05;

    /// <summary>Confirms a reservation of one's own.</summary>
    public double ConfirmShare { get; init; } = 0.15;

    /// <summary>Cancels a reservation of one's own.</summary>
    public double CancelShare { get; init; } = 0.15;

    /// <summary>Tries to confirm or cancel somebody else's reservation.</summary>
    public double TheftShare { get; init; } = 0.03;

    /// <summary>Reserves without a key.</summary>
    public double KeylessShare { get; init; } = 0.1;

    /// <summary>Sends one key through two front-ends at once.</summary>
    public double TwiceAtOnceShare { get; init; } = 0.07;

    /// <summary>Sends a key again, long after its answer, sometimes with another quantity.</summary>
    public double OldKeyShare { get; init; } = 0.07;

    /// <summary>How often a call without a definite answer is repeated at once, before it is left for the end.</summary>
    public int RepeatsMax { get; init; } = 5;

    /// <summary>How long the end may take until every call has a definite answer.</summary>
    public TimeSpan EndingPatience { get; init; } = TimeSpan.FromSeconds(60);
}
