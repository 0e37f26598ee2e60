using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Api.Contracts;

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
/// Every answer that is not a success (RFC 9457, application/problem+json).
/// </summary>
/// <remarks>As a result of an endpoint it writes itself.</remarks>
/// <param name="status">The HTTP status.</param>
/// <param name="code">Stable name of the problem.</param>
/// <param name="title">The problem in words.</param>
/// <param name="terminal">True: do not repeat the call.</param>
public sealed class Problem(int status, string code, string title, bool terminal) : IResult, IStatusCodeHttpResult
{
    private const long RetryAfterMaxMs = 3_600_000; // a timer in JavaScript fires at once above 2^31 - 1

    // Most of a crowd gets the same refusal: what is the same in it is put into words once.
    private byte[]? _beginning;

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable name of the problem.</summary>
    public string Code { get; } = code;

    /// <summary>The problem in words.</summary>
    public string Title { get; } = title;

    /// <summary>True: do not repeat the call.</summary>
    public bool Terminal { get; } = terminal;

    /// <summary>The media type of every problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Identifies the kind of problem.</summary>
    public string Type => "urn:boxoffice:problem:" + Code.ToLowerInvariant().Replace('_', '-');

    /// <summary>What is special about this occurrence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Whether the call may have had an effect.</summary>
    public Outcome Outcome { get; init; } = Outcome.NotApplied;

    /// <summary>Names this request: its trace, or the one that its caller said; else the request alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId => null; // added to each answer as it is written

    /// <summary>
    /// When to try again, in milliseconds, at most an hour; also sent as Retry-After, in whole seconds.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RetryAfterMs { get; init => field = value > RetryAfterMaxMs ? RetryAfterMaxMs : value; }

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
        // There is none in bench/Peers.
        httpContext.RequestServices?.GetService<IProblemObserver>()?.Answering(httpContext, Code);

        var body = Write(TraceIds.Of(httpContext));
        response.ContentType = MediaType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }

    private byte[] Write(string traceId)
    {
        var beginning = _beginning ??=
        [
            .. JsonSerializer.SerializeToUtf8Bytes(this, WireJson.Default.Problem).AsSpan(..^1), .. ",\"traceId\":\""u8,
        ];
        var body = new byte[beginning.Length + traceId.Length + 2];
        beginning.CopyTo(body, 0);
        Encoding.ASCII.GetBytes(traceId, body.AsSpan(beginning.Length)); // digits and letters, and a colon
        "\"}"u8.CopyTo(body.AsSpan(^2..));
        return body;
    }
}
