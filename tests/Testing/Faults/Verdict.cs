using System.Text;

namespace BoxOffice.Testing.Faults;

/// <summary>The promises of BoxOffice under every fault.</summary>
public enum Promise
{
    /// <summary>After every entry, held and confirmed tickets are at most the capacity.</summary>
    NoOversell = 1,

    /// <summary>Every acknowledged effect is in the journal as it was acknowledged.</summary>
    NothingAcknowledgedIsLost = 2,

    /// <summary>A key has at most one effect, and its retries get the first answer.</summary>
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

    /// <summary>An effect that was answered before a call was sent precedes the call's effect in the journal.</summary>
    RealTimeOrder = 9,

    /// <summary>The reason of a refusal was true at a moment during the call.</summary>
    HonestRefusal = 10,

    /// <summary>Reported numbers were true at a moment during the call or shortly before.</summary>
    HonestNumbers = 11,

    /// <summary>After healing, calls are answered again, and every repeated call gets an answer.</summary>
    Progress = 13,

    /// <summary>Nothing is sold outside the terms in force: limit per member, window, pause.</summary>
    SoldWithinTerms = 14,
}

/// <summary>A broken promise.</summary>
/// <param name="Promise">The promise.</param>
/// <param name="EventId">The event.</param>
/// <param name="MemberId">The member concerned; empty when no single member is.</param>
/// <param name="Sequence">The entry concerned; 0 when none is.</param>
/// <param name="Sentence">What happened.</param>
public sealed record Violation(Promise Promise, string EventId, string MemberId, long Sequence, string Sentence)
{
    public override string ToString() => $"{Promise}: event {EventId}"
        + (Sequence == 0 ? "" : $", sequence {Sequence}")
        + (MemberId.Length == 0 ? "" : $", member {MemberId}") + $": {Sentence}";
}

/// <summary>The result of an audit, with the amount of evidence that it checked.</summary>
public sealed record Verdict(IReadOnlyList<Violation> Violations, AuditCounts Counts)
{
    private const int ShownMax = 5;

    public bool IsClean => Violations.Count == 0;

    /// <summary>The promises that were broken, in their order.</summary>
    public IReadOnlyList<Promise> Broken => [.. Violations.Select(violation => violation.Promise).Distinct().Order()];

    /// <summary>Throws with the violations when there are any.</summary>
    public void ThrowIfBroken()
    {
        if (!IsClean) throw new InvalidOperationException(ToString());
    }

    public override string ToString()
    {
        var text = new StringBuilder()
            .AppendLine(IsClean ? "All promises were kept." : $"{Violations.Count} violations.");
        foreach (var promise in Violations.GroupBy(violation => violation.Promise).OrderBy(group => group.Key))
        {
            foreach (var violation in promise.Take(ShownMax)) text.AppendLine(violation.ToString());
            if (promise.Count() > ShownMax) text.AppendLine($"{promise.Key}: and {promise.Count() - ShownMax} more");
        }
        return text.Append(Counts).ToString();
    }
}

/// <summary>The amount of evidence.</summary>
public sealed record AuditCounts(int Operations, int Ok, int Refused, int Unknown, int Entries);
