namespace BoxOffice.Testing.Faults;

/// <summary>All calls with the same request, and what they may have caused.</summary>
internal sealed class MatchingCalls
{
    /// <summary>The first sent call that was accepted or has an unknown outcome.</summary>
    public Operation? FirstThatMayHaveHappened { get; private set; }

    /// <summary>The first sent call with an unknown outcome.</summary>
    public Operation? FirstUnknown { get; private set; }

    /// <summary>A call that was refused.</summary>
    public Operation? Refused { get; private set; }

    /// <summary>Calls with an unknown outcome that explain no entry yet.</summary>
    public int UnknownCount { get; set; }

    /// <summary>Adds a call. Calls must be added in the order of sending.</summary>
    public void Add(Operation operation)
    {
        if (operation.IsRefused) Refused ??= operation;
        else FirstThatMayHaveHappened ??= operation;
        if (operation.Outcome != Outcome.Unknown) return;
        FirstUnknown ??= operation;
        UnknownCount++;
    }
}
