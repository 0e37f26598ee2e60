using System.Globalization;
using static BoxOffice.Api.Rehearsal.ReportTable;
using static BoxOffice.Api.Rehearsal.ReportText;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// A report as one page, to decide with: it loads nothing and runs nothing, so that it can be kept, printed and mailed.
/// </summary>
internal static class ReportPage
{
    private const string Missing = "–";

    /// <summary>Sets the headers of the answer with the page.</summary>
    public static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ReportStyle.ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>The page of a rehearsal that has a report.</summary>
    public static string Of(RehearsalAnswer rehearsal)
    {
        var report = rehearsal.Report!;
        return Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Rehearsal: {rehearsal.EventName}</title><style>{new Markup(ReportStyle.Css)}</style></head>
            <body><main>
            <header><p class="eyebrow">Rehearsal</p><h1>{rehearsal.EventName}</h1>
            <p class="under">{SetUp(rehearsal)}</p></header>
            {Verdict(rehearsal, report)}
            {Figures(rehearsal, report)}
            <section><h2>What a larger crowd would meet first</h2><p>{report.Bottleneck.Words}</p></section>
            {SecondBySecond(report.Curve)}
            {Waits(report.Latency)}
            {Stages(report)}
            {Answers(report)}
            {Checks(report)}
            <footer><p>Rehearsal {rehearsal.Id} of event {rehearsal.EventId}, in front of a copy that has been removed:
            no ticket of the real event was touched. Percentiles are at most 12.5 % off; counts, means and longest times
            are exact.</p></footer>
            </main></body></html>
            """).Text;
    }

    private static string SetUp(RehearsalAnswer rehearsal)
    {
        var order = rehearsal.Order;
        var come = order.RampSeconds == 0 ? "at once" : $"within {Plural(order.RampSeconds, "second")}";
        var want = order.Quantity == 1 ? "one ticket each" : $"{order.Quantity} tickets each";
        var held = rehearsal.HoldSeconds == 0
            ? ""
            : $" A reservation was held for {rehearsal.HoldSeconds} s, and confirmed right away.";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Plural(order.Buyers, "buyer")} came {come} for {Plural(rehearsal.Capacity, "ticket")}, wanted {want} "
            + $"and asked for up to {order.PatienceSeconds} s.{held} {rehearsal.StartedAt:d MMMM yyyy, HH:mm:ss} UTC.");
    }

    private static Markup Verdict(RehearsalAnswer rehearsal, RehearsalReport report)
    {
        if (!report.Exact) return Markup.Of($"""
            <section class="verdict bad"><strong>Not exact</strong>
            <p>What buyers were told and what is stored do not agree:</p>
            <ul>{Markup.All(report.NotExact, sentence => Markup.Of($"<li>{sentence}</li>"))}</ul></section>
            """);
        var left = report.GaveUp + report.Failed;
        var ending = left == 0
            ? "Every buyer had a final answer."
            : $"{Plural(left, "buyer")} left without a final answer.";
        return Markup.Of($"""
            <section class="verdict good"><strong>Exact</strong>
            <p>{report.Sold:N0} of {Plural(rehearsal.Capacity, "ticket")} sold, each of them once; nothing that was
            acknowledged is lost, and nobody was refused a ticket that is left. {ending}</p></section>
            """);
    }

    private static Markup Figures(RehearsalAnswer rehearsal, RehearsalReport report)
    {
        var p99 = report.Latency.All?.P99Ms;
        (string Name, string Value)[] all =
        [
            ("Buyers came", Number(rehearsal.Progress.Arrived)),
            ("Tickets sold", Number(report.Sold)),
            ("Buyers refused", Number(report.Refused.Values.Sum())),
            ("Gave up", Number(report.GaveUp)),
            ("Without an answer", Number(report.Failed)),
            report.SellOutSeconds is { } soldOut
                ? ("Sold out after", Seconds(soldOut))
                : ("Tickets left", Number(report.Unsold)),
            ("Everybody done after", Seconds(report.LastAnswerSeconds)),
            ("99 of 100 answered within", p99 is null ? Missing : Duration(p99.Value)),
        ];
        var figures = Markup.All(all, figure =>
            Markup.Of($"<div><dt>{figure.Name}</dt><dd>{figure.Value}</dd></div>"));
        return Markup.Of($"""<dl class="figures">{figures}</dl>""");
    }

    private static Markup SecondBySecond(CurvePoint[] curve)
    {
        if (curve.Length == 0) return Markup.None;
        var rows = Markup.All(curve, second => Markup.Of($"<tr>{Cells([Number(second.At), Number(second.Arrived),
            Number(second.Accepted), Number(second.Refused), Number(second.Failed), Number(second.Waiting),
            second.P99Ms is { } p99 ? Duration(p99) : Missing])}</tr>"));
        var table = ReportTable.Of(rows, Head("Second"), Head("Arrived"), Head("Got tickets"), Head("Refused"),
            Head("Gave up or no answer"), Head("Waiting"), Head("p99"));
        return Markup.Of($"""
            <section><h2>Second by second</h2>
            <figure>{ReportChart.Buyers(curve)}<figcaption><ul class="legend">
            {ReportChart.Key("accepted", "got tickets")}{ReportChart.Key("refused", "refused")}
            {ReportChart.Key("failed", "gave up or had no answer")}
            {ReportChart.Key("waiting", "waiting at the end of the second")}</ul></figcaption></figure>
            <figure>{ReportChart.Latency(curve)}<figcaption>p99 of the time from a buyer's first call to the final
            answer, for those who were answered in that second.</figcaption></figure>
            <details><summary>The figures</summary>{table}</details></section>
            """);
    }

    private static Markup Waits(RehearsalLatency latency)
    {
        (string Name, LatencyAnswer? Times)[] all =
        [
            ("Buyers who got tickets", latency.Accepted), ("Buyers who were refused", latency.Refused),
            ("Both", latency.All),
        ];
        var rows = Markup.All(all, buyers => buyers.Times is { } times
            ? Row(buyers.Name, Number(times.Count), Duration(times.MeanMs), Duration(times.P50Ms),
                Duration(times.P90Ms), Duration(times.P99Ms), Duration(times.MaxMs))
            : Row(buyers.Name, "0", Missing, Missing, Missing, Missing, Missing));
        return Markup.Of($"""
            <section><h2>How long buyers waited</h2>
            {ReportTable.Of(rows, Head("From the first call to the final answer"), Head("Buyers"), Head("Mean"),
                Head("p50"), Head("p90"), Head("p99"), Head("Longest"))}</section>
            """);
    }

    private static Markup Stages(RehearsalReport report)
    {
        var inside = report.Stages.Where(stage => stage.Stage != "total").ToList();
        (string Name, double Value)[] parts =
            [("outside", report.OutsideMs), .. inside.Select(stage => (stage.Stage, stage.MeanMs))];
        var outside = RowWithWords(
            "outside", MeaningOf("outside"), Duration(report.OutsideMs), Missing, Missing, Missing);
        var rows = Markup.All(report.Stages, stage => RowWithWords(
            stage.Stage, MeaningOf(stage.Stage), Duration(stage.MeanMs), Duration(stage.P50Ms), Duration(stage.P99Ms),
            Duration(stage.MaxMs)));
        var legend = Markup.All(parts, part => ReportChart.Key(part.Name, part.Name));
        var table = ReportTable.Of(Markup.Of($"{outside}{rows}"), Head("Stage"), Head("Mean"), Head("p50"), Head("p99"),
            Head("Longest"), HeadOfWords("What it is"));
        return Markup.Of($"""
            <section><h2>Where the time of a call went</h2>
            <figure>{ReportChart.Shares(parts)}<figcaption><ul class="legend">{legend}</ul></figcaption></figure>
            {table}</section>
            """);
    }

    private static string MeaningOf(string stage) => stage switch
    {
        "outside" => "before the front-end's first line and behind its last: network, balancer, connecting, "
            + "and the crowd itself",
        "edge" => "in the front-end: who asks and for what, and making the answer",
        "queue" => "waiting to be decided",
        "turn" => "the event decides",
        "store" => "until the decision is durable",
        _ => "edge, queue, turn and store together",
    };

    private static Markup Answers(RehearsalReport report)
    {
        if (report.Refused.Count + report.Repeated.Count + report.NoAnswer == 0) return Markup.None;
        var codes = report.Refused.Keys.Union(report.Repeated.Keys).Order(StringComparer.Ordinal);
        var rows = Markup.All(codes, code => Row(
            Markup.Of($"<code>{code}</code>"), Number(report.Refused.GetValueOrDefault(code)),
            Number(report.Repeated.GetValueOrDefault(code))));
        var none = Row("no answer", Number(report.Failed), Number(report.NoAnswer));
        return Markup.Of($"""
            <section><h2>What buyers were told</h2>
            {ReportTable.Of(Markup.Of($"{rows}{none}"), Head("Answer"), Head("Final, buyers"),
                Head("Asked again, calls"))}</section>
            """);
    }

    private static Markup Checks(RehearsalReport report)
    {
        var truth = report.Reconciliation;
        (string Name, long Value)[] all =
        [
            ("Reservations in the journal", truth.Reservations),
            ("Buyers who were told that they have tickets", report.Latency.Accepted?.Count ?? 0),
            ("… and whose tickets are not in the journal", report.AcknowledgedButMissing),
            ("Buyers who left without knowing", report.UnknownOutcomes),
            ("Drift between owner, journal and database", truth.Drift),
            ("Gaps in the journal", truth.Gaps),
            ("Duplicates in the journal", truth.Duplicates),
        ];
        return Markup.Of($"""
            <section><h2>What was checked</h2>
            {ReportTable.Of(Markup.All(all, check => Row(check.Name, Number(check.Value))))}</section>
            """);
    }
}
