using BoxOffice.Grains;

namespace BoxOffice.SabotagedSilo;

/// <summary>The safety mechanisms that can be taken out, by the names that the switch knows.</summary>
internal static class Mechanism
{
    /// <summary>The environment variable that says which.</summary>
    public const string Switch = "BoxOffice__TestWithout";

    /// <summary>Without it an append is called committed at once, and is written a little later.</summary>
    public const string AnswerAfterCommit = "answer-after-commit";

    /// <summary>Without it two owners' entries can have the same sequence.</summary>
    public const string PrimaryKeyFence = "primary-key-fence";

    /// <summary>Without it a client's key is in memory only.</summary>
    public const string KeyWithTheEntry = "key-with-the-entry";

    /// <summary>Without it an append whose outcome nobody knows is told as not applied.</summary>
    public const string UnknownIsUnknown = "unknown-is-unknown";

    /// <summary>Without it a new owner knows only that the event was opened.</summary>
    public const string ReplayAtActivation = "replay-at-activation";

    /// <summary>Without it an owner never learns that another has appended.</summary>
    public const string HeadBeforeARefusal = "head-before-a-refusal";

    /// <summary>Without it what collides is left out of a batch, and the batch is called committed.</summary>
    public const string AllOrNothing = "all-or-nothing";

    /// <summary>Without it a batch is stored although the entry that it follows is missing.</summary>
    public const string Predecessor = "predecessor";

    /// <summary>Without it a snapshot is believed whatever the journal has.</summary>
    public const string JournalOverSnapshot = "journal-over-snapshot";

    private static readonly string[] All =
    [
        AnswerAfterCommit, PrimaryKeyFence, KeyWithTheEntry, UnknownIsUnknown, ReplayAtActivation, HeadBeforeARefusal, AllOrNothing,
        Predecessor, JournalOverSnapshot,
    ];

    /// <summary>What the switch says.</summary>
    /// <exception cref="StartupException">It says nothing that is known: then the silo would be a real one.</exception>
    public static string ToTakeOut() =>
        Environment.GetEnvironmentVariable(Switch) is { } name && All.Contains(name)
            ? name
            : throw new StartupException($"{Switch} must be one of {string.Join(", ", All)}.");
}
