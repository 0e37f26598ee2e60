using System.IO.Compression;

namespace BoxOffice.Pages;

/// <summary>A file, and beside it the same compressed.</summary>
internal static class EncodedFile
{
    public static void Write(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        using var brotli = new BrotliStream(File.Create(path + ".br"), CompressionLevel.SmallestSize);
        brotli.Write(content);
        using var gzip = new GZipStream(File.Create(path + ".gz"), CompressionLevel.SmallestSize);
        gzip.Write(content);
    }
}
