using System.Net;
using System.Net.Sockets;
using System.Text;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>What clients may count on at every path: HEAD, unknown paths and methods, and waits.</summary>
public sealed class UniformAnswerTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task Head_is_answered_where_get_is_with_the_same_status_and_headers(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var reservation = (await stage.Operator.ReserveAsync(stage.EventId)).Data
            .GetProperty("reservationId").GetString();
        var document = (await stage.Nobody.GetAsync("/openapi/v1.json")).Body;
        var paths = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out _))
            .Select(path => path.Name.Replace("{eventId}", stage.EventId, StringComparison.Ordinal)
                .Replace("{reservationId}", reservation, StringComparison.Ordinal)
                .Replace("{rehearsalId}", "r1", StringComparison.Ordinal))
            .Concat(["/", "/admin", "/admin/dashboard/", "/openapi/v1.json", "/no/such/path", "/member/login"])
            .Append($"/admin/events/{stage.EventId}/reservations?format=csv");
        using var http = ClientFaultTests.NewHttp(stage.Url);

        foreach (var path in paths)
        {
            using var get = await SendAsync(HttpMethod.Get, path);
            using var head = await SendAsync(HttpMethod.Head, path);
            Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
            Assert.Equal($"{path}: {NamesOf(get)}", $"{path}: {NamesOf(head)}");
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
        {
            var request = new HttpRequestMessage(method, path);
            request.Headers.Add("x-access-token", stage.Operator.Token);
            return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }

        static string NamesOf(HttpResponseMessage answer) => string.Join(' ', answer.Headers
            .Concat(answer.Content.Headers)
            .Select(header => header.Key)
            .Where(name => name is not ("Transfer-Encoding" or "Content-Length")) // depend on how the body is written
            .Order(StringComparer.Ordinal));
    }

    [Theory, BothForms]
    public async Task An_unknown_path_or_method_below_any_path_is_a_problem(Form form)
    {
        var stage = await hosts.StageAsync(form);
        string[] paths =
        [
            "/openapi/v2.json", "/openapi/v1.yaml", "/openapi", "/ticket", "/ticket/none", "/admin/none",
            "/admin/events", "/member", "/admin/dashboard/none", "/admin/rehearsals/r1/none", "/alive/none", "/%ff",
            "/ticket//events", "/health/",
        ];

        foreach (var path in paths)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete, new HttpMethod("FUZZ") })
            {
                var reply = await stage.Operator.SendAsync(method, path, null);
                if (reply.Status == HttpStatusCode.OK) continue;
                Assert.Contains((int)reply.Status, new[] { 404, 405 });
                Assert.Equal((path, true), (path, reply.Code is "NOT_FOUND" or "METHOD_NOT_ALLOWED"));
            }
        }
    }

    [Theory, BothForms]
    public async Task No_client_is_told_to_wait_for_longer_than_an_hour(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var opensAt = TimeProvider.System.GetUtcNow().AddDays(40);
        await stage.OpenAsync(capacity: 1, opensAt: opensAt);

        var reply = await (await stage.MemberAsync()).ReserveAsync(stage.EventId);

        Assert.Equal("NOT_OPEN", reply.Code);
        Assert.Equal(3_600_000, reply.Body.GetProperty("retryAfterMs").GetInt64());
        Assert.Equal("3600", reply.Header("Retry-After"));
        Assert.Equal(opensAt, reply.Body.GetProperty("opensAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
    }

    [Theory, BothForms]
    public async Task What_the_http_server_answers_by_itself_is_documented(Form form)
    {
        var url = (await hosts[form]).Url;
        var described = (await new Client(url).GetAsync("/openapi/v1.json")).Body
            .GetProperty("info").GetProperty("description").GetString()!;
        string[] requests =
        [
            "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /{new string('x', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('x', 40_000)}\r\n\r\n",
        ];

        foreach (var request in requests)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(url.Host, url.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            using var reader = new StreamReader(socket.GetStream());
            Assert.Contains((await reader.ReadLineAsync())!.Split(' ')[1], described, StringComparison.Ordinal);
        }
    }
}
