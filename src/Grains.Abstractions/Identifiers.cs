using System.Globalization;

namespace BoxOffice;

/// <summary>The forms of ids on the wire.</summary>
public static class Identifiers
{
    /// <summary>Longest event id in characters; it is in every journal row.</summary>
    public const int EventIdLengthMax = 64;

    /// <summary>Longest member id in characters: enough for most e-mail addresses.</summary>
    public const int MemberIdLengthMax = 64;

    /// <summary>1 to <see cref="EventIdLengthMax"/> of letters, digits, '-' and '_' (ASCII).</summary>
    public static bool IsEventId(string? id) =>
        id is { Length: >= 1 and <= EventIdLengthMax } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>1 to <see cref="MemberIdLengthMax"/> of letters, digits and '.', '-', '_', '@', '+' (ASCII).</summary>
    public static bool IsMemberId(string? id) =>
        id is { Length: >= 1 and <= MemberIdLengthMax }
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or '+');

    /// <summary>An event's id, or that of a rehearsal copy: tickets can be reserved for both.</summary>
    public static bool IsSaleId(string? id) => IsEventId(id) || RehearsalCopy.Is(id);

    /// <summary>
    /// The reservation's id: <c>{eventId}-{sequence}</c>. It is no secret: only its member gets an answer.
    /// </summary>
    public static string ReservationId(string eventId, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{eventId}-{sequence}");

    /// <summary>Takes a reservation's id apart. False when it cannot be one.</summary>
    public static bool TryParseReservationId(string? id, out string eventId, out long sequence)
    {
        (eventId, sequence) = ("", 0);
        var dash = id?.LastIndexOf('-') ?? -1;
        if (dash < 1 || !IsSaleId(id![..dash])) return false;
        if (!long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence))
            return false;
        eventId = id[..dash];
        return sequence > 0 && ReservationId(eventId, sequence) == id;
    }
}
