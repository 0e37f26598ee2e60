using BoxOffice.Api.Contracts;
using BoxOffice.Pages;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BoxOffice.Api.Endpoints;

/// <summary>One file of the pages: its content, and how long a browser may keep it.</summary>
internal sealed class PageFile(ServedFile file, EncodedContent content)
{
    // Weak: the file and its compressed forms have the same tag.
    private readonly EntityTagHeaderValue _tag = new($"\"{file.Tag}\"", isWeak: true);
    private readonly StringValues _tagText = $"W/\"{file.Tag}\"";

    // A page is cached, but revalidated each time: after an upgrade no browser mixes two versions.
    private readonly StringValues _cacheControl = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";

    // Scripts come from this server only, styles from the page itself, and text cannot become markup: an event's name
    // that contains a script stays text.
    private readonly StringValues _policy =
        $"default-src 'none'; script-src 'self'; style-src {file.StyleHash ?? "'none'"}; img-src data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    public Task WriteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        SetPolicy(headers);
        headers.CacheControl = _cacheControl;
        headers.ETag = _tagText;
        if (!EntityTags.IsKnown(context.Request, _tag)) return content.ExecuteAsync(context);
        headers.Vary = HeaderNames.AcceptEncoding;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    /// <summary>
    /// Serves the current content at the address of another version, where it is not cached (the default).
    /// </summary>
    public Task WriteOtherVersionAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        SetPolicy(headers);
        return content.ExecuteAsync(context);
    }

    private void SetPolicy(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = _policy;
        headers["Referrer-Policy"] = "no-referrer";
    }
}
