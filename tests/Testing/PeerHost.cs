using System.Globalization;
using System.Net;
using System.Text.Json;

namespace BoxOffice.Testing;

/// <summary>
/// A running peer: another way to sell tickets, behind the same route and token (bench/Peers).
/// </summary>
public sealed class PeerHost : IAsyncDisposable
{
    private PeerHost(ProgramProcess process, Uri url) => (Process, Url) = (process, url);

    public ProgramProcess Process { get; }

    public Uri Url { get; }

    /// <summary>
    /// Starts a peer by name, with settings such as <c>Peers__PoolSize</c>, and returns when it accepts calls.
    /// </summary>
    public static async Task<PeerHost> StartAsync(string name, params (string Key, string Value)[] settings)
    {
        var process = StartProcess(name, settings);
        return new(process, new((await process.LineAsync($"BoxOffice peer {name} is open at")).Split(" at ")[1]));
    }

    /// <summary>Starts a peer that may fail at its start. It listens on free ports only.</summary>
    public static ProgramProcess StartProcess(string name, params (string Key, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["BoxOffice__TokenKey"] = BoxOfficeHost.TokenKey,
            ["BoxOffice__SiloPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["BoxOffice__GatewayPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in settings) environment[key] = value;
        return ProgramProcess.Start("Peers", environment, "--peer", name, "--urls", "http://127.0.0.1:0");
    }

    /// <summary>Puts an event on sale, and deletes its earlier sales.</summary>
    public Task OpenAsync(string eventId, int capacity) =>
        SucceedAsync(HttpMethod.Put, string.Create(
            CultureInfo.InvariantCulture, $"/bench/events/{eventId}?capacity={capacity}"));

    /// <summary>What is stored: capacity, remaining, sold, durable.</summary>
    public async Task<JsonElement> NumbersAsync(string eventId) =>
        (await SucceedAsync(HttpMethod.Get, $"/bench/events/{eventId}")).Body;

    /// <summary>member1, member2 … with their tokens.</summary>
    public async Task<Client[]> MembersAsync(int count)
    {
        var reply = await SucceedAsync(
            HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"/bench/tokens?count={count}"));
        var tokens = reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. tokens.Select(token => new Client(Url, token))];
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task<Reply> SucceedAsync(HttpMethod method, string path)
    {
        var reply = await new Client(Url).SendAsync(method, path, null);
        return reply.Status == HttpStatusCode.OK
            ? reply
            : throw new InvalidOperationException($"{method} {path}: {reply}");
    }
}
