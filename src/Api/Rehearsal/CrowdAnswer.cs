using System.Text.Json;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// What a buyer of a crowd reads in an answer. The crowd knows the API as any client does, by its wire format.
/// </summary>
/// <param name="Reservation">The reservation that was made or confirmed; null when there is none.</param>
/// <param name="Code">The problem's code; null for a success.</param>
/// <param name="IsFinal">True when a retry makes no sense.</param>
/// <param name="IsInDoubt">True when the call may have been carried out.</param>
/// <param name="RetryAfter">When to retry; null when the answer does not say.</param>
internal sealed record CrowdAnswer(
    CrowdReservation? Reservation, string? Code, bool IsFinal, bool IsInDoubt = false, TimeSpan? RetryAfter = null)
{
    /// <summary>No answer at all.</summary>
    public static readonly CrowdAnswer None = new(null, null, IsFinal: false);

    // Not terminal, because a smaller order may succeed. This crowd's orders do not become smaller.
    private const string TooFewLeft = "INSUFFICIENT";

    /// <summary>
    /// Reads an answer. One of another program, such as a load balancer's page, gets a code from its status.
    /// </summary>
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
        return new(
            new(data.GetProperty("reservationId").GetString()!, data.GetProperty("sequence").GetInt64(), isHeld), null,
            IsFinal: true);
    }

    private static CrowdAnswer OfProblem(string text)
    {
        using var json = JsonDocument.Parse(text);
        var problem = json.RootElement;
        var code = problem.GetProperty("code").GetString()!;
        TimeSpan? retryAfter = problem.TryGetProperty("retryAfterMs", out var wait)
            ? TimeSpan.FromMilliseconds(wait.GetInt64())
            : null;
        return new(null, code, problem.GetProperty("terminal").GetBoolean() || code == TooFewLeft,
            problem.GetProperty("outcome").GetString() == "UNKNOWN", retryAfter);
    }
}

/// <summary>The part of a reservation that a crowd uses.</summary>
internal sealed record CrowdReservation(string Id, long Sequence, bool IsHeld);
