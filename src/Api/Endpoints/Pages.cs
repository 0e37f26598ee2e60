using System.Text.Json;
using BoxOffice.Api.Contracts;
using BoxOffice.Pages;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// The pages, as the build has bundled and compressed them. Each file is an endpoint of its own, served from memory:
/// other requests pass no code for them, and an unknown path is the usual 404.
/// </summary>
internal static class Pages
{
    private const string Folder = "Pages";

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        var content = routes.ServiceProvider.GetRequiredService<IWebHostEnvironment>().ContentRootPath;
        var folder = Path.Combine(content, Folder);
        var list = File.ReadAllBytes(Path.Combine(folder, ServedFile.ListName));
        foreach (var file in JsonSerializer.Deserialize(list, ServedFileJson.Default.ServedFileArray)!)
        {
            var page = new PageFile(file, EncodedContent.OfFile(file.MediaType, Path.Combine(folder, file.Name)));
            Map(routes, file.Address, page.WriteAsync);
            // Front-ends are upgraded one after the other: a load balancer may send a request for the script of another
            // version here.
            var ofAnyVersion = file.Address.Replace(file.Tag, "{tag}", StringComparison.Ordinal);
            if (file.IsImmutable) Map(routes, ofAnyVersion, page.WriteOtherVersionAsync);
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string address, RequestDelegate write) =>
        routes.MapGet(address, write).AllowAnonymous().ExcludeFromDescription();
}
