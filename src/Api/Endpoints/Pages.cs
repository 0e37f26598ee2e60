using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// The pages for people: the files of the folder <c>Pages</c>. Each is an endpoint of its own, served by the framework's
/// static files: no other request passes any code for them, and a path that is none of them is the usual 404.
/// </summary>
internal static class Pages
{
    private const string Folder = "Pages";
    private const string PageEnding = ".html";

    // What else lies there is for people who read the source: where a library came from, and its licence.
    private static readonly string[] Endings = [PageEnding, ".css", ".js", ".svg"];

    // Scripts and styles come from here or nowhere, and text cannot become markup: a name of an event that contains a script
    // stays a name.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        var root = Path.Combine(routes.ServiceProvider.GetRequiredService<IWebHostEnvironment>().ContentRootPath, Folder);
        var options = new StaticFileOptions { FileProvider = new PhysicalFileProvider(root), OnPrepareResponse = SetHeaders };
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(IsServed))
        {
            var file = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            routes.MapFallbackToFile(AddressOf(file), file, options).AllowAnonymous().ExcludeFromDescription();
        }
    }

    /// <summary><c>index.html</c> is at <c>/</c>, <c>admin.html</c> at <c>/admin</c>, and everything else where it lies.</summary>
    private static string AddressOf(string file) =>
        file == "index" + PageEnding ? "/"
        : file.EndsWith(PageEnding, StringComparison.Ordinal) ? "/" + file[..^PageEnding.Length]
        : "/" + file;

    private static bool IsServed(string path) => Endings.Contains(Path.GetExtension(path));

    private static void SetHeaders(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache"; // kept, but asked for each time: after an upgrade nobody has half of the old page
    }
}
