using System.Globalization;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// A report as one page, for whoever has to decide with it: nothing in it comes from anywhere else, and it runs nothing, so that it
/// can be kept, printed and mailed.
/// </summary>
internal static class ReportPage
{
    /// <summary>What goes with the page.</summary>
    public static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ReportStyle.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store"; // a cache does not know x-access-token
    }

    /// <summary>The page of a rehearsal that has a report.</summary>
    public static string Of(RehearsalAnswer rehearsal)
    {
        var report = rehearsal.Report!;
        return Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Rehearsal: {rehearsal.EventName}</title><style>{new Markup(ReportStyle.Css)}</style></head>
            <body><main>
            <header><p class="eyebrow">Rehearsal</p><h1>{rehearsal.EventName}</h1><p class="under">{SetUp(rehearsal)}</p></header>
            {Verdict(rehearsal, report)}
            {Figures(rehearsal, report)}
            <section><h2>What a larger crowd would meet first</h2><p>{report.Bottleneck.Words}</p></section>
            {SecondBySecond(report.Curve)}
            {Waits(report.Latency)}
            {Stages(report)}
            {Told(report)}
            {Checks(report)}
            <footer><p>Rehearsal {rehearsal.Id} of event {rehearsal.EventId}, in front of a copy that has been removed: no ticket of the real event was touched. Percentiles are at most 12.5 % off; counts, means and longest times are exact.</p></footer>
            </main></body></html>
            """).Text;
    }

    private static string SetUp(RehearsalAnswer one)
    {
        var come = one.Order.RampSeconds == 0 ? "at once" : $"within {Plural(one.Order.RampSeconds, "second")}";
        var want = one.Order.Quantity == 1 ? "one ticket each" : $"{one.Order.Quantity} tickets each";
        var held = one.HoldSeconds == 0 ? "" : $" A reservation was held for {one.HoldSeconds} s, and confirmed right away.";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Plural(one.Order.Buyers, "buyer")} came {come} for {Plural(one.Capacity, "ticket")}, wanted {want} and asked for up to {one.Order.PatienceSeconds} s.{held} {one.StartedAt:d MMMM yyyy, HH:mm:ss} UTC.");
    }

    private static Markup Verdict(RehearsalAnswer rehearsal, RehearsalReport report)
    {
        if (!report.Exact) return Markup.Of($"""
            <section class="verdict bad"><strong>Not exact</strong><p>What buyers were told and what is stored do not agree:</p><ul>{Markup.All(report.NotExact, one => Markup.Of($"<li>{one}</li>"))}</ul></section>
            """);
        var left = report.GaveUp + report.Failed;
        var ending = left == 0 ? "Every buyer had a final answer." : $"{Plural(left, "buyer")} left without a final answer.";
        return Markup.Of($"""
            <section class="verdict good"><strong>Exact</strong><p>{report.Sold:N0} of {Plural(rehearsal.Capacity, "ticket")} sold, each of them once; nothing that was acknowledged is lost, and nobody was refused a ticket that is left. {ending}</p></section>
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
            report.SellOutSeconds is { } soldOut ? ("Sold out after", Seconds(soldOut)) : ("Tickets left", Number(report.Unsold)),
            ("Everybody done after", Seconds(report.LastAnswerSeconds)),
            ("99 of 100 answered within", p99 is null ? "–" : Duration(p99.Value)),
        ];
        return Markup.Of($"""<dl class="figures">{Markup.All(all, one => Markup.Of($"<div><dt>{one.Name}</dt><dd>{one.Value}</dd></div>"))}</dl>""");
    }

    private static Markup SecondBySecond(CurvePoint[] curve) => curve.Length == 0 ? Markup.None : Markup.Of($"""
        <section><h2>Second by second</h2>
        <figure>{ReportChart.Buyers(curve)}<figcaption><ul class="legend">{ReportChart.Key("accepted", "got tickets")}{ReportChart.Key("refused", "refused")}{ReportChart.Key("failed", "gave up or had no answer")}{ReportChart.Key("waiting", "waiting at the end of the second")}</ul></figcaption></figure>
        <figure>{ReportChart.Latency(curve)}<figcaption>p99 of the time from a buyer's first call to the final answer, for those who were answered in that second.</figcaption></figure>
        <details><summary>The figures</summary><div class="wide"><table>
        <thead><tr><th>Second</th><th>Arrived</th><th>Got tickets</th><th>Refused</th><th>Gave up or no answer</th><th>Waiting</th><th>p99</th></tr></thead>
        <tbody>{Markup.All(curve, one => Markup.Of($"<tr><td>{one.At}</td><td>{one.Arrived:N0}</td><td>{one.Accepted:N0}</td><td>{one.Refused:N0}</td><td>{one.Failed:N0}</td><td>{one.Waiting:N0}</td><td>{(one.P99Ms is { } p99 ? Duration(p99) : "–")}</td></tr>"))}</tbody>
        </table></div></details></section>
        """);

    private static Markup Waits(RehearsalLatency latency)
    {
        (string Name, LatencyAnswer? Times)[] all = [("Buyers who got tickets", latency.Accepted), ("Buyers who were refused", latency.Refused), ("Both", latency.All)];
        return Markup.Of($"""
            <section><h2>How long buyers waited</h2>
            <div class="wide"><table><thead><tr><th>From the first call to the final answer</th><th>Buyers</th><th>Mean</th><th>p50</th><th>p90</th><th>p99</th><th>Longest</th></tr></thead>
            <tbody>{Markup.All(all, one => one.Times is { } times
                ? Markup.Of($"<tr><th scope=\"row\">{one.Name}</th><td>{times.Count:N0}</td><td>{Duration(times.MeanMs)}</td><td>{Duration(times.P50Ms)}</td><td>{Duration(times.P90Ms)}</td><td>{Duration(times.P99Ms)}</td><td>{Duration(times.MaxMs)}</td></tr>")
                : Markup.Of($"<tr><th scope=\"row\">{one.Name}</th><td>0</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td></tr>"))}</tbody></table></div>
            </section>
            """);
    }

    private static Markup Stages(RehearsalReport report)
    {
        var inside = report.Stages.Where(one => one.Stage != "total").ToList();
        (string Name, double Value)[] parts = [("outside", report.OutsideMs), .. inside.Select(one => (one.Stage, one.MeanMs))];
        return Markup.Of($"""
            <section><h2>Where the time of a call went</h2>
            <figure>{ReportChart.Shares(parts)}<figcaption><ul class="legend">{Markup.All(parts, one => ReportChart.Key(one.Name, one.Name))}</ul></figcaption></figure>
            <div class="wide"><table><thead><tr><th>Stage</th><th>Mean</th><th>p50</th><th>p99</th><th>Longest</th><th class="words">What it is</th></tr></thead>
            <tbody><tr><th scope="row">outside</th><td>{Duration(report.OutsideMs)}</td><td>–</td><td>–</td><td>–</td><td class="words">{MeaningOf("outside")}</td></tr>
            {Markup.All(report.Stages, one => Markup.Of($"<tr><th scope=\"row\">{one.Stage}</th><td>{Duration(one.MeanMs)}</td><td>{Duration(one.P50Ms)}</td><td>{Duration(one.P99Ms)}</td><td>{Duration(one.MaxMs)}</td><td class=\"words\">{MeaningOf(one.Stage)}</td></tr>"))}</tbody></table></div>
            </section>
            """);
    }

    private static string MeaningOf(string stage) => stage switch
    {
        "outside" => "before the front-end's first line and behind its last: network, balancer, connecting, and the crowd itself",
        "edge" => "in the front-end: who asks and for what, and making the answer",
        "queue" => "waiting to be decided",
        "turn" => "the event decides",
        "store" => "until the decision is durable",
        _ => "edge, queue, turn and store together",
    };

    private static Markup Told(RehearsalReport report) => report.Refused.Count + report.Repeated.Count + report.NoAnswer == 0 ? Markup.None : Markup.Of($"""
        <section><h2>What buyers were told</h2>
        <div class="wide"><table><thead><tr><th>Answer</th><th>Final, buyers</th><th>Asked again, calls</th></tr></thead>
        <tbody>{Markup.All(report.Refused.Keys.Union(report.Repeated.Keys).Order(StringComparer.Ordinal), code =>
            Markup.Of($"<tr><th scope=\"row\"><code>{code}</code></th><td>{report.Refused.GetValueOrDefault(code):N0}</td><td>{report.Repeated.GetValueOrDefault(code):N0}</td></tr>"))}
        <tr><th scope="row">no answer</th><td>{report.Failed:N0}</td><td>{report.NoAnswer:N0}</td></tr></tbody></table></div>
        </section>
        """);

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
            <div class="wide"><table><tbody>{Markup.All(all, one => Markup.Of($"<tr><th scope=\"row\">{one.Name}</th><td>{one.Value:N0}</td></tr>"))}</tbody></table></div>
            </section>
            """);
    }

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Plural(int count, string one) => $"{Number(count)} {one}{(count == 1 ? "" : "s")}";

    private static string Seconds(double seconds) => Duration(seconds * 1_000);

    private static string Duration(double milliseconds) => milliseconds switch
    {
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.0} s"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.00} s"),
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms"),
    };
}
