using System.Text.Json.Serialization;

namespace BoxOffice.Api.Wire;

/// <summary>Everything that crosses the wire, serialised by generated code. Unknown fields are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    Converters = [typeof(MomentConverter)])]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(OpenEvent))]
[JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(MemberRun))]
[JsonSerializable(typeof(Answer<MemberAnswer>))]
[JsonSerializable(typeof(Answer<TokenAnswer>))]
[JsonSerializable(typeof(Answer<TokensAnswer>))]
[JsonSerializable(typeof(Answer<CreatedAnswer>))]
[JsonSerializable(typeof(Answer<ReservationAnswer>))]
[JsonSerializable(typeof(Answer<ReservationAnswer[]>))]
[JsonSerializable(typeof(Answer<EventAnswer>))]
[JsonSerializable(typeof(Answer<EventAnswer[]>))]
[JsonSerializable(typeof(Answer<Reconciliation>))]
[JsonSerializable(typeof(ExportedReservationAnswer))]
[JsonSerializable(typeof(EntryAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext;
