using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>
/// What a client sends wrongly is answered as its fault, with the place and the reason, and never as ours.
/// </summary>
public sealed partial class ClientFaultTests(Hosts hosts)
{
    private const int RequestsPerOperation = 60;

    [Theory, BothForms]
    public async Task Any_request_for_any_operation_gets_an_answer_of_the_contract(Form form)
    {
        // Many logins fail here: another test's must not be slowed down by them.
        await using var host = await hosts.StartAsync(form, ("EventsPageMax", "10"));
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 1_000, maxPerMember = 10 });
        var ann = (await boss.MembersAsync("ann", 1))[0];
        var bob = (await boss.MembersAsync("bob", 1))[0];
        var reservation = (await ann.ReserveAsync("gala")).Data.GetProperty("reservationId").GetString()!;
        var seed = Environment.TickCount;
        var fuzz = new RequestFuzz((await boss.GetAsync("/openapi/v1.json")).Body, seed);
        using var http = NewHttp(host.Url);
        var (findings, refused, count) = (new List<string>(), 0, 0);

        foreach (var operation in fuzz.Operations)
        {
            // A crowd that really buys would take a while.
            string[] ids = operation.Path.EndsWith("/rehearse", StringComparison.Ordinal)
                ? ["no-such-event"]
                : ["gala", reservation];
            for (var i = 0; i < RequestsPerOperation; i++)
            {
                var (request, words) = fuzz.Next(operation, ids);
                using var _ = request;
                // A logout ends the token that it is made with.
                var token = i % 5 == 0 ? null
                    : operation.Path == "/member/logout" ? bob.Token
                    : i % 2 == 0 ? ann.Token : boss.Token;
                if (token is not null) request.Headers.Add("x-access-token", token);
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                count++;
                if ((int)answer.StatusCode < 400) continue;
                refused++;
                if (await FaultOfAsync(answer, request.Method) is { } fault) findings.Add($"{fault}: {words}");
            }
        }

        Assert.True(findings.Count == 0, $"seed {seed}, {findings.Count} of {count}:\n{string.Join('\n', findings)}");
        Assert.True(refused > count / 4, $"{refused} of {count}");
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync("/ticket/reservations")).Status); // the tokens were valid
        Assert.Equal(HttpStatusCode.OK, (await boss.GetAsync("/admin/rehearsals")).Status);
    }

    [Theory, BothForms]
    public async Task A_body_of_another_charset_or_coding_is_refused_and_changes_nothing(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10);
        var ann = await stage.MemberAsync();
        (string Path, Client Client)[] calls =
        [
            ($"/ticket/reserve/{stage.EventId}", ann),
            ("/member/login", stage.Nobody), ("/member/signup", stage.Nobody),
            ("/admin/events", stage.Operator), ($"/admin/events/{stage.EventId}/pause", stage.Operator),
        ];
        (string Charset, string Coding)[] bodies =
            [("bogus", ""), ("utf-7", ""), ("utf-16", ""), ("iso-8859-1", ""), ("utf-8", "gzip"), ("utf-8", "br")];

        foreach (var (path, client) in calls)
        {
            foreach (var (charset, coding) in bodies)
            {
                using var body = new ByteArrayContent("{}"u8.ToArray());
                body.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
                if (coding.Length > 0) body.Headers.ContentEncoding.Add(coding);
                var reply = await client.SendAsync(HttpMethod.Post, path, body);
                Assert.Equal((415, "UNSUPPORTED_MEDIA_TYPE", path), ((int)reply.Status, reply.Code, path));
            }
        }
        Assert.Equal("OPEN", (await stage.NumbersAsync()).GetProperty("state").GetString());
        Assert.Equal(10, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task No_bytes_are_no_body_and_the_content_type_does_not_count(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10, holdSeconds: 600);
        var ann = await stage.MemberAsync();
        string[] types =
            ["application/x-www-form-urlencoded", "text/plain;charset=UTF-8", "application/json; charset=x"];

        foreach (var type in types)
        {
            foreach (var isChunked in new[] { false, true })
            {
                var held = await SendAsync($"/ticket/reserve/{stage.EventId}");
                var id = held.Data.GetProperty("reservationId").GetString();
                Assert.Equal("CONFIRMED", StatusOf(await SendAsync($"/ticket/reservations/{id}/confirm")));
                Assert.Equal("CANCELLED", StatusOf(await SendAsync($"/ticket/reservations/{id}/cancel")));

                async Task<Reply> SendAsync(string path)
                {
                    using HttpContent content = isChunked ? new StreamContent(new NoBytes()) : new ByteArrayContent([]);
                    content.Headers.TryAddWithoutValidation("Content-Type", type);
                    return await ann.SendAsync(HttpMethod.Post, path, content);
                }
            }
        }
        using var quoted = new StringContent("{}");
        quoted.Headers.Remove("Content-Type");
        quoted.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=\"UTF-8\"");
        Assert.Equal("BAD_CREDENTIALS",
            (await stage.Nobody.SendAsync(HttpMethod.Post, "/member/login", quoted)).Code);
        Assert.Equal("A body is missing.", (await stage.Operator.PostTextAsync("/admin/events", "")).Detail());

        static string? StatusOf(Reply reply) => reply.Data.GetProperty("status").GetString();
    }

    [Theory, BothForms]
    public async Task What_cannot_be_read_is_named_with_the_reason(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var change = $"/admin/events/{stage.EventId}";
        (string Json, string Field, string Reason)[] cases =
        [
            ("""{"opensAt":"2030-01-01T00:00:00"}""", "opensAt", "RFC 3339"),
            ("""{"opensAt":5}""", "opensAt", "RFC 3339"),
            ("""{"capacty":5}""", "capacty", "is not a field here: the fields are name, capacity,"),
            ("""{"capacity":"5"}""", "capacity", "must be a whole number from -2147483648 to 2147483647"),
            ("""{"capacity":1.5}""", "capacity", "must be a whole number"),
            ("""{"capacity":99999999999}""", "capacity", "must be a whole number"),
            ("""{"name":7}""", "name", "must be a string"),
            ("""{"remove":["name"]}""", "remove[0]", "must be a list of opensAt and closesAt"),
            ("""{"name":"\ud800"}""", "name", "is not valid Unicode"),
            ("""{"name":"a","name":"b"}""", "name", "is there twice"),
            ("""{"name":"a",}""", "body", "is not JSON at line 1, byte 13"),
            ("{\n\"name\":'a'}", "body", "is not JSON at line 2, byte 8"),
            ("{", "body", "is not JSON at line 1"),
            ("[]", "body", "must be an object"),
        ];

        foreach (var (json, field, reason) in cases)
        {
            using var body = new StringContent(json, Encoding.UTF8, "application/json");
            var reply = await stage.Operator.SendAsync(HttpMethod.Patch, change, body);
            Assert.Equal((400, "INVALID_REQUEST", json), ((int)reply.Status, reply.Code, json));
            Assert.True(reply.Body.TryGetProperty("errors", out var errors), $"{json}: {reply.Text}");
            Assert.True(errors.TryGetProperty(field, out var reasons), $"{json}: {reply.Text}");
            Assert.Contains(reason, reasons[0].GetString(), StringComparison.Ordinal);
            Assert.Contains(field, reply.Detail(), StringComparison.Ordinal);
        }
        var query = await stage.Nobody.GetAsync("/ticket/events?limit=many");
        Assert.StartsWith(
            "must be a whole number", query.Body.GetProperty("errors").GetProperty("limit")[0].GetString(),
            StringComparison.Ordinal);
        var reserve = await stage.Operator.PostTextAsync($"/ticket/reserve/{stage.EventId}", """{"quantity":"2"}""");
        Assert.Equal("must be a number", reserve.Body.GetProperty("errors").GetProperty("quantity")[0].GetString());
    }

    internal static HttpClient NewHttp(Uri url) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        })
        { BaseAddress = url };

    private static async Task<string?> FaultOfAsync(HttpResponseMessage answer, HttpMethod method)
    {
        var status = (int)answer.StatusCode;
        if (status >= 500 && status != 503) return status.ToString(CultureInfo.InvariantCulture);
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return $"{status} no problem";
        if (method == HttpMethod.Head) return null;
        var text = await answer.Content.ReadAsStringAsync();
        if (text.Length == 0) return $"{status} empty";
        var body = JsonDocument.Parse(text).RootElement;
        var missing = new[] { "code", "terminal", "outcome", "traceId", "title", "status", "type" }
            .Where(name => !body.TryGetProperty(name, out _));
        if (missing.Any()) return $"{status} without {string.Join(", ", missing)}";
        if (FrameworkWords().IsMatch(text)) return $"{status} {text}";
        return status == 400 && !(body.TryGetProperty("detail", out _) && body.TryGetProperty("errors", out _))
            ? $"{status} without detail and errors"
            : null;
    }

    [GeneratedRegex(@"System\.|BoxOffice\.|\.NET|LineNumber|Nullable|Exception|parameter")]
    private static partial Regex FrameworkWords();

    /// <summary>A stream without bytes whose length is not known: it is sent in chunks.</summary>
    private sealed class NoBytes : MemoryStream
    {
        public override bool CanSeek => false;
    }
}

internal static class ProblemDetails
{
    public static string? Detail(this Reply reply) =>
        reply.Body.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
}
