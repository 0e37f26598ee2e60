using System.Text.Json.Serialization;

namespace BoxOffice.Api.Rehearsal;

/// <summary>What the crowd is told, as one line of JSON on its standard input: nobody else on the machine reads that.</summary>
/// <param name="Url">Where the front-ends are.</param>
/// <param name="EventId">What everybody wants tickets for.</param>
/// <param name="Order">How many come, how fast, and how long they ask.</param>
/// <param name="KeyPrefix">Begins each buyer's idempotency key.</param>
/// <param name="Tokens">One for each buyer.</param>
internal sealed record CrowdOrder(Uri Url, string EventId, RehearsalOrder Order, string KeyPrefix, string[] Tokens);

/// <summary>What the crowd says, as lines of JSON on its standard output; one of these each.</summary>
/// <param name="Progress">Where the buyers are; the tickets left it does not know.</param>
/// <param name="Result">The last line, when all has gone well.</param>
/// <param name="Problem">The last line, when it could not begin: why, in a sentence.</param>
internal sealed record CrowdLine(RehearsalProgress? Progress = null, CrowdResult? Result = null, string? Problem = null);

/// <summary>What became of the buyers, as they saw it.</summary>
/// <param name="Accepted">Buyers who have tickets.</param>
/// <param name="Refused">Buyers who were told no, by the code of their final refusal.</param>
/// <param name="GaveUp">Buyers whose patience ended while they were told to come again.</param>
/// <param name="Failed">Buyers whose patience ended without any answer.</param>
/// <param name="Repeated">Answers after which buyers asked again, by code.</param>
/// <param name="NoAnswer">Calls without an answer.</param>
/// <param name="Broken">Those of them whose connection was refused, broke, or never came to be.</param>
/// <param name="UnknownOutcomes">Buyers who left without knowing whether they have tickets.</param>
/// <param name="LastAcceptedSeconds">When the last buyer who was accepted knew it; 0 when nobody was.</param>
/// <param name="LastAnswerSeconds">When the last buyer had a final answer, or gave up.</param>
/// <param name="AcceptedTimes">From the arrival of buyers who were accepted to their final answer.</param>
/// <param name="RefusedTimes">The same of those who were refused.</param>
/// <param name="CallTimes">Of each reserve call with an answer, from the moment at which it was due.</param>
/// <param name="LateTimes">Of the same, from that moment until it was sent: what the crowd itself had no time for.</param>
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
/// <param name="Accepted">Who knew in it that they have tickets.</param>
/// <param name="Refused">Who was told no in it.</param>
/// <param name="Failed">Who gave up in it, with or without an answer.</param>
/// <param name="Times">From their arrival, of those who were told yes or no in it.</param>
internal sealed record CrowdSecond(int Arrived, int Accepted, int Refused, int Failed, DurationTally Times);

/// <summary>What the crowd and the front-end say to each other, serialised by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CrowdOrder))]
[JsonSerializable(typeof(CrowdLine))]
internal sealed partial class CrowdJson : JsonSerializerContext;
