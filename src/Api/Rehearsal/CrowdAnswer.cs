using System.Text.Json;

namespace BoxOffice.Api.Rehearsal;

/// <summary>What a buyer of a crowd reads in an answer. The crowd knows the API as any client does, by what is on the wire.</summary>
/// <param name="Reservation">What was reserved or confirmed; null when nothing was.</param>
/// <param name="Code">The problem's code; null when it is a success.</param>
/// <param name="IsFinal">Nobody asks again after it.</param>
/// <param name="IsInDoubt">It may have been done.</param>
/// <param name="RetryAfter">When to come again; null when it was not said.</param>
internal sealed record CrowdAnswer(
    CrowdReservation? Reservation, string? Code, bool IsFinal, bool IsInDoubt = false, TimeSpan? RetryAfter = null)
{
    /// <summary>No answer at all.</summary>
    public static readonly CrowdAnswer None = new(null, null, IsFinal: false);

    // Not terminal, because a smaller order may have it. This crowd's orders do not become smaller.
    private const string TooFewLeft = "INSUFFICIENT";

    /// <summary>Reads an answer. What is not this API's own, such as a balancer's page, has a code of its status.</summary>
    public static async Task<CrowdAnswer> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var text = await response.Content.ReadAsStringAsync(stop);
        try
        {
            return response.IsSuccessStatusCode ? OfSuccess(text) : OfProblem(text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            var status = (int)response.StatusCode;
            return new(null, $"HTTP_{status}", IsFinal: status is < 500 and not 429, IsInDoubt: status >= 500);
        }
    }

    private static CrowdAnswer OfSuccess(string text)
    {
        using var json = JsonDocument.Parse(text);
        var data = json.RootElement.GetProperty("data");
        var isHeld = data.GetProperty("status").GetString() == "HELD";
        return new(new(data.GetProperty("reservationId").GetString()!, data.GetProperty("sequence").GetInt64(), isHeld), null, IsFinal: true);
    }

    private static CrowdAnswer OfProblem(string text)
    {
        using var json = JsonDocument.Parse(text);
        var problem = json.RootElement;
        var code = problem.GetProperty("code").GetString()!;
        TimeSpan? retryAfter = problem.TryGetProperty("retryAfterMs", out var wait) ? TimeSpan.FromMilliseconds(wait.GetInt64()) : null;
        return new(null, code, problem.GetProperty("terminal").GetBoolean() || code == TooFewLeft,
            problem.GetProperty("outcome").GetString() == "UNKNOWN", retryAfter);
    }
}

/// <summary>A reservation, as far as a crowd looks at it.</summary>
internal sealed record CrowdReservation(string Id, long Sequence, bool IsHeld);
