using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace BoxOffice.Api.Contracts;

/// <summary>
/// A complete body, plain and compressed; as a result it writes itself in the best encoding that the caller accepts.
/// For content without secrets only: the length of a compressed text reveals something about it (BREACH).
/// </summary>
public sealed class EncodedContent : IResult, IStatusCodeHttpResult
{
    /// <summary>
    /// Shorter bodies are not compressed: they fit into one packet with their headers, and compressing costs more than
    /// it saves.
    /// </summary>
    public const int CompressedBytesMin = 1_024;

    private const int BrotliQuality = 4; // higher ones take longer, for which the first request waits
    private const int BrotliWindow = 18; // 256 KB: the size of a long list

    private readonly string _mediaType;
    private readonly byte[] _plain;
    private readonly Lazy<byte[]?> _brotli;
    private readonly Lazy<byte[]?> _gzip;

    private EncodedContent(string mediaType, byte[] plain, Func<byte[]?> brotli, Func<byte[]?> gzip)
    {
        _mediaType = mediaType;
        _plain = plain;
        _brotli = new(brotli);
        _gzip = new(gzip);
    }

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    /// <summary>JSON, which is compressed once, when it is first requested so.</summary>
    /// <param name="json">UTF-8.</param>
    public static EncodedContent OfJson(byte[] json) => json.Length < CompressedBytesMin
        ? new("application/json; charset=utf-8", json, () => null, () => null)
        : new("application/json; charset=utf-8", json, () => Brotli(json), () => GZip(json));

    /// <summary>A file with its compressed forms beside it, whose names end with <c>.br</c> and <c>.gz</c>.</summary>
    /// <param name="mediaType">With the character set.</param>
    /// <param name="path">The plain file.</param>
    public static EncodedContent OfFile(string mediaType, string path)
    {
        var (brotli, gzip) = (File.ReadAllBytes(path + ".br"), File.ReadAllBytes(path + ".gz"));
        return new(mediaType, File.ReadAllBytes(path), () => brotli, () => gzip);
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var (encoding, body) = Choose(httpContext.Request.Headers.AcceptEncoding.ToString());
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        response.ContentType = _mediaType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }

    private (string? Encoding, byte[] Body) Choose(string accepted)
    {
        if (Takes(accepted, "br") && _brotli.Value is { } brotli) return ("br", brotli);
        if (Takes(accepted, "gzip") && _gzip.Value is { } gzip) return ("gzip", gzip);
        return (null, _plain);
    }

    /// <summary>
    /// Reads Accept-Encoding (RFC 9110): a list of names, each perhaps with a weight, where 0 means "not this one".
    /// </summary>
    private static bool Takes(ReadOnlySpan<char> accepted, string encoding)
    {
        foreach (var range in accepted.Split(','))
        {
            var item = accepted[range].Trim();
            var end = item.IndexOf(';');
            var name = end < 0 ? item : item[..end].TrimEnd();
            if (name.Equals(encoding, StringComparison.OrdinalIgnoreCase)) return end < 0 || !IsZero(item[(end + 1)..]);
        }
        return false;
    }

    private static bool IsZero(ReadOnlySpan<char> weight) => weight.Trim().TrimEnd('0') is "q=" or "q=0.";

    private static byte[]? Brotli(byte[] plain)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        return BrotliEncoder.TryCompress(plain, compressed, out var length, BrotliQuality, BrotliWindow)
            ? compressed[..length]
            : null;
    }

    private static byte[] GZip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(plain);
        return compressed.ToArray();
    }
}
