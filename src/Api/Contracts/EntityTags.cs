using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace BoxOffice.Api.Contracts;

/// <summary>Entity tags of answers (RFC 9110, section 8.8.3).</summary>
internal static class EntityTags
{
    /// <summary>True when the caller has this version: <c>If-None-Match</c> names its tag.</summary>
    public static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        request.Headers.IfNoneMatch.Count > 0 && request.GetTypedHeaders().IfNoneMatch.Any(known =>
            known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));

    /// <summary>
    /// The versions that <c>If-Match</c> allows: none when it names only tags that no event has, and null when it is
    /// absent or <c>*</c>.
    /// </summary>
    public static long[]? RequiredVersions(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0) return null;
        var tags = request.GetTypedHeaders().IfMatch;
        if (tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any))) return null;
        return
        [
            .. tags.Where(tag => !tag.IsWeak)
                .Select(tag => long.TryParse(
                    HeaderUtilities.RemoveQuotes(tag.Tag), CultureInfo.InvariantCulture, out var version)
                    ? version
                    : -1)
                .Where(version => version >= 0),
        ];
    }

    /// <summary>
    /// Tags the answer, and has it revalidated each time: numbers of a sale are old within a second. True when the
    /// caller has this version.
    /// </summary>
    public static bool Revalidated(HttpContext context, EntityTagHeaderValue tag)
    {
        var headers = context.Response.Headers;
        headers.ETag = tag.ToString();
        headers.CacheControl = "no-cache";
        return IsKnown(context.Request, tag);
    }
}
