using System.Text;

namespace BoxOffice.Testing.Faults;

/// <summary>What BoxOffice promises, whatever breaks.</summary>
public enum Promise
{
    /// <summary>After every entry, held and confirmed tickets are at most the capacity.</summary>
    NoOversell = 1,

    /// <summary>What a member was told is done stands in the journal as it was told.</summary>
    NothingAcknowledgedIsLost = 2,

    /// <summary>A key has at most one effect, and its repeats get the first answer.</summary>
    OneEffectPerKey = 3,

    /// <summary>Every entry was asked for by a member whose call was accepted or left unknown.</summary>
    NoPhantom = 4,

    /// <summary>A call that was refused had no effect.</summary>
    RefusedMeansNoEffect = 5,

    /// <summary>A hold is confirmed before its end or expires after it, never both.</summary>
    HoldsEndOnTime = 6,

    /// <summary>Only its owner confirms or cancels a reservation.</summary>
    OnlyTheOwner = 7,

    /// <summary>Sequences are 1 to n without gaps, and every entry can follow the one before.</summary>
    Conservation = 8,

    /// <summary>What was answered before a call was sent stands before it in the journal.</summary>
    RealTimeOrder = 9,

    /// <summary>Whoever was refused for a reason was refused at a moment when the reason held.</summary>
    HonestRefusal = 10,

    /// <summary>Numbers that were shown were true at a moment shortly before.</summary>
    HonestNumbers = 11,

    /// <summary>When the trouble is over, calls are answered again, and nobody is left without an answer.</summary>
    Progress = 13,

    /// <summary>Nothing is sold outside the terms in force: limit per member, window, pause.</summary>
    SoldWithinTerms = 14,
}

/// <summary>One promise that was broken.</summary>
/// <param name="Promise">Which.</param>
/// <param name="EventId">Of which event.</param>
/// <param name="MemberId">Towards whom; empty when towards nobody in particular.</param>
/// <param name="Sequence">At which entry; 0 when at none.</param>
/// <param name="Sentence">What happened.</param>
public sealed record Violation(Promise Promise, string EventId, string MemberId, long Sequence, string Sentence)
{
    public override string ToString() => $"{Promise}: event {EventId}"
        + (Sequence == 0 ? "" : $", sequence {Sequence}")
        + (MemberId.Length == 0 ? "" : $", member {MemberId}") + $": {Sentence}";
}

/// <summary>What an audit found, and how much it looked at: an audit of nothing finds nothing.</summary>
public sealed record Verdict(IReadOnlyList<Violation> Violations, AuditCounts Counts)
{
    private const int ShownMax = 5;

    public bool IsClean => Violations.Count == 0;

    /// <summary>The promises that were broken, in their order.</summary>
    public IReadOnlyList<Promise> Broken => [.. Violations.Select(one => one.Promise).Distinct().Order()];

    /// <summary>Throws with all that was found, when something was.</summary>
    public void ThrowIfBroken()
    {
        if (!IsClean) throw new InvalidOperationException(ToString());
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(IsClean ? "All promises were kept." : $"{Violations.Count} violations.");
        foreach (var promise in Violations.GroupBy(one => one.Promise).OrderBy(group => group.Key))
        {
            foreach (var one in promise.Take(ShownMax)) text.AppendLine(one.ToString());
            if (promise.Count() > ShownMax) text.AppendLine($"{promise.Key}: and {promise.Count() - ShownMax} more");
        }
        return text.Append(Counts).ToString();
    }
}

/// <summary>How much evidence there was.</summary>
public sealed record AuditCounts(int Operations, int Ok, int Refused, int Unknown, int Entries);
