using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Clients.Tests;

/// <summary>What generators and readers need of every part of the document.</summary>
public sealed partial class DocumentTests(ServedDocument served)
{
    private const int Requests = 100;

    private static readonly string[] Kinds = ["type", "$ref", "oneOf", "allOf", "anyOf"];

    [Fact]
    public void Every_schema_has_a_type_and_a_name_that_generators_take()
    {
        var schemas = Root.GetProperty("components").GetProperty("schemas");

        Assert.All(schemas.EnumerateObject(), schema => Assert.Matches("^[A-Za-z0-9._-]+$", schema.Name));
        var untyped = schemas.EnumerateObject()
            .SelectMany(schema => Nested(schema.Value, schema.Name))
            .Where(found => !Kinds.Any(kind => found.Schema.TryGetProperty(kind, out _)))
            .Select(found => found.Path);
        Assert.Empty(untyped);
    }

    [Fact]
    public void A_list_and_a_single_thing_are_different_schemas()
    {
        Assert.Equal("array", DataOf("EventListResponse").GetProperty("type").GetString());
        Assert.Equal("#/components/schemas/Event", DataOf("EventResponse").GetProperty("$ref").GetString());
    }

    [Fact]
    public void Every_success_has_its_data()
    {
        var responses = Root.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Name.EndsWith("Response", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(responses);
        Assert.All(responses, schema =>
        {
            Assert.Contains("data", schema.Value.GetProperty("required").ToString(), StringComparison.Ordinal);
            Assert.False(schema.Value.GetProperty("properties").GetProperty("data").TryGetProperty("oneOf", out _));
        });
    }

    [Fact]
    public void Every_call_has_a_name_a_description_and_a_code_for_each_refusal()
    {
        var calls = Calls().ToList();

        Assert.Equal(calls.Count, calls.Select(call => call.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var call in calls)
        {
            Assert.NotEmpty(call.GetProperty("description").GetString()!);
            Assert.True(call.TryGetProperty("security", out _));
            foreach (var response in call.GetProperty("responses").EnumerateObject())
            {
                if (response.Name is not ['4' or '5', ..]) continue;
                Assert.Matches(@"- `[A-Z_]+`: ", response.Value.GetProperty("description").GetString()!);
                Assert.True(response.Value.GetProperty("content").TryGetProperty("application/problem+json", out _));
            }
        }
    }

    [Fact]
    public void No_text_names_what_only_the_source_knows()
    {
        Assert.All(Texts(Root), text => Assert.DoesNotMatch(SourceWords(), text));
    }

    [Fact]
    public async Task It_is_made_once_and_not_sent_again_while_it_is_the_same()
    {
        var nobody = new Client(served.Host.Url);
        var tag = (await nobody.GetAsync("/openapi/v1.json")).Header("ETag");

        Assert.NotNull(tag);
        var again = await nobody.GetAsync("/openapi/v1.json", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        // Making it takes tens of milliseconds of processor time, an answer from memory less than one.
        var before = Processor();
        for (var i = 0; i < Requests; i++) await nobody.GetAsync("/openapi/v1.json");
        Assert.InRange((Processor() - before) / Requests, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));
    }

    private JsonElement Root => JsonDocument.Parse(served.Json).RootElement;

    private TimeSpan Processor() => System.Diagnostics.Process.GetProcessById(served.Host.Api.Id).TotalProcessorTime;

    private JsonElement DataOf(string name) => Root.GetProperty("components").GetProperty("schemas").GetProperty(name)
        .GetProperty("properties").GetProperty("data");

    private IEnumerable<JsonElement> Calls() => Root.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject()).Select(call => call.Value);

    private static IEnumerable<(string Path, JsonElement Schema)> Nested(JsonElement schema, string path)
    {
        yield return (path, schema);
        if (schema.TryGetProperty("items", out var items))
            foreach (var found in Nested(items, path + "[]")) yield return found;
        if (!schema.TryGetProperty("properties", out var properties)) yield break;
        foreach (var property in properties.EnumerateObject())
            foreach (var found in Nested(property.Value, $"{path}.{property.Name}")) yield return found;
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property is { Name: "description" or "summary", Value.ValueKind: JsonValueKind.String }
                ? [property.Value.GetString()!]
                : Texts(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        _ => [],
    };

    // Names of types and constants, generics, references to members, and Orleans' own words.
    [GeneratedRegex(@"\w+Answer\b|\bint \w+\.|[a-z]<|\bgrains?\b|Orleans|\b[A-Z][a-z]+[A-Z]\w+\.\w+")]
    private static partial Regex SourceWords();
}
