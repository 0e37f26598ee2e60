namespace BoxOffice.Testing.Faults;

/// <summary>All calls that asked for the same: what may have come of them.</summary>
internal sealed class Asked
{
    /// <summary>The first sent that was accepted, or of which nobody knows.</summary>
    public Operation? FirstThatMayHaveHappened { get; private set; }

    /// <summary>The first sent of which nobody knows.</summary>
    public Operation? FirstUnknown { get; private set; }

    /// <summary>One that was refused.</summary>
    public Operation? Refused { get; private set; }

    /// <summary>Calls of which nobody knows and that explain no entry yet.</summary>
    public int UnknownCount { get; set; }

    /// <summary>Adds a call; calls come in the order of sending.</summary>
    public void Add(Operation operation)
    {
        if (operation.IsRefused) Refused ??= operation;
        else FirstThatMayHaveHappened ??= operation;
        if (operation.Outcome != Outcome.Unknown) return;
        FirstUnknown ??= operation;
        UnknownCount++;
    }
}
