using BoxOffice.Grains;

namespace BoxOffice.SabotagedSilo;

/// <summary>The safety mechanisms that can be disabled, by the names that the switch knows.</summary>
internal static class Mechanism
{
    /// <summary>The environment variable that names one.</summary>
    public const string Switch = "BoxOffice__TestWithout";

    /// <summary>Without it an append is answered as committed at once, and is written later.</summary>
    public const string AnswerAfterCommit = "answer-after-commit";

    /// <summary>Without it two owners' entries can have the same sequence.</summary>
    public const string PrimaryKeyFence = "primary-key-fence";

    /// <summary>Without it a client's key is in memory only.</summary>
    public const string KeyWithTheEntry = "key-with-the-entry";

    /// <summary>Without it an append with an unknown outcome is answered as not applied.</summary>
    public const string UnknownIsUnknown = "unknown-is-unknown";

    /// <summary>Without it a new owner knows only that the event was opened.</summary>
    public const string ReplayAtActivation = "replay-at-activation";

    /// <summary>Without it an owner never learns that another has appended.</summary>
    public const string HeadBeforeARefusal = "head-before-a-refusal";

    /// <summary>
    /// Without it entries that collide are left out of a batch, and the batch is answered as committed.
    /// </summary>
    public const string AllOrNothing = "all-or-nothing";

    /// <summary>Without it a batch is stored although the entry that it follows is missing.</summary>
    public const string Predecessor = "predecessor";

    /// <summary>Without it a snapshot is used although the journal contradicts it.</summary>
    public const string JournalOverSnapshot = "journal-over-snapshot";

    private static readonly string[] All =
    [
        AnswerAfterCommit, PrimaryKeyFence, KeyWithTheEntry, UnknownIsUnknown, ReplayAtActivation, HeadBeforeARefusal,
        AllOrNothing, Predecessor, JournalOverSnapshot,
    ];

    /// <summary>The mechanism that the switch names.</summary>
    /// <exception cref="StartupException">It names no known mechanism: the silo would be a real one.</exception>
    public static string ToTakeOut() =>
        Environment.GetEnvironmentVariable(Switch) is { } name && All.Contains(name)
            ? name
            : throw new StartupException($"{Switch} must be one of {string.Join(", ", All)}.");
}
