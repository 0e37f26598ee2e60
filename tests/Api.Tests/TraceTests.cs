using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class TraceTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task One_trace_follows_a_call_from_the_front_end_to_the_statement_that_stored_it(Form form)
    {
        await using var collector = new TraceCollector();
        await using var host = await hosts.StartAsync(form, collector.Settings);
        var member = await MemberAsync(host);
        var traceId = "0af7651916cd43dd8448eb211c80319c";

        await member.PostAsync("/ticket/reserve/gala", null, ("traceparent", $"00-{traceId}-b7ad6b7169203331-01"));
        var spans = await SpansAsync(collector, traceId, "insert");

        Assert.Equal( // from the statement back to the request
            [
                "insert", "append", "ITicketEventGrain/Reserve", "ITicketEventGrain/Reserve", "reserve batch",
                "POST /ticket/reserve/{eventId}",
            ],
            WayBack(spans, "insert"));
        if (form == Form.Embedded) return; // SQLite has no spans of its own
        var insert = spans.Single(span => span.Name == "insert");
        Assert.Contains(spans, span => span.ParentId == insert.SpanId
            && span.Attributes.Values.Any(
                text => text.Contains("INSERT INTO reservation_journal", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_span_of_a_request_says_what_was_called_and_how_it_ended()
    {
        await using var collector = new TraceCollector();
        await using var host = await hosts.StartAsync(
            Form.Embedded, [.. collector.Settings, ("OTEL_TRACES_SAMPLER", "parentbased_always_off")]);
        var member = await MemberAsync(host);

        await member.PostAsync(
            "/ticket/reserve/none", null, ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        await member.PostAsync(
            "/nowhere", null, ("traceparent", "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-01"));

        await Testing.Wait.UntilAsync(
            "both are there",
            () => Task.FromResult(collector.Spans.Count(span => span.ParentId == "b7ad6b7169203331") == 2));
        Assert.Equal(
            [
                "POST /ticket/reserve/{eventId}: POST /ticket/reserve/none by http, "
                    + "route /ticket/reserve/{eventId}, 404",
                "POST: POST /nowhere by http, route , 404",
            ],
            collector.Spans
                .Where(span => span.ParentId == "b7ad6b7169203331")
                .Select(Said)
                .Order(StringComparer.Ordinal));

        static string Said(Span span)
        {
            string? Of(string name) => span.Attributes.GetValueOrDefault(name);
            return $"{span.Name}: {Of("http.request.method")} {Of("url.path")} by {Of("url.scheme")}, "
                + $"route {Of("http.route")}, {Of("http.response.status_code")}";
        }
    }

    [Theory, BothForms]
    public async Task A_batch_is_linked_to_every_call_in_it_whose_trace_is_kept(Form form)
    {
        await using var collector = new TraceCollector();
        await using var host = await hosts.StartAsync(form, collector.Settings);
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100 });
        var members = await boss.MembersAsync("member", 100);

        await Task.WhenAll(members.Select((member, i) => member.PostAsync("/ticket/reserve/gala", null,
            ("traceparent", $"00-{i + 1:x32}-b7ad6b7169203331-01"))));

        // Each call is in the trace of its batch or linked to it. (The SDK keeps up to 128 links, so that more would
        // not do.)
        await Testing.Wait.UntilAsync("all calls are accounted for", () => Task.FromResult(
            collector.Spans
                .Where(span => span.Name == "reserve batch")
                .Sum(span => 1 + span.LinkedTraceIds.Length) == members.Length));
        var traces = collector.Spans
            .Where(span => span.Name == "reserve batch")
            .SelectMany(span => span.LinkedTraceIds.Append(span.TraceId));
        Assert.Equal(Enumerable.Range(1, members.Length).Select(i => $"{i:x32}"), traces.Order());
        Assert.Contains(collector.Spans, span => span.Name == "reserve batch" && span.LinkedTraceIds.Length > 0);
    }

    [Theory, BothForms]
    public async Task A_call_whose_trace_is_not_kept_leaves_no_span(Form form)
    {
        await using var collector = new TraceCollector();
        await using var host = await hosts.StartAsync(
            form, [.. collector.Settings, ("OTEL_TRACES_SAMPLER", "parentbased_always_off")]);
        var member = await MemberAsync(host);
        var traceId = "0af7651916cd43dd8448eb211c80319c";

        for (var i = 0; i < 50; i++) await member.ReserveAsync("gala");
        await member.PostAsync("/ticket/reserve/gala", null, ("traceparent", $"00-{traceId}-b7ad6b7169203331-01"));
        await SpansAsync(collector, traceId, "insert"); // the one that is kept was last

        Assert.All(collector.Spans, span => Assert.Equal(traceId, span.TraceId));
    }

    [Fact]
    public async Task One_request_in_a_thousand_begins_a_trace_and_nothing_else_does()
    {
        const int Calls = 20_000; // with a chance of one in 400 million none of them does
        await using var collector = new TraceCollector();
        await using var host = await hosts.StartAsync(
            Form.Cluster, [.. collector.Settings, ("OTEL_TRACES_SAMPLER", "")]);
        var nobody = new Client(host.Url);

        await Parallel.ForAsync(
            0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, _) => await nobody.GetAsync("/alive"));
        await nobody.GetAsync("/alive", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        await Testing.Wait.UntilAsync(
            "the last is there",
            () => Task.FromResult(collector.Spans.Any(span => span.TraceId == "0af7651916cd43dd8448eb211c80319c")));

        var roots = collector.Spans.Where(span => span.ParentId == "").ToList();
        Assert.InRange(roots.Count, 1, 5 * Calls / 1_000);
        Assert.All(roots, root => Assert.Equal("GET /alive", root.Name));
    }

    [Fact]
    public async Task A_request_whose_trace_is_not_kept_has_no_span_to_carry_about_and_is_named_all_the_same()
    {
        await using var collector = new TraceCollector();
        await using var host = await hosts.StartAsync(
            Form.Embedded, [.. collector.Settings, ("OTEL_TRACES_SAMPLER", "")]);
        var nobody = new Client(host.Url);

        var names = new List<string>();
        for (var i = 0; i < 10; i++) names.Add(TraceIdOf(await nobody.GetAsync("/nowhere")));
        var called = TraceIdOf(
            await nobody.GetAsync(
                "/nowhere", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")));

        Assert.Equal(names.Count, names.Distinct().Count());
        // connection:request is not the name of a trace
        Assert.True(names.Count(name => name.Contains(':')) >= 8, string.Join(" ", names));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", called);

        static string TraceIdOf(Reply reply) => reply.Body.GetProperty("traceId").GetString()!;
    }

    private static async Task<Client> MemberAsync(BoxOfficeHost host)
    {
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100, maxPerMember = 100 });
        return (await boss.MembersAsync("member", 1))[0];
    }

    /// <summary>
    /// The spans of a trace, once the path back from <paramref name="last"/> has no gap: each process exports its
    /// own at its own time.
    /// </summary>
    private static async Task<List<Span>> SpansAsync(TraceCollector collector, string traceId, string last)
    {
        List<Span> Mine() => [.. collector.Spans.Where(span => span.TraceId == traceId)];
        await Testing.Wait.UntilAsync("the trace is there", () => Task.FromResult(
            Mine() is var spans
                && spans.Exists(span => span.Name == last)
                && WayBack(spans, last)[^1].StartsWith("POST", StringComparison.Ordinal)));
        return Mine();
    }

    /// <summary>The names from a span back to the root.</summary>
    private static List<string> WayBack(List<Span> spans, string name)
    {
        var way = new List<string>();
        for (var last = spans.Single(span => span.Name == name); last is not null; last = ParentOf(last))
            way.Add(last.Name);
        return way;

        Span? ParentOf(Span child) => spans.Find(span => span.SpanId == child.ParentId);
    }
}
