using System.Globalization;

namespace BoxOffice.Measure;

/// <summary>Statistics of one figure over several rounds.</summary>
internal static class Series
{
    /// <summary>The middle value, or the upper of the two in the middle.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>The median with the minimum and the maximum.</summary>
    public static string MedianAndRange(this IEnumerable<double> values, string format = "F2")
    {
        var all = values.ToList();
        return $"{Show(all.Median())} ({Show(all.Min())} to {Show(all.Max())})";

        string Show(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
