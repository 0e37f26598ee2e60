using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BoxOffice.Pages;

/// <summary>
/// Writes the pages as they are served: of each its HTML, with styles and pictures in it, and one script whose
/// address names its content; everything compressed as well as can be, and a list of it all.
/// </summary>
internal static partial class PageBundle
{
    private const int TagLength = 16; // 64 bits: enough that two versions differ

    /// <summary>Replaces what is in <paramref name="output"/>.</summary>
    /// <param name="source">The folder of the pages; what they refer to by an address is below it.</param>
    /// <param name="output">A folder that holds nothing else.</param>
    /// <param name="version">Of the program: it replaces <c>{version}</c> in a page.</param>
    public static void Write(string source, string output, string version)
    {
        if (Directory.Exists(output)) Directory.Delete(output, recursive: true);
        Directory.CreateDirectory(output);
        var files = Directory.EnumerateFiles(source, "*.html").Order(StringComparer.Ordinal)
            .SelectMany(page => WritePage(source, page, output, version)).ToArray();
        if (files.Length == 0) throw new PageException($"{source}: no page is there");
        var list = JsonSerializer.SerializeToUtf8Bytes(files, ServedFileJson.Default.ServedFileArray);
        File.WriteAllBytes(Path.Combine(output, ServedFile.ListName), list);
    }

    private static IEnumerable<ServedFile> WritePage(string source, string page, string output, string version)
    {
        var name = Path.GetFileNameWithoutExtension(page);
        var html = File.ReadAllText(page).Replace("{version}", version, StringComparison.Ordinal);

        var entry = ScriptTag().Match(html);
        if (!entry.Success) throw new PageException($"{page}: no script of type module is there");
        var script = Encoding.UTF8.GetBytes(ScriptBundle.Of(source, entry.Groups["path"].Value));
        var tag = TagOf(script);
        var served = new ServedFile(
            $"/assets/{name}-{tag}.js", $"{name}.js", "text/javascript; charset=utf-8", tag, true);
        html = html.Replace($"/{entry.Groups["path"].Value}", served.Address, StringComparison.Ordinal);

        var style = string.Concat(StyleTag().Matches(html).Select(link => File.ReadAllText(FileOf(link))));
        var isFirst = true;
        html = StyleTag().Replace(html, _ =>
        {
            if (!isFirst) return "";
            isFirst = false;
            return $"  <style>{style}</style>\n";
        });
        html = Picture().Replace(html, link => $"{link.Groups["before"].Value}{DataOf(FileOf(link))}\"");
        if (LeftOver().Match(html.Replace(served.Address, "", StringComparison.Ordinal)) is { Success: true } left)
            throw new PageException($"{page}: {left.Value} is neither a style sheet, a picture nor the script");

        var content = Encoding.UTF8.GetBytes(html);
        EncodedFile.Write(Path.Combine(output, served.Name), script);
        EncodedFile.Write(Path.Combine(output, name + ".html"), content);
        var hash = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'";
        return
        [
            new(AddressOf(name), name + ".html", "text/html; charset=utf-8", TagOf(content), false, hash),
            served,
        ];

        string FileOf(Match link) => Path.Combine(source, link.Groups["path"].Value);
    }

    private static string AddressOf(string page) => page == "index" ? "/" : "/" + page;

    private static string TagOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..TagLength];

    private static string DataOf(string picture) => Path.GetExtension(picture) == ".svg"
        ? "data:image/svg+xml," + Uri.EscapeDataString(File.ReadAllText(picture).Trim())
        : throw new PageException($"{picture}: pictures of a page are SVG");

    [GeneratedRegex("""<script type="module" src="/(?<path>assets/[^"]+)"></script>""")]
    private static partial Regex ScriptTag();

    [GeneratedRegex("""[ ]*<link rel="stylesheet" href="/(?<path>assets/[^"]+)">\n""")]
    private static partial Regex StyleTag();

    [GeneratedRegex("""(?<before>(src|href)=")/(?<path>assets/[^"]+\.svg)["]""")]
    private static partial Regex Picture();

    [GeneratedRegex("""/assets/[^"]*""")]
    private static partial Regex LeftOver();
}
