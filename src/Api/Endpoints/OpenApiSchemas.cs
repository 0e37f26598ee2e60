using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Rehearsal;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// Types of the wire as generators of clients need them: each has a type, a name of letters, and what is always there
/// is required.
/// </summary>
internal static partial class OpenApiSchemas
{
    private const string AnswerSuffix = "Answer";

    private static readonly HashSet<Type> Requests =
    [
        typeof(Credentials), typeof(ChangePassword), typeof(OpenEvent), typeof(ChangeEvent), typeof(RepairEvent),
        typeof(MemberRun), typeof(RehearseEvent), typeof(ReserveBody),
    ];

    /// <summary>The component's name; null when the schema is written where it is used.</summary>
    public static string? NameOf(JsonTypeInfo info)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(info) is null) return null;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return type == typeof(Edge) ? null : NameOf(type);
    }

    /// <summary>Completes a schema that the framework made from a type.</summary>
    public static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        var info = context.JsonTypeInfo;
        SetType(schema, info.Type);
        if (info.Kind == JsonTypeInfoKind.Object) SetObject(schema, info);
        if (context.JsonPropertyInfo is { } property) SetProperty(schema, property);
        if (schema.Description is { } text) schema.Description = InPlainWords(text);
        return Task.CompletedTask;
    }

    /// <summary>The codes of problems, as a type of their own.</summary>
    public static OpenApiSchema Codes() => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. ProblemCode.All.Select(problem => (JsonNode)problem.Code)],
        Description = "Stable name of a problem. Versions to come may add some: a client that meets an unknown one "
            + "goes by `terminal` and `outcome`.",
    };

    private static string NameOf(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Answer<>))
        {
            var data = type.GetGenericArguments()[0];
            return data.IsArray ? NameOf(data.GetElementType()!) + "ListResponse" : NameOf(data) + "Response";
        }
        if (type == typeof(ReservationsAnswer)) return "ReservationListResponse"; // it has more beside the data
        if (type == typeof(EntryAnswer)) return "JournalEntry";
        return type.Name.EndsWith(AnswerSuffix, StringComparison.Ordinal)
            ? type.Name[..^AnswerSuffix.Length]
            : type.Name;
    }

    private static void SetType(OpenApiSchema schema, Type type)
    {
        var known = Nullable.GetUnderlyingType(type) ?? type;
        var isMoment = known == typeof(DateTimeOffset) || known == typeof(Edge);
        if (!isMoment && !known.IsEnum) return;
        schema.Type = known == type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        if (!isMoment) return;
        schema.Format = "date-time";
        schema.Properties = null;
        schema.AdditionalPropertiesAllowed = true;
    }

    private static void SetObject(OpenApiSchema schema, JsonTypeInfo info)
    {
        var isRequest = Requests.Contains(info.Type);
        // Answers may get more fields in versions to come; a request with an unknown field is refused.
        schema.AdditionalPropertiesAllowed = !isRequest;
        schema.Required = info.Properties
            .Where(property => isRequest ? IsMarkedRequired(property) : !IsOmittedWhenNull(property))
            .Select(property => property.Name)
            .ToHashSet(StringComparer.Ordinal);
        if (info.Type == typeof(Problem)) schema.Required.Add("traceId"); // added to each answer as it is written
    }

    private static void SetProperty(OpenApiSchema schema, JsonPropertyInfo property)
    {
        // The id of an event may be a number, too; a client needs one type.
        if (property.PropertyType == typeof(string)) schema.Type ??= JsonSchemaType.String | JsonSchemaType.Null;
        // Absent rather than null. A number keeps its null: clients without it would read 0 where nothing is.
        var isOmitted = IsOmittedWhenNull(property) && !property.PropertyType.IsValueType;
        if (isOmitted || IsMarkedRequired(property) || IsNeverNull(property)) schema.Type &= ~JsonSchemaType.Null;
    }

    private static bool IsOmittedWhenNull(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true)
            .OfType<JsonIgnoreAttribute>()
            .Any(ignored => ignored.Condition == JsonIgnoreCondition.WhenWritingNull) == true;

    private static bool IsMarkedRequired(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) == true;

    private static bool IsNeverNull(JsonPropertyInfo property) =>
        property.AttributeProvider is PropertyInfo read
        && new NullabilityInfoContext().Create(read).ReadState == NullabilityState.NotNull;

    /// <summary>Bounds that the source names by a constant are numbers to a reader of the document.</summary>
    private static string InPlainWords(string text) => ConstantName().Replace(text, name =>
        typeof(EventTerms).Assembly.GetType($"{nameof(BoxOffice)}.{name.Groups["type"].Value}")
            ?.GetField(name.Groups["field"].Value)?.GetRawConstantValue() is int value
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : name.Value);

    [GeneratedRegex(@"\bint (?<type>\w+)\.(?<field>\w+)")]
    private static partial Regex ConstantName();
}
