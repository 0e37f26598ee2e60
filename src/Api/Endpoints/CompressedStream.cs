using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// Marks an endpoint whose long answer is written piece by piece: the framework's middleware compresses the pieces.
/// Only requests for such an endpoint pass the middleware. Server-sent events are not marked.
/// </summary>
internal sealed class CompressedStream
{
    /// <summary>The mark.</summary>
    public static readonly CompressedStream Mark = new();
}

/// <summary>Adds the middleware for <see cref="CompressedStream"/>.</summary>
internal static class CompressedStreams
{
    // Streams are long, and the processor that compresses them also sells.
    private const CompressionLevel Level = CompressionLevel.Fastest;

    public static void AddCompressedStreams(this IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            // These answers contain no secret, and a browser sends the token only when a script of the pages adds it.
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/json", "application/x-ndjson", "text/csv"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = Level);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = Level);
    }

    public static void UseCompressedStreams(this WebApplication app) =>
        app.UseWhen(IsMarked, marked => marked.UseResponseCompression());

    private static bool IsMarked(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<CompressedStream>() is not null;
}
