using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Api.Contracts;

/// <summary>All bodies of requests and answers, serialised by generated code.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(MomentConverter)])]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(ChangePassword))]
[JsonSerializable(typeof(OpenEvent))]
[JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(MemberRun))]
[JsonSerializable(typeof(Answer<HealthAnswer>))]
[JsonSerializable(typeof(Answer<MemberAnswer>))]
[JsonSerializable(typeof(Answer<TokenAnswer>))]
[JsonSerializable(typeof(Answer<TokensAnswer>))]
[JsonSerializable(typeof(Answer<CreatedAnswer>))]
[JsonSerializable(typeof(Answer<ReservationAnswer>))]
[JsonSerializable(typeof(ReservationsAnswer))]
[JsonSerializable(typeof(RepairEvent))]
[JsonSerializable(typeof(Answer<RepairAnswer>))]
[JsonSerializable(typeof(Answer<EventAnswer>))]
[JsonSerializable(typeof(Answer<EventAnswer[]>))]
[JsonSerializable(typeof(Answer<Reconciliation>))]
[JsonSerializable(typeof(Answer<TimingAnswer>))]
[JsonSerializable(typeof(Answer<ClusterAnswer>))]
[JsonSerializable(typeof(Answer<AuditAnswer[]>))]
[JsonSerializable(typeof(ExportedReservationAnswer))]
[JsonSerializable(typeof(EntryAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Applies the same rules to the framework's serialiser. Unknown fields are rejected.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.Converters.Add(new MomentConverter());
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
    }
}
