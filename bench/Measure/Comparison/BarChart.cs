using System.Globalization;
using System.Net;
using System.Text;

namespace BoxOffice.Measure.Comparison;

/// <summary>A bar of a chart.</summary>
/// <param name="Name">The contestant.</param>
/// <param name="Value">The length of the bar.</param>
/// <param name="Low">The start of its range.</param>
/// <param name="High">The end of its range.</param>
/// <param name="IsOurs">Drawn in another colour.</param>
internal sealed record Bar(string Name, double Value, double Low, double High, bool IsOurs);

/// <summary>Draws a chart as SVG that is readable on white and on black, also in a README.</summary>
internal static class BarChart
{
    private const int Width = 760;
    private const int RowHeight = 30;
    private const int BarHeight = 18;
    private const int Top = 46;
    private const int NamesWidth = 130;
    private const int FiguresWidth = 80;

    // A viewer without media queries uses the first colours, which are readable on black too.
    private const string Colours = """
        <style>
          text { font: 13px system-ui, sans-serif; fill: #57606a } .title { font-size: 15px; font-weight: 600 }
          .other { fill: #8c959f } .ours { fill: #2da44e } .range { stroke: #57606a; stroke-width: 1.5 }
          @media (prefers-color-scheme: dark) {
            text { fill: #c9d1d9 } .other { fill: #6e7681 } .ours { fill: #3fb950 } .range { stroke: #c9d1d9 }
          }
        </style>
        """;

    public static string Draw(string title, string note, IReadOnlyList<Bar> bars)
    {
        var height = Top + (bars.Count * RowHeight) + 30;
        var longest = bars.Select(bar => bar.High).DefaultIfEmpty(1).Max();
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" "
            + $"height=\"{height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        svg.AppendLine(Colours);
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"<text class=\"title\" x=\"8\" y=\"24\">{WebUtility.HtmlEncode(title)}</text>");
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            var top = Top + (i * RowHeight);
            var (middle, text) = (top + (BarHeight / 2.0), top + 14);
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"<text x=\"{NamesWidth - 8}\" y=\"{text}\" "
                + $"text-anchor=\"end\">{WebUtility.HtmlEncode(bar.Name)}</text>");
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"<rect class=\"{(bar.IsOurs ? "ours" : "other")}\" x=\"{NamesWidth}\" y=\"{top}\" "
                + $"width=\"{LengthOf(bar.Value):F1}\" height=\"{BarHeight}\" rx=\"2\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"<line class=\"range\" x1=\"{NamesWidth + LengthOf(bar.Low):F1}\" "
                + $"x2=\"{NamesWidth + LengthOf(bar.High):F1}\" y1=\"{middle:F1}\" y2=\"{middle:F1}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"<text x=\"{NamesWidth + LengthOf(bar.High) + 8:F1}\" y=\"{text}\">{bar.Value:N0}</text>");
        }
        svg.AppendLine(
            CultureInfo.InvariantCulture, $"<text x=\"8\" y=\"{height - 10}\">{WebUtility.HtmlEncode(note)}</text>");
        svg.AppendLine("</svg>");
        return svg.ToString();

        double LengthOf(double value) => value / longest * (Width - NamesWidth - FiguresWidth);
    }
}
