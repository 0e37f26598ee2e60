using System.Globalization;

namespace BoxOffice;

/// <summary>
/// Ids of what a rehearsal creates and deletes: a copy of an event, and its buyers. Ids that clients choose contain no
/// '~', so no client can open such an event or sign up as such a member, and no list has one.
/// </summary>
public static class RehearsalCopy
{
    private const string Prefix = "rehearsal~";

    /// <summary>The id of the copy that a rehearsal sells.</summary>
    public static string EventOf(string rehearsalId) => Prefix + rehearsalId;

    /// <summary>The id of a buyer of the crowd, whose numbers begin with 1.</summary>
    public static string MemberOf(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>True for the id of such an event, or of such a member.</summary>
    public static bool Is(string? id) =>
        id is not null && id.StartsWith(Prefix, StringComparison.Ordinal) && Identifiers.IsEventId(id[Prefix.Length..]);
}
