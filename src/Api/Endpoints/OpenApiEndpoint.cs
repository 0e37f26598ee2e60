using System.Security.Cryptography;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.RateLimiting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// Serves the OpenAPI document. It is made once, when it is first asked for: making it takes tens of milliseconds of
/// processor time, which anyone could spend.
/// </summary>
internal static class OpenApiEndpoint
{
    private const string Address = $"/openapi/{OpenApiDocument.Name}.json";

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes)
    {
        var document = new Lazy<Task<Rendered>>(() => RenderAsync(routes.ServiceProvider));
        routes.MapGet(Address, async context => await (await document.Value).WriteAsync(context))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    private static async Task<Rendered> RenderAsync(IServiceProvider services)
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApiDocument.Name);
        // Not of a request: one that is aborted must not leave the next ones without the document.
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        var json = await document.SerializeAsync(OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json);
        return new(System.Text.Encoding.UTF8.GetBytes(json));
    }

    private sealed class Rendered(byte[] json)
    {
        private readonly EncodedContent _content = EncodedContent.OfJson(json);

        // Weak: the compressed forms have the same tag.
        private readonly EntityTagHeaderValue _tag =
            new($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..16]}\"", isWeak: true);

        public Task WriteAsync(HttpContext context)
        {
            if (!EntityTags.Revalidated(context, _tag))
            {
                var wait = context.RequestServices.GetRequiredService<AddressLimits>().TakeDocument(context);
                return wait > TimeSpan.Zero
                    ? Problems.RateLimited(wait).ExecuteAsync(context)
                    : _content.ExecuteAsync(context);
            }
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
    }
}
