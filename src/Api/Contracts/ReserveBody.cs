using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace BoxOffice.Api.Contracts;

/// <summary>The optional body of a call for tickets: <c>{"quantity": 2}</c>. No body is one ticket.</summary>
internal sealed record ReserveBody(int Quantity = 1)
{
    private const int LengthMax = 4_096;
    private const string QuantityName = "quantity";
    private const string QuantityPath = "$." + QuantityName;

    /// <summary>
    /// Reads the quantity. A number that is not a whole one in an int's range becomes 0, which the event refuses in its
    /// order of precedence; a body that cannot be read is a problem here.
    /// </summary>
    public static async ValueTask<(int Quantity, Problem? Problem)> ReadQuantityAsync(HttpRequest request)
    {
        var canHaveBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (request.ContentLength is 0 || !canHaveBody) return (1, null);
        if (request.ContentLength > LengthMax) return (0, Problems.PayloadTooLarge);

        var buffer = new byte[LengthMax + 1];
        var length = await request.Body.ReadAtLeastAsync(
            buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length == 0) return (1, null);
        if (length > LengthMax) return (0, Problems.PayloadTooLarge);
        if (!request.HasJsonContentType()) return (0, Problems.UnsupportedMediaType);
        try
        {
            return (Parse(buffer.AsSpan(0, length)), null);
        }
        catch (JsonException e)
        {
            return (0, UnreadableRequest.Of(e, body: null));
        }
        catch (InvalidOperationException)
        {
            const string Reason = "is not valid Unicode"; // half of a surrogate pair
            return (0, Problems.InvalidRequest($"body {Reason}.", "body", Reason));
        }
    }

    private static int Parse(ReadOnlySpan<byte> json)
    {
        var quantity = 1;
        if (json.StartsWith("\uFEFF"u8)) json = json[3..]; // the other endpoints take it, too
        if (json.Trim(" \t\r\n"u8).IsEmpty) return quantity;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null && !reader.Read()) return quantity;
        if (reader.TokenType != JsonTokenType.StartObject) throw new UnreadableFieldException("must be an object");
        for (var fields = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; fields++)
        {
            var name = reader.GetString()!;
            if (!name.Equals(QuantityName, StringComparison.OrdinalIgnoreCase))
                throw new UnreadableFieldException("is not a field here: the only field is quantity", $"$.{name}");
            if (fields > 0) throw new UnreadableFieldException("is there twice", QuantityPath);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number)
                throw new UnreadableFieldException("must be a number", QuantityPath);
            quantity = reader.TryGetInt32(out var whole) ? whole : 0;
        }
        reader.Read(); // throws when the object is followed by more
        return quantity;
    }
}
