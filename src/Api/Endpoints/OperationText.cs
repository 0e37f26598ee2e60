using System.Globalization;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Endpoints;

/// <summary>What the document says of one call in words.</summary>
/// <param name="Id">The name of the method in generated clients; it never changes.</param>
/// <param name="Description">A sentence or more.</param>
/// <param name="Codes">
/// Of its refusals. Where none has a status that the call may have, the status's usual one is meant.
/// </param>
internal sealed record OperationText(string Id, string Description, params string[] Codes)
{
    private static readonly string[] UsualCodes =
    [
        "INVALID_REQUEST", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE",
        "VALIDATION_FAILED", "RATE_LIMITED", "BUSY",
    ];

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["eventId"] = "The event's id.",
        ["memberId"] = "The member's id.",
        ["reservationId"] = "The reservation's id, as it was answered.",
        ["rehearsalId"] = "The rehearsal's id, as it was answered.",
        ["listEvents.after"] = "The last id of the page before. Empty: the first page.",
        ["listEvents.limit"] = "How many events at most.",
        ["readAudit.after"] = "The last id of the page before. 0: the first page.",
        ["readAudit.limit"] = "How many entries at most.",
        ["readAudit.actor"] = "Only entries of this actor.",
        ["readAudit.action"] = "Only entries with this action.",
        ["readAudit.order"] = "`newest` or `oldest`: which entry comes first.",
        ["exportReservations.format"] = "Of the answer.",
        ["streamJournal.after"] = "A sequence: entries after it.",
    };

    /// <summary>The text of a call; one that has none gets a name made of its path.</summary>
    public static OperationText Of(string method, string path)
    {
        path = "/" + path.TrimStart('/');
        return OperationTexts.All.TryGetValue($"{method} {path}", out var text) ? text : new(NameOf(method, path), "");
    }

    /// <summary>What a parameter is for.</summary>
    public string? DescriptionOf(string parameter) =>
        Parameters.GetValueOrDefault($"{Id}.{parameter}") ?? Parameters.GetValueOrDefault(parameter);

    /// <summary>The codes of each status: of <paramref name="statuses"/>, and of <see cref="Codes"/>.</summary>
    public SortedDictionary<int, ProblemCode[]> CodesBy(IEnumerable<int> statuses)
    {
        var mine = ProblemCode.All.Where(code => Codes.Contains(code.Code)).ToLookup(code => code.Status);
        var usual = ProblemCode.All.Where(code => UsualCodes.Contains(code.Code)).ToLookup(code => code.Status);
        var all = ProblemCode.All.ToLookup(code => code.Status);
        return new(mine.Select(group => group.Key).Union(statuses).ToDictionary(
            status => status,
            status => (mine.Contains(status) ? mine : usual.Contains(status) ? usual : all)[status].ToArray()));
    }

    private static string NameOf(string method, string path)
    {
        var words = path.Split(['/', '{', '}', '-', '.'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]);
        return method.ToLowerInvariant() + string.Concat(words);
    }
}
