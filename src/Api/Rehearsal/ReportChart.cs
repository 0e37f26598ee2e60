namespace BoxOffice.Api.Rehearsal;

/// <summary>The charts of a report, as SVG. Their figures are also in a table.</summary>
internal static class ReportChart
{
    private const int Width = 860;
    private const int Left = 52;
    private const int Right = 8;
    private const int Top = 10;
    private const int Foot = 26;
    private const int BarHeight = 34;
    private const double BarWidthMax = 90;
    private const int DotsMax = 60; // a longer line has no dots

    /// <summary>The buyers' answers in each second, and how many waited at its end.</summary>
    public static Markup Buyers(CurvePoint[] curve)
    {
        const int Height = 240;
        var most = NiceCeiling(
            curve.Max(second => Math.Max(second.Waiting, second.Accepted + second.Refused + second.Failed)));
        var bar = BarWidth(curve.Length);
        return Markup.Of($"""
            <svg viewBox="0 0 {Width} {Height}" role="img"
            aria-label="Buyers second by second; the figures stand in the table below">
            {Axes(curve.Length, Height, most, value => $"{value:N0}")}
            {Markup.All(curve, second => Stack(second, bar))}
            {Waiting()}
            </svg>
            """);

        Markup Stack(CurvePoint second, double width)
        {
            var x = MiddleOf(second.At, curve.Length) - (width / 2);
            var ground = 0.0;
            (string Name, int Count)[] parts =
                [("accepted", second.Accepted), ("refused", second.Refused), ("failed", second.Failed)];
            return Markup.All(parts, part =>
            {
                if (part.Count == 0) return Markup.None;
                var (y, height) = (YOf(ground + part.Count, most, Height), (Height - Top - Foot) * part.Count / most);
                ground += part.Count;
                return Bar(part.Name, x, y, width, height);
            });
        }

        Markup Waiting() => Line(
            [.. curve.Select(second => (MiddleOf(second.At, curve.Length), YOf(second.Waiting, most, Height)))]);
    }

    /// <summary>
    /// The p99 waiting time of the buyers who were answered in each second; a gap where there was none.
    /// </summary>
    public static Markup Latency(CurvePoint[] curve)
    {
        const int Height = 150;
        var answered = curve.Where(second => second.P99Ms is not null).ToList();
        var most = NiceCeiling(answered.Count == 0 ? 1 : answered.Max(second => second.P99Ms!.Value) / 1_000);
        return Markup.Of($"""
            <svg viewBox="0 0 {Width} {Height}" role="img"
            aria-label="p99 of the waiting time second by second; the figures stand in the table below">
            {Axes(curve.Length, Height, most, value => $"{value:0.###} s")}
            {Markup.All(Runs(answered), Waits)}
            </svg>
            """);

        Markup Waits(List<CurvePoint> run) => Line(
            [.. run.Select(second => (MiddleOf(second.At, curve.Length), HeightOf(second)))]);

        double HeightOf(CurvePoint second) => YOf(second.P99Ms!.Value / 1_000, most, Height);
    }

    /// <summary>One bar with the parts of a whole.</summary>
    public static Markup Shares(IReadOnlyList<(string Name, double Value)> parts)
    {
        var (all, x) = (Math.Max(parts.Sum(part => part.Value), double.Epsilon), 0.0);
        return Markup.Of($"""
            <svg viewBox="0 0 {Width} {BarHeight}" role="img"
            aria-label="Shares of a call's time; the figures stand in the table below">
            {Markup.All(parts, part =>
            {
                var (from, width) = (x, Width * part.Value / all);
                x += width;
                return Bar(part.Name, from, 0, width, BarHeight);
            })}
            </svg>
            """);
    }

    /// <summary>A legend's entry.</summary>
    public static Markup Key(string name, string words) => Markup.Of($"""
        <li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="{name}" width="12" height="12" rx="3"/></svg>
        {words}</li>
        """);

    private static Markup Bar(string name, double x, double y, double width, double height) => Markup.Of($"""
        <rect class="{name}" x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}"/>
        """);

    private static Markup Axes(int seconds, int height, double most, Func<double, string> label)
    {
        var every = NiceCeiling(seconds / 8.0);
        return Markup.Of($"""
            {Markup.All([0.0, 0.5, 1.0], part => Rule(YOf(part, 1, height), label(part * most)))}
            {Markup.All(Enumerable.Range(0, seconds).Where(second => second % Math.Max(1, every) == 0), Second)}
            """);

        static Markup Rule(double y, string text) => Markup.Of($"""
            <line class="rule" x1="{Left}" x2="{Width - Right}" y1="{y:0.##}" y2="{y:0.##}"/>
            <text x="{Left - 8}" y="{y + 4:0.##}" text-anchor="end">{text}</text>
            """);

        Markup Second(int second) => Markup.Of($"""
            <text x="{MiddleOf(second, seconds):0.##}" y="{height - 6}" text-anchor="middle">{second} s</text>
            """);
    }

    private static Markup Line((double X, double Y)[] points)
    {
        var path = string.Join(
            ' ', points.Select(point => FormattableString.Invariant($"{point.X:0.##},{point.Y:0.##}")));
        var dots = Markup.All(points.Where(_ => points.Length <= DotsMax), point =>
            Markup.Of($"""<circle class="dot" cx="{point.X:0.##}" cy="{point.Y:0.##}" r="3"/>"""));
        return Markup.Of($"""<polyline class="line" points="{path}"/>{dots}""");
    }

    /// <summary>Runs of consecutive seconds.</summary>
    private static IEnumerable<List<CurvePoint>> Runs(List<CurvePoint> some)
    {
        for (var i = 0; i < some.Count;)
        {
            var run = some.Skip(i).TakeWhile((second, n) => second.At == some[i].At + n).ToList();
            yield return run;
            i += run.Count;
        }
    }

    private static double BarWidth(int seconds) => Math.Min(BarWidthMax, (Width - Left - Right) * 0.7 / seconds);

    private static double MiddleOf(int second, int seconds) =>
        Left + ((Width - Left - Right) * (second + 0.5) / seconds);

    private static double YOf(double value, double most, int height) =>
        Top + ((height - Top - Foot) * (1 - (value / most)));

    /// <summary>1, 2 or 5 times a power of ten, not below the value.</summary>
    private static double NiceCeiling(double value)
    {
        if (value <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return value <= power ? power : value <= 2 * power ? 2 * power : value <= 5 * power ? 5 * power : 10 * power;
    }
}
