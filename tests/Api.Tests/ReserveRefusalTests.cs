using System.Net;

namespace BoxOffice.Api.Tests;

public sealed class ReserveRefusalTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task An_event_that_was_never_opened_is_not_found(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var ann = await stage.MemberAsync();

        string[] ids = ["never-opened", "99999999999999999999999999", new string('x', 65), "a.b", "%F0%9F%8E%AB"];
        foreach (var id in ids)
        {
            var reply = await ann.ReserveAsync(id);
            Assert.Equal((HttpStatusCode.NotFound, "EVENT_NOT_FOUND"), (reply.Status, reply.Code));
        }
    }

    [Theory, BothForms]
    public async Task Before_the_opening_the_refusal_says_when_it_is(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var opensAt = TimeProvider.System.GetUtcNow().AddHours(1);
        await stage.OpenAsync(capacity: 1, opensAt: opensAt);
        var ann = await stage.MemberAsync();

        var reply = await ann.ReserveAsync(stage.EventId);

        Assert.Equal((HttpStatusCode.Conflict, "NOT_OPEN"), (reply.Status, reply.Code));
        Assert.Equal(opensAt, reply.Body.GetProperty("opensAt").GetDateTimeOffset(), TimeSpan.FromMicroseconds(1));
        Assert.True(reply.Body.GetProperty("serverTime").GetDateTimeOffset() < opensAt);
        Assert.InRange(reply.Body.GetProperty("retryAfterMs").GetInt64(), 3_500_000, 3_600_000);
        Assert.False(reply.Body.GetProperty("terminal").GetBoolean());
        Assert.Equal("UPCOMING", (await stage.NumbersAsync()).GetProperty("state").GetString());
    }

    [Theory, BothForms]
    public async Task After_the_sale_it_is_closed(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1, closesAt: TimeProvider.System.GetUtcNow().AddHours(-1));
        var ann = await stage.MemberAsync();

        var reply = await ann.ReserveAsync(stage.EventId);

        Assert.Equal((HttpStatusCode.Conflict, "CLOSED"), (reply.Status, reply.Code));
        Assert.True(reply.Body.GetProperty("terminal").GetBoolean());
        Assert.Equal("CLOSED", (await stage.NumbersAsync()).GetProperty("state").GetString());
    }

    [Theory, BothForms]
    public async Task A_paused_sale_refuses_until_it_is_resumed(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var ann = await stage.MemberAsync();
        await stage.Operator.PostAsync($"/admin/events/{stage.EventId}/pause");

        var paused = await ann.ReserveAsync(stage.EventId);
        var state = (await stage.NumbersAsync()).GetProperty("state").GetString();
        await stage.Operator.PostAsync($"/admin/events/{stage.EventId}/resume");
        var resumed = await ann.ReserveAsync(stage.EventId);

        Assert.Equal((HttpStatusCode.Conflict, "PAUSED"), (paused.Status, paused.Code));
        Assert.False(paused.Body.GetProperty("terminal").GetBoolean());
        Assert.Equal("PAUSED", state);
        Assert.Equal(HttpStatusCode.OK, resumed.Status);
    }

    [Theory, BothForms]
    public async Task A_member_cannot_have_more_than_the_limit(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 3);
        var ann = await stage.MemberAsync();
        await ann.ReserveAsync(stage.EventId, 2);

        var reply = await ann.ReserveAsync(stage.EventId, 2);

        Assert.Equal((HttpStatusCode.Conflict, "LIMIT_EXCEEDED"), (reply.Status, reply.Code));
        Assert.Equal((3, 2), (reply.Body.GetProperty("limit").GetInt32(), reply.Body.GetProperty("used").GetInt32()));
    }

    [Theory, BothForms]
    public async Task Sold_out_is_terminal_and_has_a_code_of_its_own(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var members = await stage.MembersAsync(2);
        await members[0].ReserveAsync(stage.EventId);

        var reply = await members[1].ReserveAsync(stage.EventId);

        Assert.Equal((HttpStatusCode.Conflict, "SOLD_OUT"), (reply.Status, reply.Code));
        Assert.True(reply.Body.GetProperty("terminal").GetBoolean());
        Assert.Equal("NOT_APPLIED", reply.Body.GetProperty("outcome").GetString());
        Assert.Equal("application/problem+json", reply.Message.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(reply.Body.GetProperty("traceId").GetString()!);
        Assert.Null(reply.Header("Retry-After"));
        Assert.Equal("SOLD_OUT", (await stage.NumbersAsync()).GetProperty("state").GetString());
    }

    [Theory, BothForms]
    public async Task Fewer_left_than_asked_for_says_how_many(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 2, maxPerMember: 5);
        var ann = await stage.MemberAsync();

        var reply = await ann.ReserveAsync(stage.EventId, 3);

        Assert.Equal((HttpStatusCode.Conflict, "INSUFFICIENT"), (reply.Status, reply.Code));
        Assert.Equal(2, reply.Body.GetProperty("available").GetInt32());
    }
}
