namespace BoxOffice.Api.Contracts;

/// <summary>
/// Marks a request that came as HEAD: it passes the program as GET, and Kestrel sends no body. An answer that is
/// written piece by piece ends after its headers.
/// </summary>
internal sealed class HeadRequest
{
    private static readonly HeadRequest Mark = new();

    /// <summary>Lets a HEAD request pass as GET.</summary>
    public static void PassAsGet(HttpContext context)
    {
        context.Features.Set(Mark);
        context.Request.Method = HttpMethods.Get;
    }

    /// <summary>True when only headers are sent.</summary>
    public static bool Is(HttpContext context) => context.Features.Get<HeadRequest>() is not null;
}
