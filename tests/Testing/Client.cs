using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace BoxOffice.Testing;

/// <summary>A response with its body.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">The complete response.</param>
/// <param name="Text">The body.</param>
public sealed record Reply(HttpStatusCode Status, HttpResponseMessage Message, string Text)
{
    public JsonElement Body => JsonDocument.Parse(Text).RootElement;

    /// <summary>The content of a success envelope.</summary>
    public JsonElement Data => Body.TryGetProperty("data", out var data)
        ? data
        : throw new InvalidOperationException($"Not a success: {this}");

    /// <summary>The code of a problem; null for a success.</summary>
    public string? Code => Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted
        ? null
        : Body.GetProperty("code").GetString();

    public string? Header(string name) => Message.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    public override string ToString() => $"{(int)Status} {Text}";
}

/// <summary>
/// An API client: anonymous, or with the token of a member or an operator. All clients share connections.
/// </summary>
public sealed class Client(Uri url, string? token = null)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, // tests send header values that browsers would not
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    public string? Token => token;

    /// <summary>The same caller at another address. A restarted embedded host has a new port.</summary>
    public Client At(Uri other) => new(other, token);

    /// <summary>Another caller at this address.</summary>
    public Client As(string otherToken) => new(url, otherToken);

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Reply> PostAsync(string path, object? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : JsonContent.Create(json), headers);

    public Task<Reply> PatchAsync(string path, object json) =>
        SendAsync(HttpMethod.Patch, path, JsonContent.Create(json));

    public Task<Reply> PostTextAsync(string path, string body, string contentType = "application/json") =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, contentType));

    public Task<Reply> ReserveAsync(string eventId, int? quantity = null, string? key = null) =>
        PostAsync($"/ticket/reserve/{eventId}", quantity is { } count ? new { quantity = count } : null,
            key is null ? [] : [("Idempotency-Key", key)]);

    public async Task<Reply> SendAsync(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, path)) { Content = content };
        if (token is not null) request.Headers.Add("x-access-token", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var answer = await SendAsync(request);
        return new(answer.StatusCode, answer, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a request. Every broken connection is an <see cref="HttpRequestException"/>.</summary>
    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await Http.SendAsync(request);
        }
        catch (SocketException e)
        {
            // .NET does not wrap this one: the peer was killed between connecting and the first read of its address.
            throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
        }
    }

    /// <summary>Logs the operator in.</summary>
    public static async Task<Client> OperatorAsync(Uri url)
    {
        var reply = await new Client(url).PostAsync(
            "/member/login", new { id = "operator", password = BoxOfficeHost.OperatorPassword });
        return new(url, reply.Data.GetProperty("accessToken").GetString());
    }

    /// <summary>Issues tokens for new members. This client must be an operator's.</summary>
    public async Task<Client[]> MembersAsync(string prefix, int count)
    {
        var reply = await PostAsync("/admin/tokens", new { prefix, first = 1, count });
        return [
            .. reply.Data.GetProperty("tokens").EnumerateArray().Select(issued => new Client(url, issued.GetString())),
        ];
    }
}
