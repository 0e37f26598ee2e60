using System.Net;

namespace BoxOffice.Api.Tests;

public sealed class EventTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task An_event_shows_all_its_numbers_to_anybody(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 7, maxPerMember: 3, holdSeconds: 60);

        var data = (await stage.Nobody.GetAsync($"/ticket/events/{stage.EventId}")).Data;

        Assert.Equal(
            [
                "id", "name", "capacity", "available", "held", "confirmed", "state", "opensAt", "closesAt",
                "maxPerMember", "holdSeconds", "version",
            ],
            data.EnumerateObject().Select(property => property.Name));
        Assert.Equal((stage.EventId, 7, 3, 60, "OPEN"), (
            data.GetProperty("id").GetString(), data.GetProperty("available").GetInt32(),
            data.GetProperty("maxPerMember").GetInt32(), data.GetProperty("holdSeconds").GetInt32(),
            data.GetProperty("state").GetString()));
    }

    [Theory, BothForms]
    public async Task The_tag_is_the_version_and_spares_the_body_until_something_happens(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 7);
        var first = await stage.Nobody.GetAsync($"/ticket/events/{stage.EventId}");
        var tag = first.Header("ETag")!;

        var unchanged = await stage.Nobody.GetAsync($"/ticket/events/{stage.EventId}", ("If-None-Match", tag));
        await (await stage.MemberAsync()).ReserveAsync(stage.EventId);
        var changed = await stage.Nobody.GetAsync($"/ticket/events/{stage.EventId}", ("If-None-Match", tag));

        Assert.Equal($"\"{first.Data.GetProperty("version").GetInt64()}\"", tag);
        Assert.Equal((HttpStatusCode.NotModified, ""), (unchanged.Status, unchanged.Text));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(tag, changed.Header("ETag"));
    }

    [Theory, BothForms]
    public async Task The_opening_changes_the_version_without_any_call(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 7, opensAt: TimeProvider.System.GetUtcNow().AddSeconds(1));
        var before = await stage.NumbersAsync();

        await Testing.Wait.UntilAsync(
            "it opens", async () => (await stage.NumbersAsync()).GetProperty("state").GetString() == "OPEN");

        Assert.Equal("UPCOMING", before.GetProperty("state").GetString());
        Assert.True(
            (await stage.NumbersAsync()).GetProperty("version").GetInt64() > before.GetProperty("version").GetInt64());
    }

    [Theory, BothForms]
    public async Task All_held_is_a_state_of_its_own(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1, holdSeconds: 600);
        await (await stage.MemberAsync()).ReserveAsync(stage.EventId);

        Assert.Equal("ALL_HELD", (await stage.NumbersAsync()).GetProperty("state").GetString());
    }

    [Theory, BothForms]
    public async Task The_list_has_every_event_and_goes_on_page_by_page(Form form)
    {
        var stage = await hosts.StageAsync(form);
        foreach (var id in new[] { "a", "b", "c" })
            await (stage with { Name = $"{stage.Name}-{id}" }).OpenAsync(capacity: 1);

        var all = (await stage.Operator.GetAsync("/ticket/events")).Data
            .EnumerateArray()
            .Select(listed => listed.GetProperty("id").GetString());
        var page = (await stage.Nobody.GetAsync($"/ticket/events?after={stage.Name}-a&limit=2")).Data
            .EnumerateArray()
            .ToList();

        Assert.Equal(3, all.Count(id => id!.StartsWith(stage.Name + "-", StringComparison.Ordinal)));
        Assert.Equal(
            [$"{stage.Name}-b", $"{stage.Name}-c"], page.Select(listed => listed.GetProperty("id").GetString()));
        Assert.Equal("VALIDATION_FAILED", (await stage.Nobody.GetAsync("/ticket/events?limit=0")).Code);
        Assert.Equal("INVALID_REQUEST", (await stage.Nobody.GetAsync("/ticket/events?limit=many")).Code);
        Assert.Equal("VALIDATION_FAILED", (await stage.Nobody.GetAsync("/ticket/events?after=%00")).Code);
    }

    [Theory, BothForms]
    public async Task An_event_that_does_not_exist_is_not_found(Form form)
    {
        var stage = await hosts.StageAsync(form);

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => stage.Nobody.GetAsync($"/ticket/events/{stage.Name}-nothing")));

        Assert.All(
            replies, reply => Assert.Equal((HttpStatusCode.NotFound, "EVENT_NOT_FOUND"), (reply.Status, reply.Code)));
    }
}
