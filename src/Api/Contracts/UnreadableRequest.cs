using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Contracts;

/// <summary>Thrown for a field that cannot be read, with the reason in words for the caller.</summary>
internal sealed class UnreadableFieldException(string reason, string? path = null)
    : JsonException(reason, path, null, null);

/// <summary>
/// Names the field of a request that cannot be read, and the reason. The framework's own texts name .NET types, and
/// are not part of the contract.
/// </summary>
internal static class UnreadableRequest
{
    private const string Body = "body";
    private const int NameLengthMax = 100; // the name is the caller's, and would be repeated twice

    /// <summary>400 for what the framework could not bind to an endpoint's parameters.</summary>
    public static Problem Of(HttpContext context, BadHttpRequestException failure)
    {
        if (failure.InnerException is JsonException json) return Of(json, TypeOfBody(context));
        // Kestrel's own type: a broken chunk, or a body that ended early.
        if (failure.GetType() != typeof(BadHttpRequestException) || failure.InnerException is not null)
            return Of(Body, "does not arrive as HTTP says");
        return MalformedParameter(context)
            ?? Problems.InvalidRequest("A body is missing.", Body, "must be a JSON object");
    }

    /// <summary>400 for a body that is not JSON, or not of the endpoint's type.</summary>
    public static Problem Of(JsonException failure, JsonTypeInfo? body)
    {
        // The reader's own exceptions are of an internal type, and say where the text stops being JSON.
        if (failure.InnerException is JsonException || failure is { Path: null, LineNumber: not null })
            return Of(Body, string.Create(CultureInfo.InvariantCulture,
                $"is not JSON at line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}"));
        var field = NameOf(failure.Path);
        return Of(field, failure is UnreadableFieldException ? failure.Message : ReasonOf(failure, field, body));
    }

    private static Problem Of(string field, string reason) =>
        Problems.InvalidRequest($"{field} {reason}.", field, reason);

    private static string ReasonOf(JsonException failure, string field, JsonTypeInfo? body)
    {
        if (field == Body) return "must be an object";
        if (failure.Message.StartsWith("Duplicate", StringComparison.Ordinal)) return "is there twice";
        var name = field.Split('[')[0]; // of an element of a list
        var known = body?.Properties.FirstOrDefault(
            property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is null)
            return body is null
                ? "cannot be read"
                : $"is not a field here: the fields are {string.Join(", ", body.Properties.Select(each => each.Name))}";
        // The other reason for this exception is a token of another type.
        var isText = failure.InnerException is InvalidOperationException mismatch
            && !mismatch.Message.StartsWith("Cannot get the value of a token", StringComparison.Ordinal);
        return isText ? "is not valid Unicode" : MustBe(known.PropertyType);
    }

    private static string MustBe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var number when number == typeof(int) => $"must be a whole number from {int.MinValue} to {int.MaxValue}",
        var number when number == typeof(long) => $"must be a whole number from {long.MinValue} to {long.MaxValue}",
        var text when text == typeof(string) => "must be a string",
        var truth when truth == typeof(bool) => "must be true or false",
        var list when list == typeof(RemovableTerm[]) => "must be a list of opensAt and closesAt, or of one of them",
        _ => "is not of the type that it must be",
    };

    /// <summary>The field in a path such as <c>$.name</c> or <c>$['na.me']</c>; the body for <c>$</c>.</summary>
    private static string NameOf(string? path)
    {
        var name = path is null or "$" ? Body
            : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..]
            : path.StartsWith("$['", StringComparison.Ordinal) ? path[3..].Replace("']", "", StringComparison.Ordinal)
            : path;
        return name.Length == 0 ? "\"\"" : name.Length > NameLengthMax ? name[..NameLengthMax] : name;
    }

    /// <summary>The endpoint that failed: while an exception is handled, the request has none.</summary>
    private static Endpoint? EndpointOf(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();

    private static JsonTypeInfo? TypeOfBody(HttpContext context)
    {
        var type = EndpointOf(context)?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return type is not null && options.TryGetTypeInfo(type, out var info) ? info : null;
    }

    /// <summary>Only whole numbers can be malformed: the other parameters are texts.</summary>
    private static Problem? MalformedParameter(HttpContext context)
    {
        foreach (var parameter in EndpointOf(context)?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            var type = Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType)
                ?? parameter.ParameterInfo.ParameterType;
            if (type != typeof(int) && type != typeof(long)) continue;
            if (!context.Request.Query.TryGetValue(parameter.Name, out var value)) continue;
            var isWhole = long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
                && (type == typeof(long) || number is >= int.MinValue and <= int.MaxValue);
            if (!isWhole) return Of(parameter.Name, MustBe(type));
        }
        return null;
    }
}
