using BoxOffice.Api.Wire;

namespace BoxOffice.Api.Rehearsal;

/// <summary>A report as one page.</summary>
internal static class ReportPage
{
    public static void SetHeaders(IHeaderDictionary headers) => headers.CacheControl = "no-store";

    public static string Of(RehearsalAnswer rehearsal) => rehearsal.Id;
}
