using System.Globalization;

namespace BoxOffice;

/// <summary>
/// What a rehearsal makes and takes away again: a copy of an event, and the crowd in front of it. No id that somebody can
/// choose has a '~', so nobody can open such an event or sign up as such a member, and no list has one.
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
