using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class EdgeTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task Every_error_is_a_problem_with_the_same_fields(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var ann = await stage.MemberAsync();
        (Testing.Reply Reply, int Status, string Code)[] cases =
        [
            (await ann.GetAsync("/nothing/here"), 404, "NOT_FOUND"),
            (await ann.GetAsync("/ticket/reserve/1"), 405, "METHOD_NOT_ALLOWED"),
            (await ann.SendAsync(HttpMethod.Delete, "/ticket/events", null), 405, "METHOD_NOT_ALLOWED"),
            (await ann.PostTextAsync("/member/login", "x", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"),
            (await ann.PostTextAsync("/member/login", "{\"id\":\"" + new string('x', 100_000) + "\"}"), 413,
                "PAYLOAD_TOO_LARGE"),
            (await stage.Nobody.PostAsync("/ticket/reserve/1"), 401, "UNAUTHENTICATED"),
            (await ann.PostAsync("/admin/events"), 403, "FORBIDDEN"),
        ];

        foreach (var (reply, status, code) in cases)
        {
            Assert.Equal((status, code), ((int)reply.Status, reply.Code));
            Assert.Equal("application/problem+json", reply.Message.Content.Headers.ContentType?.MediaType);
            Assert.Equal(status, reply.Body.GetProperty("status").GetInt32());
            Assert.StartsWith(
                "urn:boxoffice:problem:", reply.Body.GetProperty("type").GetString(), StringComparison.Ordinal);
            Assert.NotEmpty(reply.Body.GetProperty("title").GetString()!);
            Assert.NotEmpty(reply.Body.GetProperty("traceId").GetString()!);
            Assert.Equal("NOT_APPLIED", reply.Body.GetProperty("outcome").GetString());
            Assert.True(reply.Body.GetProperty("terminal").GetBoolean());
        }
    }

    [Theory, BothForms]
    public async Task Requests_that_are_not_http_end_with_400_and_the_next_is_served(Form form)
    {
        var url = (await hosts[form]).Url;
        foreach (var nonsense in new[] { "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /alive HTTP/1.1\r\n\r\n" })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(url.Host, url.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(nonsense));
            using var reader = new StreamReader(socket.GetStream());
            Assert.Matches("^HTTP/1.1 (400|505) ", await reader.ReadLineAsync());
        }
        var client = new Testing.Client(url);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).Status);
    }

    [Theory, BothForms]
    public async Task It_is_alive_and_ready(Form form)
    {
        var client = new Testing.Client((await hosts[form]).Url);

        Assert.Equal(
            (HttpStatusCode.OK, "ALIVE"),
            (await client.GetAsync("/alive")) is var alive
                ? (alive.Status, alive.Data.GetProperty("status").GetString())
                : default);
        Assert.Equal(
            (HttpStatusCode.OK, "READY"),
            (await client.GetAsync("/health")) is var health
                ? (health.Status, health.Data.GetProperty("status").GetString())
                : default);
    }

    [Theory, BothForms]
    public async Task Its_version_is_the_one_that_is_built(Form form)
    {
        var built = Regex.Match(
            File.ReadAllText(ProgramProcess.InRepository("Directory.Build.props")),
            "<Version>(.+)</Version>").Groups[1].Value;
        var client = new Testing.Client((await hosts[form]).Url);

        Assert.Equal(built, (await client.GetAsync("/health")).Data.GetProperty("version").GetString());
    }

    [Theory, BothForms]
    public async Task Every_answer_says_in_which_second_it_was_asked_for(Form form)
    {
        var client = new Testing.Client((await hosts[form]).Url);
        var tolerance = TimeSpan.FromMilliseconds(50); // a cluster's clock is the database's, as it was read
        var seconds = new HashSet<DateTimeOffset>();

        while (seconds.Count < 3) // asks at all moments of a second
        {
            var askedAt = TimeProvider.System.GetUtcNow();
            var date = (await client.GetAsync("/alive")).Message.Headers.Date!.Value;
            var readAt = TimeProvider.System.GetUtcNow();
            Assert.InRange(date, askedAt - TimeSpan.FromSeconds(1) - tolerance, readAt + tolerance);
            seconds.Add(date);
        }
    }

    [Theory, BothForms]
    public async Task The_openapi_document_has_every_call_and_says_how_to_send_the_token(Form form)
    {
        var client = new Testing.Client((await hosts[form]).Url);

        var document = (await client.GetAsync("/openapi/v1.json")).Body;

        var calls = document.GetProperty("paths").EnumerateObject()
            .SelectMany(
                path => path.Value.EnumerateObject().Select(verb => $"{verb.Name.ToUpperInvariant()} {path.Name}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(
        [
            "GET /admin/audit",
            "GET /admin/cluster",
            "GET /admin/events/{eventId}/journal",
            "GET /admin/events/{eventId}/reconcile",
            "GET /admin/events/{eventId}/reservations",
            "GET /admin/events/{eventId}/timing",
            "GET /admin/rehearsals",
            "GET /admin/rehearsals/{rehearsalId}",
            "GET /admin/rehearsals/{rehearsalId}/report",
            "GET /alive",
            "GET /health",
            "GET /ticket/events",
            "GET /ticket/events/{eventId}",
            "GET /ticket/events/{eventId}/stream",
            "GET /ticket/reservations",
            "GET /ticket/reservations/{reservationId}",
            "PATCH /admin/events/{eventId}",
            "POST /admin/events",
            "POST /admin/events/{eventId}/pause",
            "POST /admin/events/{eventId}/rehearse",
            "POST /admin/events/{eventId}/repair", "POST /admin/events/{eventId}/resume",
            "POST /admin/members",
            "POST /admin/members/{memberId}/revoke",
            "POST /admin/rehearsals/{rehearsalId}/stop",
            "POST /admin/tokens",
            "POST /member/login",
            "POST /member/logout",
            "POST /member/password",
            "POST /member/signup",
            "POST /ticket/reservations/{reservationId}/cancel",
            "POST /ticket/reservations/{reservationId}/confirm",
            "POST /ticket/reserve/{eventId}",
        ], calls);
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("x-access-token");
        Assert.Equal(
            ("apiKey", "header", "x-access-token"),
            (scheme.GetProperty("type").GetString(), scheme.GetProperty("in").GetString(),
                scheme.GetProperty("name").GetString()));
        var reserve = document.GetProperty("paths").GetProperty("/ticket/reserve/{eventId}").GetProperty("post");
        Assert.Equal(
            ["200", "400", "401", "404", "409", "413", "415", "422", "429", "503", "default"],
            reserve.GetProperty("responses")
                .EnumerateObject()
                .Select(response => response.Name)
                .Order(StringComparer.Ordinal));
        Assert.Contains(
            reserve.GetProperty("parameters").EnumerateArray(),
            parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key");
        Assert.Equal(2, reserve.GetProperty("security").GetArrayLength()); // each is enough
        Assert.Equal("#/components/schemas/Problem", reserve.GetProperty("responses").GetProperty("503")
            .GetProperty("content").GetProperty("application/problem+json")
            .GetProperty("schema").GetProperty("$ref").GetString());
        Assert.True(
            document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties")
                .TryGetProperty("outcome", out _));
        Assert.True(
            reserve.GetProperty("responses").GetProperty("200").GetProperty("headers").TryGetProperty(
                "Idempotency-Replayed", out _));
        Assert.True(
            reserve.GetProperty("responses").GetProperty("503").GetProperty("headers").TryGetProperty(
                "Retry-After", out _));
        Assert.All(
            reserve.GetProperty("responses").EnumerateObject().Where(response => response.Name != "default"),
            response => Assert.True(response.Value.GetProperty("headers").TryGetProperty("Server-Timing", out _)));
    }

    [Theory, BothForms]
    public async Task The_openapi_document_has_every_status_that_a_call_is_answered_with(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var (ann, nobody, boss) = (await stage.MemberAsync(), stage.Nobody, stage.Operator);
        await stage.OpenAsync(capacity: 1);
        var (gala, none) = (stage.EventId, "no-such-event");
        var document = (await nobody.GetAsync("/openapi/v1.json")).Body.GetProperty("paths");
        (string Call, Testing.Reply Reply)[] answers =
        [
            ("get /ticket/events", await nobody.GetAsync("/ticket/events?limit=0")),
            ("get /ticket/events", await nobody.GetAsync("/ticket/events?limit=many")),
            ("get /ticket/events/{eventId}", await nobody.GetAsync($"/ticket/events/{gala}")),
            ("get /ticket/events/{eventId}", await nobody.GetAsync($"/ticket/events/{none}")),
            ("post /ticket/reserve/{eventId}", await ann.PostTextAsync($"/ticket/reserve/{gala}", "{")),
            ("post /ticket/reserve/{eventId}", await ann.PostTextAsync($"/ticket/reserve/{gala}", "x", "text/plain")),
            ("post /ticket/reserve/{eventId}",
                await ann.PostTextAsync($"/ticket/reserve/{gala}", new string(' ', 5_000))),
            ("post /ticket/reserve/{eventId}", await ann.PostTextAsync($"/ticket/reserve/{gala}", "{\"quantity\":0}")),
            ("post /ticket/reserve/{eventId}", await ann.PostAsync($"/ticket/reserve/{none}")),
            ("post /ticket/reserve/{eventId}", await nobody.PostAsync($"/ticket/reserve/{gala}")),
            ("get /ticket/reservations/{reservationId}", await ann.GetAsync($"/ticket/reservations/{gala}-99")),
            ("post /member/login", await nobody.PostTextAsync("/member/login", "{")),
            ("post /member/login", await nobody.PostTextAsync("/member/login", "x", "text/plain")),
            ("post /member/login",
                await nobody.PostTextAsync("/member/login", "{\"id\":\"" + new string('x', 100_000) + "\"}")),
            ("post /admin/events", await ann.PostAsync("/admin/events")),
            ("post /admin/events", await boss.PostTextAsync("/admin/events", "{")),
            ("get /admin/events/{eventId}/journal", await boss.GetAsync($"/admin/events/{gala}/journal?after=soon")),
            ("get /admin/events/{eventId}/journal", await boss.GetAsync($"/admin/events/{gala}/journal?after=-1")),
            ("get /admin/events/{eventId}/reservations",
                await boss.GetAsync($"/admin/events/{gala}/reservations?format=xml")),
            ("get /admin/events/{eventId}/reconcile", await boss.GetAsync($"/admin/events/{none}/reconcile")),
        ];

        var undocumented = answers.Where(answer => answer.Call.Split(' ') is var call
            && !document.GetProperty(call[1]).GetProperty(call[0]).GetProperty("responses").TryGetProperty(
                ((int)answer.Reply.Status).ToString(CultureInfo.InvariantCulture), out _));
        Assert.Empty(undocumented.Select(answer => $"{answer.Call}: {(int)answer.Reply.Status} {answer.Reply.Code}"));
        Assert.True(answers.Select(answer => answer.Reply.Status).Distinct().Count() >= 8);
    }
}
