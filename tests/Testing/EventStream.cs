using System.Text.Json;

namespace BoxOffice.Testing;

/// <summary>A message of server-sent events; a comment has neither name nor data.</summary>
public sealed record StreamMessage(string? Id, string? Name, string? Data)
{
    public JsonElement Numbers => JsonDocument.Parse(Data!).RootElement;
}

/// <summary>A client of an event's stream, as a browser's EventSource is.</summary>
public sealed class EventStream : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventStream(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    public HttpResponseMessage Answer => _answer;

    public static async Task<EventStream> OpenAsync(
        Uri url, string eventId, string? lastEventId = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, $"/ticket/events/{eventId}/stream"));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        return new(answer, new(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next message, or null when the stream has ended.</summary>
    public async Task<StreamMessage?> NextAsync()
    {
        string? id = null, name = null, data = null;
        var isComment = false;
        while (await _lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length == 0 && (isComment || data is not null)) return new(id, name, data);
            if (line.StartsWith(':')) isComment = true;
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
        }
        return null;
    }

    /// <summary>The next numbers that satisfy the condition.</summary>
    public async Task<JsonElement> NumbersAsync(Func<JsonElement, bool> isIt)
    {
        while (await NextAsync() is { } message)
        {
            if (message.Data is not null && isIt(message.Numbers)) return message.Numbers;
        }
        throw new InvalidOperationException("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
