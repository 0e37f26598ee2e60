using System.Text;
using System.Text.Json;

namespace BoxOffice.Api.Tests;

/// <summary>
/// Makes requests that no client should send, for the operations of an OpenAPI document. The same seed makes the same
/// requests.
/// </summary>
/// <param name="document">The document of the running program.</param>
/// <param name="seed">Of the choices.</param>
internal sealed class RequestFuzz(JsonElement document, int seed)
{
    private static readonly string[] MediaTypes =
    [
        "application/json", "application/json; charset=utf-8", "APPLICATION/JSON; charset=\"UTF-8\"",
        "application/json; charset=bogus", "application/json; charset=utf-7", "application/json; charset=utf-16",
        "application/json; charset=", "application/problem+json", "application/json, text/plain", "text/plain",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ";", "*/*",
    ];

    private static readonly string[] Codings =
        ["", "", "", "identity", "gzip", "br", "x", "gzip, identity", "identity;q=0"];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "1.0", "1.5", "1e400", "2147483648", "99999999999999999999", "\"\"", "\"1\"",
        "\"fuzzed\"", "\"2030-01-01T00:00:00\"", "\"2030-01-01T00:00:00Z\"", "\"tomorrow\"", "\"\\ud800\"",
        "\"\\u0000\"", "\"\\u200b\"", "[]", "{}", "[1,{\"a\":[]}]", "nul", "'x'", "",
    ];

    private static readonly string[] Ids =
    [
        "no-such-event", "%20", "%2e%2e", "a%2Fb", "%ff", "ann%0d%0a", "-", "0", "x-1", "x-99999999999999999999",
        "이벤트",
    ];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Idempotency-Key", ""), ("Idempotency-Key", "a b"), ("Idempotency-Key", "é"), ("If-None-Match", "nonsense"),
        ("If-None-Match", "\"1\", W/"), ("If-Match", "W/\"1\""), ("Accept", "image/png"), ("Accept", ";;"),
        ("Accept-Encoding", "br;q=x, , gzip"), ("Last-Event-ID", "-5"), ("traceparent", "00-0-0-00"),
        ("Range", "bytes=5-1"), ("Authorization", "Bearer"), ("Authorization", "Basic \u007f"), ("Cookie", "=;="),
        ("X-HTTP-Method-Override", "DELETE"), ("Expect", "nonsense"), ("Origin", "null"), ("X-Forwarded-For", "x, ,"),
    ];

    private readonly Random _random = new(seed);
    private string _bytes = "";

    /// <summary>All operations: the method in capitals, the path, and the fields of the body.</summary>
    public IEnumerable<(string Method, string Path, string[] Fields)> Operations =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name is "get" or "post" or "patch" or "put" or "delete" or "head"
        select (operation.Name.ToUpperInvariant(), path.Name, FieldsOf(operation.Value));

    /// <summary>One request for an operation, and in words what it is.</summary>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="ids">Ids that exist: they are used half of the time.</param>
    public (HttpRequestMessage Request, string Words) Next(
        (string Method, string Path, string[] Fields) operation, params string[] ids)
    {
        var method = _random.Next(12) switch
        {
            0 => "HEAD",
            1 => Pick(["OPTIONS", "DELETE", "PUT", "PATCH", "GET", "POST", "FUZZ"]),
            _ => operation.Method,
        };
        var path = string.Join('/', operation.Path.Split('/')
            .Select(part => part.StartsWith('{') ? _random.Next(2) == 0 ? Pick(ids) : Pick(Ids) : part));
        if (_random.Next(4) == 0)
            path += Pick(["?limit=many", "?after=%ff", "?format=xml", "?after=x&after=y", "?=&&"]);
        var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        if (_random.Next(3) == 0 && Pick(Headers) is var (name, value))
            request.Headers.TryAddWithoutValidation(name, value);
        _bytes = "";
        if (_random.Next(5) > 0) request.Content = Body(operation.Fields);
        return (request, $"{method} {path} {request.Headers} {request.Content?.Headers} {_bytes}");
    }

    private ByteArrayContent Body(string[] fields)
    {
        var text = "{" + string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(_ => Field(fields))) + "}";
        text = _random.Next(10) switch
        {
            0 => text[..^1],
            1 => text + Pick(["x", "{}", ","]),
            2 => Pick(["", " ", "null", "[]", "1", "\"", "{,}", "{\"a\":1,}", new string('[', 100)]),
            3 => "\ufeff" + text,
            _ => text,
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 2 && _random.Next(10) == 0) bytes[_random.Next(bytes.Length)] = 0xff;
        _bytes = Encoding.UTF8.GetString(bytes);
        var content = new ByteArrayContent(bytes);
        if (_random.Next(8) > 0) content.Headers.TryAddWithoutValidation("Content-Type", Pick(MediaTypes));
        var coding = Pick(Codings);
        if (coding.Length > 0) content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return content;
    }

    private string Field(string[] fields)
    {
        var isUnknown = fields.Length == 0 || _random.Next(8) == 0;
        return $"\"{(isUnknown ? Pick(["misspelt", "\\ud800", ""]) : Pick(fields))}\":{Pick(Values)}";
    }

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private string[] FieldsOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body)) return [];
        var schema = body.GetProperty("content").EnumerateObject().First().Value.GetProperty("schema");
        if (schema.TryGetProperty("oneOf", out var choices))
            schema = choices.EnumerateArray().First(choice => choice.TryGetProperty("$ref", out _));
        if (schema.TryGetProperty("$ref", out var reference))
            schema = document.GetProperty("components").GetProperty("schemas")
                .GetProperty(reference.GetString()!.Split('/')[^1]);
        return schema.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(property => property.Name)]
            : [];
    }
}
