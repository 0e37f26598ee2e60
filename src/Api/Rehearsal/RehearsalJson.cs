using System.Text.Json.Serialization;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Rehearsal;

/// <summary>What the wire says of rehearsals, and the report as it is stored, serialised by generated code.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(MomentConverter)])]
[JsonSerializable(typeof(RehearseEvent))]
[JsonSerializable(typeof(Answer<RehearsalAnswer>))]
[JsonSerializable(typeof(Answer<RehearsalsAnswer>))]
[JsonSerializable(typeof(RehearsalReport))]
internal sealed partial class RehearsalJson : JsonSerializerContext;
