using System.Text.Json.Serialization;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// The order to a crowd, one line of JSON on its standard input, which other users of the machine cannot read.
/// </summary>
/// <param name="Url">The front-ends' URL.</param>
/// <param name="EventId">The event that all buyers want tickets for.</param>
/// <param name="Order">How many buyers come, how fast, and how long they ask.</param>
/// <param name="KeyPrefix">Begins each buyer's idempotency key.</param>
/// <param name="Tokens">One for each buyer.</param>
internal sealed record CrowdOrder(Uri Url, string EventId, RehearsalOrder Order, string KeyPrefix, string[] Tokens);

/// <summary>A line of JSON on the crowd's standard output, with one of these.</summary>
/// <param name="Progress">The buyers' progress, without the tickets left, which the crowd does not know.</param>
/// <param name="Result">The last line of a complete run.</param>
/// <param name="Problem">The last line when the crowd could not begin: the reason, a sentence.</param>
internal sealed record CrowdLine(
    RehearsalProgress? Progress = null, CrowdResult? Result = null, string? Problem = null);

/// <summary>The buyers' outcomes, as they saw them.</summary>
/// <param name="Accepted">Buyers who have tickets.</param>
/// <param name="Refused">Refused buyers, by the code of their final refusal.</param>
/// <param name="GaveUp">Buyers whose patience ended after answers that asked for a retry.</param>
/// <param name="Failed">Buyers whose patience ended without any answer.</param>
/// <param name="Repeated">Answers after which buyers asked again, by code.</param>
/// <param name="NoAnswer">Calls without an answer.</param>
/// <param name="Broken">Those whose connection was refused, broke or could not be made.</param>
/// <param name="UnknownOutcomes">Buyers who left without knowing whether they have tickets.</param>
/// <param name="LastAcceptedSeconds">When the last accepted buyer had the answer; 0 when none was accepted.</param>
/// <param name="LastAnswerSeconds">When the last buyer had a final answer, or gave up.</param>
/// <param name="AcceptedTimes">From the arrival of buyers who were accepted to their final answer.</param>
/// <param name="RefusedTimes">The same for refused buyers.</param>
/// <param name="CallTimes">Of each answered reserve call, from the time at which it was due.</param>
/// <param name="LateTimes">Of the same calls, from that time until they were sent: the crowd's own delay.</param>
/// <param name="Curve">Second by second.</param>
/// <param name="Acknowledged">By buyer: the sequence of the reservation that was acknowledged; 0 when none was.</param>
internal sealed record CrowdResult(
    int Accepted,
    IReadOnlyDictionary<string, int> Refused,
    int GaveUp,
    int Failed,
    IReadOnlyDictionary<string, int> Repeated,
    int NoAnswer,
    int Broken,
    int UnknownOutcomes,
    double LastAcceptedSeconds,
    double LastAnswerSeconds,
    DurationTally AcceptedTimes,
    DurationTally RefusedTimes,
    DurationTally CallTimes,
    DurationTally LateTimes,
    CrowdSecond[] Curve,
    long[] Acknowledged);

/// <summary>One second of the crowd.</summary>
/// <param name="Arrived">Buyers who came in it.</param>
/// <param name="Accepted">Buyers who got tickets in it.</param>
/// <param name="Refused">Buyers who were refused in it.</param>
/// <param name="Failed">Buyers who gave up in it, with or without an answer.</param>
/// <param name="Times">From their arrival, of the buyers who were accepted or refused in it.</param>
internal sealed record CrowdSecond(int Arrived, int Accepted, int Refused, int Failed, DurationTally Times);

/// <summary>The messages of the crowd and the front-end, serialised by generated code.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CrowdOrder))]
[JsonSerializable(typeof(CrowdLine))]
internal sealed partial class CrowdJson : JsonSerializerContext;
