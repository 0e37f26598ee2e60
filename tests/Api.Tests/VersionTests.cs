using System.Net;
using System.Net.Http.Json;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>A change with If-Match is made to that version only.</summary>
public sealed class VersionTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task A_change_is_made_only_to_a_version_that_it_names(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10);
        var old = await TagAsync(stage);
        await (await stage.MemberAsync()).ReserveAsync(stage.EventId);
        var now = await TagAsync(stage);

        foreach (var other in new[] { old, $"W/{now}", "\"none\"", "nonsense", "\"-1\"" })
            Assert.Equal((other, "VERSION_MISMATCH"), (other, (await ChangeAsync(stage, 50, other)).Code));
        Assert.Equal(10, (await stage.NumbersAsync()).GetProperty("capacity").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(stage, 20, $"{old}, {now}")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await ChangeAsync(stage, 30, now)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(stage, 40, "*")).Status);
        Assert.Equal(40, (await stage.NumbersAsync()).GetProperty("capacity").GetInt32());
        var nowhere = await stage.Operator.SendAsync(
            HttpMethod.Patch, "/admin/events/nowhere", JsonOf(5), ("If-Match", now));
        Assert.Equal("EVENT_NOT_FOUND", nowhere.Code);
    }

    [Theory, BothForms]
    public async Task Of_changes_to_one_version_at_the_same_time_one_is_made(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10);
        var tag = await TagAsync(stage);

        var replies = await Task.WhenAll(
            Enumerable.Range(100, 20).Select(capacity => ChangeAsync(stage, capacity, tag)));

        var done = Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        var capacityNow = (await stage.NumbersAsync()).GetProperty("capacity").GetInt32();
        Assert.Equal(done.Data.GetProperty("capacity").GetInt32(), capacityNow);
        Assert.All(replies.Except([done]), reply => Assert.Equal("VERSION_MISMATCH", reply.Code));
    }

    private static async Task<string> TagAsync(Stage stage) =>
        (await stage.Nobody.GetAsync($"/ticket/events/{stage.EventId}")).Header("ETag")!;

    private static Task<Reply> ChangeAsync(Stage stage, int capacity, string tag) => stage.Operator.SendAsync(
        HttpMethod.Patch, $"/admin/events/{stage.EventId}", JsonOf(capacity), ("If-Match", tag));

    private static JsonContent JsonOf(int capacity) => JsonContent.Create(new { capacity });
}
