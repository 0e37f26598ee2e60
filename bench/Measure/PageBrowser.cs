using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace BoxOffice.Measure;

/// <summary>
/// Fetches a page over plain HTTP as a browser does, with its own connections and cache: the files that the HTML names,
/// cached or revalidated as the answers' headers say. It runs no script; it makes the script's calls itself.
/// </summary>
internal sealed partial class PageBrowser : IDisposable
{
    private const int ConnectionsMax = 6; // as browsers to one address

    private readonly Dictionary<string, CachedFile> _cache = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = ConnectionsMax,
        ResponseDrainTimeout = TimeSpan.Zero, // closes an abandoned stream at once, as a browser does
    });
    private long _bytes;
    private int _requests;

    /// <summary>Bytes of bodies since <see cref="BeginPage"/>, compressed as they were sent.</summary>
    public long Bytes => _bytes;

    /// <summary>Requests since <see cref="BeginPage"/>.</summary>
    public int Requests => _requests;

    /// <summary>A browser without a cache: a first visit.</summary>
    public static PageBrowser New(PageBrowser? last) => new();

    /// <summary>The same browser with its cache: a return visit.</summary>
    public static PageBrowser Kept(PageBrowser? last) => last ?? new();

    public void Dispose() => _http.Dispose();

    public void BeginPage() => (_bytes, _requests) = (0, 0);

    /// <summary>Loads the list of events.</summary>
    public async Task OpenListAsync(Uri url)
    {
        await OpenAsync(url);
        using var list = await SendAsync(new(url, "/ticket/events?limit=50"));
        await ReadAsync(list);
    }

    /// <summary>Loads one event until its first numbers arrive, and closes the stream.</summary>
    public async Task OpenEventAsync(Uri url, string eventId)
    {
        await OpenAsync(url);
        using var stream = await SendAsync(new(url, $"/ticket/events/{eventId}/stream"));
        await using var body = await stream.Content.ReadAsStreamAsync();
        using var lines = new StreamReader(body);
        while (await lines.ReadLineAsync() is { } line && !line.StartsWith("data:", StringComparison.Ordinal)) { }
    }

    private async Task OpenAsync(Uri page)
    {
        var html = Encoding.UTF8.GetString(await FetchAsync(page));
        var named = Named().Matches(html).Select(match => match.Groups[1].Value).Distinct();
        await Task.WhenAll(named.Select(path => FetchAsync(new(page, path))));
    }

    private async Task<byte[]> FetchAsync(Uri url)
    {
        CachedFile? known;
        lock (_cache) known = _cache.GetValueOrDefault(url.PathAndQuery);
        if (known is { IsImmutable: true }) return known.Body;
        using var answer = await SendAsync(url, known?.Tag);
        if (answer.StatusCode == HttpStatusCode.NotModified) return known!.Body;
        var body = Decompressed(await ReadAsync(answer), answer.Content.Headers.ContentEncoding);
        var isImmutable = answer.Headers.CacheControl?.Extensions.Any(extension => extension.Name == "immutable")
            ?? false;
        lock (_cache) _cache[url.PathAndQuery] = new(body, answer.Headers.ETag, isImmutable);
        return body;
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, EntityTagHeaderValue? tag = null)
    {
        Interlocked.Increment(ref _requests);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br, zstd");
        if (tag is not null) request.Headers.IfNoneMatch.Add(tag);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotModified
            ? answer : throw new InvalidOperationException($"{url}: {answer.StatusCode}");
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsByteArrayAsync();
        Interlocked.Add(ref _bytes, body.Length);
        return body;
    }

    private static byte[] Decompressed(byte[] body, ICollection<string> encodings)
    {
        if (!encodings.Contains("br")) return body;
        using var brotli = new BrotliStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        brotli.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>Style sheets, scripts, preloaded modules and pictures.</summary>
    [GeneratedRegex("""(?:src|href)="(/assets/[^"]+)["]""")]
    private static partial Regex Named();

    private sealed record CachedFile(byte[] Body, EntityTagHeaderValue? Tag, bool IsImmutable);
}
