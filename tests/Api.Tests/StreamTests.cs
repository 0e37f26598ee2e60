using System.Diagnostics;
using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class StreamTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task A_stream_begins_with_the_present_numbers_and_tells_each_change(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 2);
        await using var stream = await EventStream.OpenAsync(stage.Url, stage.EventId);

        var first = await stream.NextAsync();
        await (await stage.MemberAsync()).ReserveAsync(stage.EventId);
        var second = await stream.NextAsync();

        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            (2, 1),
            (first!.Numbers.GetProperty("available").GetInt32(), second!.Numbers.GetProperty("available").GetInt32()));
        Assert.Equal(("availability", second.Numbers.GetProperty("version").ToString()), (second.Name, second.Id));
        Assert.Equal((await stage.NumbersAsync()).ToString(), second.Data);
    }

    [Theory, BothForms]
    public async Task Sold_out_and_on_sale_again_are_streamed_as_they_happen(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var member = await stage.MemberAsync();
        await using var stream = await EventStream.OpenAsync(stage.Url, stage.EventId);

        var ticket = (await member.ReserveAsync(stage.EventId)).Data.GetProperty("reservationId");
        var soldOut = await stream.NumbersAsync(numbers => numbers.GetProperty("state").GetString() == "SOLD_OUT");
        await member.PostAsync($"/ticket/reservations/{ticket}/cancel");
        var onSale = await stream.NumbersAsync(numbers => numbers.GetProperty("state").GetString() == "OPEN");

        Assert.Equal((0, 1), (soldOut.GetProperty("available").GetInt32(), onSale.GetProperty("available").GetInt32()));
    }

    [Theory, BothForms]
    public async Task The_opening_is_streamed_without_any_call(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1, opensAt: TimeProvider.System.GetUtcNow().AddSeconds(1));
        await using var stream = await EventStream.OpenAsync(stage.Url, stage.EventId);

        var before = await stream.NextAsync();
        var open = await stream.NumbersAsync(numbers => numbers.GetProperty("state").GetString() == "OPEN");

        Assert.Equal("UPCOMING", before!.Numbers.GetProperty("state").GetString());
        Assert.Equal(1, open.GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task A_listener_that_reconnects_does_not_get_the_version_again_that_it_has_seen(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 2);
        await using var before = await EventStream.OpenAsync(stage.Url, stage.EventId);
        var seen = await before.NextAsync();

        await using var again = await EventStream.OpenAsync(stage.Url, stage.EventId, seen!.Id);
        await (await stage.MemberAsync()).ReserveAsync(stage.EventId);
        var next = await again.NextAsync();

        Assert.NotEqual(seen.Id, next!.Id);
        Assert.Equal(1, next.Numbers.GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task Numbers_come_at_most_four_times_a_second_and_the_last_are_the_latest(Form form)
    {
        const int Sold = 400;
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: Sold);
        var members = await stage.MembersAsync(Sold);
        await using var stream = await EventStream.OpenAsync(stage.Url, stage.EventId);
        await stream.NextAsync();
        var since = Stopwatch.GetTimestamp();

        var buying = Parallel.ForEachAsync(members, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (member, _) => await member.ReserveAsync(stage.EventId));
        var messages = 0;
        await stream.NumbersAsync(numbers => ++messages > 0 && numbers.GetProperty("available").GetInt32() == 0);
        await buying;

        Assert.InRange(messages, 1, (4 * Stopwatch.GetElapsedTime(since).TotalSeconds) + 1);
    }

    [Theory, BothForms]
    public async Task An_event_that_is_not_there_has_no_stream(Form form)
    {
        var stage = await hosts.StageAsync(form);

        var unknown = await stage.Nobody.GetAsync("/ticket/events/nowhere/stream");
        var malformed = await stage.Nobody.GetAsync("/ticket/events/no%20where/stream");

        Assert.Equal((HttpStatusCode.NotFound, "EVENT_NOT_FOUND"), (unknown.Status, unknown.Code));
        Assert.Equal((HttpStatusCode.NotFound, "EVENT_NOT_FOUND"), (malformed.Status, malformed.Code));
    }

    [Fact]
    public async Task A_stream_without_news_gives_a_sign_of_life()
    {
        await using var host = await hosts.StartAsync(Form.Embedded, ("StreamHeartbeat", "00:00:01"));
        await using var stream = await EventStream.OpenAsync(host.Url, "1");

        var numbers = await stream.NextAsync();
        var (first, second) = (await stream.NextAsync(), await stream.NextAsync());

        Assert.NotNull(numbers!.Data);
        Assert.Equal([new(null, null, null), new(null, null, null)], [first!, second!]);
    }

    [Fact]
    public async Task Listeners_beyond_the_limit_are_refused_as_busy_and_one_that_leaves_makes_room()
    {
        await using var host = await hosts.StartAsync(Form.Embedded, ("StreamListenersMax", "1"));
        var nobody = new Client(host.Url);
        var first = await EventStream.OpenAsync(host.Url, "1");
        await first.NextAsync();

        var refused = await nobody.GetAsync("/ticket/events/1/stream");
        await first.DisposeAsync();
        EventStream? next = null;
        await Testing.Wait.UntilAsync("there is room", async () =>
        {
            next = await EventStream.OpenAsync(host.Url, "1");
            return next.Answer.StatusCode == HttpStatusCode.OK;
        });

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "BUSY"), (refused.Status, refused.Code));
        Assert.NotNull((await next!.NextAsync())!.Data);
        await next.DisposeAsync();
    }

    [Theory, BothForms]
    public async Task Streams_end_in_order_when_the_front_end_stops(Form form)
    {
        await using var host = await hosts.StartAsync(form);
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "night", name = "Night", capacity = 1 });
        await using var stream = await EventStream.OpenAsync(host.Url, "night");
        await stream.NextAsync();

        var stopping = host.Api.StopAsync();
        var end = await stream.NextAsync(); // a connection that is cut would throw

        Assert.Null(end);
        await stopping;
        Assert.Equal(0, host.Api.ExitCode);
    }
}
