using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Grains;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// The Orleans Dashboard: silos, activations and grain calls, for operators. It only reads; a browser logs in with
/// Basic.
/// </summary>
internal static class DashboardEndpoints
{
    /// <summary>Its path; its page is at this path with a slash.</summary>
    public const string Prefix = "/admin/dashboard";

    // What its page needs: files of its own, styles in its elements, and pictures and fonts within its style sheet.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        if (!routes.ServiceProvider.GetRequiredService<IOptions<BoxOfficeOptions>>().Value.Dashboard) return;
        routes.MapOrleansDashboard(Prefix)
            .RequireAuthorization(AuthorizationPolicies.OperatorsInBrowser)
            .ExcludeFromDescription()
            .AddEndpointFilter(AnswerAsync);
    }

    /// <summary>Hides the silos' logs in the dashboard.</summary>
    public static void HideLogs(DashboardOptions dashboard) => dashboard.HideTrace = true;

    private static async ValueTask<object?> AnswerAsync(
        EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        call.HttpContext.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        var answer = await next(call);
        return (answer as IStatusCodeHttpResult)?.StatusCode switch
        {
            >= 500 => Problems.Busy(), // no silo answers; the dashboard would say so in plain text
            >= 400 => Problems.NotFound, // no such file, and the logs that are hidden
            _ => answer,
        };
    }
}
