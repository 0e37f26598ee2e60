using System.IO.Compression;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>Compressed answers.</summary>
internal static class Compressed
{
    /// <summary>A caller's Accept-Encoding, and the encoding of the answer.</summary>
    public static readonly (string Accepted, string Encoding)[] Cases =
    [
        ("gzip, deflate, br, zstd", "br"), // a browser
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0", ""),
        ("identity", ""),
    ];

    public static string EncodingOf(Reply reply) => string.Join(',', reply.Message.Content.Headers.ContentEncoding);

    public static async Task<string> TextOfAsync(Reply reply)
    {
        var body = await reply.Message.Content.ReadAsStreamAsync();
        body.Position = 0; // it was read before
        await using Stream plain = EncodingOf(reply) switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        return await new StreamReader(plain).ReadToEndAsync();
    }
}
