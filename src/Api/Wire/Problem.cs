using System.Globalization;
using System.Text.Json.Serialization;
using BoxOffice.Api.Timing;

namespace BoxOffice.Api.Wire;

/// <summary>Whether a refused call may have had an effect.</summary>
[JsonConverter(typeof(UpperCaseEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>It had none, and will have none.</summary>
    NotApplied,

    /// <summary>It may have: repeat it with the same key.</summary>
    Unknown,
}

/// <summary>
/// Every answer that is not a success (RFC 9457, application/problem+json). As a result it writes itself.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable name of the problem.</param>
/// <param name="Title">The problem in words.</param>
/// <param name="Terminal">True: do not repeat the call.</param>
public sealed record Problem(int Status, string Code, string Title, bool Terminal)
    : IResult, IStatusCodeHttpResult
{
    /// <summary>The media type of every problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Identifies the kind of problem.</summary>
    public string Type { get; } = "urn:boxoffice:problem:" + Code.ToLowerInvariant().Replace('_', '-'); // once, not for each refusal

    /// <summary>What is special about this occurrence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Whether the call may have had an effect.</summary>
    public Outcome Outcome { get; init; } = Outcome.NotApplied;

    /// <summary>Names this request: its trace, or the one that its caller said; else the request alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>When to try again, in milliseconds; also sent as Retry-After, in whole seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RetryAfterMs { get; init; }

    /// <summary>When the sale opens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>The owner's clock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>Tickets a member may have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Limit { get; init; }

    /// <summary>Tickets this member has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Used { get; init; }

    /// <summary>Tickets left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Available { get; init; }

    /// <summary>The rehearsal that is under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RehearsalId { get; init; }

    /// <summary>Rules broken, by field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfterMs is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (wait + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        if (ReserveTiming.Of(httpContext) is { } timing) timing.Answer(response, Code);
        else httpContext.RequestServices?.GetService<ApiMetrics>()?.Refused(Code); // not behind every door
        var answer = this with { TraceId = RequestSpan.TraceIdOf(httpContext) };
        return response.WriteAsJsonAsync(answer, WireJson.Default.Problem, MediaType);
    }
}
