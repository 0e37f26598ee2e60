using System.Globalization;

namespace BoxOffice.Api.Rehearsal;

/// <summary>Numbers and durations as a report writes them.</summary>
internal static class ReportText
{
    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Plural(int count, string singular) => $"{Number(count)} {singular}{(count == 1 ? "" : "s")}";

    public static string Seconds(double seconds) => Duration(seconds * 1_000);

    public static string Duration(double milliseconds) => milliseconds switch
    {
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.0} s"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.00} s"),
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms"),
    };
}
