using System.Net;
using System.Text.Json;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class ReserveTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task A_ticket_without_a_hold_is_confirmed_at_once(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 2);
        var ann = await stage.MemberAsync();

        var reply = await ann.ReserveAsync(stage.EventId);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal($"{stage.EventId}-2", reply.Data.GetProperty("reservationId").GetString());
        Assert.Equal(stage.EventId, reply.Data.GetProperty("eventId").GetString());
        Assert.Equal(1, reply.Data.GetProperty("quantity").GetInt32());
        Assert.Equal("CONFIRMED", reply.Data.GetProperty("status").GetString());
        Assert.Equal(2, reply.Data.GetProperty("sequence").GetInt64());
        Assert.Equal(JsonValueKind.Null, reply.Data.GetProperty("expiresAt").ValueKind);
        Assert.Equal(1, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task A_ticket_with_a_hold_is_held_until_it_expires(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 2, holdSeconds: 600);
        var ann = await stage.MemberAsync();

        var reply = await ann.ReserveAsync(stage.EventId);

        Assert.Equal("HELD", reply.Data.GetProperty("status").GetString());
        Assert.EndsWith("Z", reply.Data.GetProperty("expiresAt").GetString(), StringComparison.Ordinal);
        var numbers = await stage.NumbersAsync();
        Assert.Equal((1, 1, 0), (numbers.GetProperty("available").GetInt32(), numbers.GetProperty("held").GetInt32(), numbers.GetProperty("confirmed").GetInt32()));
    }

    [Theory, BothForms]
    public async Task A_hold_that_expired_is_on_sale_again(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1, holdSeconds: 1);
        var (ann, bob) = (await stage.MembersAsync(2)) is [var first, var second] ? (first, second) : throw new InvalidOperationException();
        var held = (await ann.ReserveAsync(stage.EventId)).Data.GetProperty("reservationId").GetString();

        var refused = await bob.ReserveAsync(stage.EventId);
        await Testing.Wait.UntilAsync("Bob gets the ticket", async () => (await bob.ReserveAsync(stage.EventId)).Status == HttpStatusCode.OK);

        Assert.Equal("ALL_HELD", refused.Code);
        Assert.False(refused.Body.GetProperty("terminal").GetBoolean());
        Assert.InRange(refused.Body.GetProperty("retryAfterMs").GetInt64(), 1, 1_000);
        Assert.Equal("1", refused.Header("Retry-After"));
        Assert.Equal("HOLD_EXPIRED", (await ann.PostAsync($"/ticket/reservations/{held}/confirm")).Code);
    }

    [Theory, BothForms]
    public async Task A_repeat_of_a_key_gets_the_first_answer_and_takes_nothing(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 5, maxPerMember: 5);
        var ann = await stage.MemberAsync();
        var first = await ann.ReserveAsync(stage.EventId, 2, "order-1");

        var again = await ann.ReserveAsync(stage.EventId, 2, "order-1");

        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(3, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task Forty_repeats_of_a_key_at_once_take_one_ticket(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 100, maxPerMember: 100);
        var ann = await stage.MemberAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ann.ReserveAsync(stage.EventId, key: "one-press")));

        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        Assert.Single(replies, reply => reply.Header("Idempotency-Replayed") is null);
        Assert.Equal(99, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task A_key_used_for_another_quantity_is_a_mismatch(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 5, maxPerMember: 5);
        var ann = await stage.MemberAsync();
        await ann.ReserveAsync(stage.EventId, 2, "order-1");

        var reply = await ann.ReserveAsync(stage.EventId, 3, "order-1");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_MISMATCH"), (reply.Status, reply.Code));
    }

    [Theory, BothForms]
    public async Task An_event_that_was_never_opened_is_not_found(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var ann = await stage.MemberAsync();

        foreach (var id in new[] { "never-opened", "99999999999999999999999999", new string('x', 65), "a.b", "%F0%9F%8E%AB" })
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

    [Theory, BothForms]
    public async Task No_body_an_empty_body_and_a_null_body_ask_for_one_ticket(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10);
        var ann = await stage.MemberAsync();

        foreach (var body in new[] { "", "null", "{}", "  " })
        {
            var reply = await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", body);
            Assert.Equal((HttpStatusCode.OK, 1), (reply.Status, reply.Data.GetProperty("quantity").GetInt32()));
        }
    }

    [Theory, BothForms]
    public async Task A_quantity_that_is_not_a_whole_number_in_bounds_is_invalid(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10);
        var ann = await stage.MemberAsync();

        foreach (var quantity in new[] { "0", "-1", "1001", "2147483648", "99999999999999999999999999", "1.5", "1e400" })
        {
            var reply = await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", $$"""{"quantity":{{quantity}}}""");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "INVALID_QUANTITY"), (reply.Status, reply.Code));
        }
        Assert.Equal(10, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task A_body_that_cannot_be_read_changes_nothing(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10);
        var ann = await stage.MemberAsync();

        foreach (var body in new[] { "{", "[]", "1", "\"x\"", """{"quantity":"2"}""", """{"quantity":null}""", """{"quantity":1,"price":0}""", """{"quantity":1,"quantity":2}""", "{}x", "{\"quantity\":1}{}", """{"\ud800ab":1}""" })
        {
            var reply = await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", body);
            Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST"), (reply.Status, reply.Code));
        }
        Assert.Equal("UNSUPPORTED_MEDIA_TYPE", (await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", "quantity=1", "application/x-www-form-urlencoded")).Code);
        Assert.Equal("PAYLOAD_TOO_LARGE", (await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", new string(' ', 5_000))).Code);
        Assert.Equal("PAYLOAD_TOO_LARGE", (await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", new string(' ', 200_000))).Code);
        Assert.Equal(10, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task A_key_out_of_form_is_invalid(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10);
        var ann = await stage.MemberAsync();

        foreach (var key in new[] { "", new string('k', 129), "with space", "ticket-é" })
        {
            var reply = await ann.ReserveAsync(stage.EventId, key: key);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "INVALID_IDEMPOTENCY_KEY"), (reply.Status, reply.Code));
        }
        Assert.Equal(HttpStatusCode.OK, (await ann.ReserveAsync(stage.EventId, key: new string('k', 128))).Status);
        Assert.Equal(9, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task Buyers_who_hang_up_take_one_ticket_each_when_they_come_back_and_disturb_nobody(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 100);
        var members = await stage.MembersAsync(60);

        var hungUp = members[..30].Select((member, i) => HangUpAsync(stage, member, $"key{i}"));
        var stayed = members[30..].Select(member => member.ReserveAsync(stage.EventId, key: "key"));
        await Task.WhenAll(hungUp);
        Assert.All(await Task.WhenAll(stayed), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        var back = await Task.WhenAll(members[..30].Select((member, i) => member.ReserveAsync(stage.EventId, key: $"key{i}")));

        Assert.All(back, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(40, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    /// <summary>Asks for a ticket and closes the connection at once, without an answer.</summary>
    private static async Task HangUpAsync(Stage stage, Client member, string key)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(stage.Url.Host, stage.Url.Port);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /ticket/reserve/{stage.EventId} HTTP/1.1\r\nHost: x\r\nx-access-token: {member.Token}\r\nIdempotency-Key: {key}\r\nContent-Length: 0\r\n\r\n"));
        socket.Close(timeout: 0);
    }

    [Theory, BothForms]
    public async Task A_member_who_calls_without_end_is_slowed_down(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1_000, maxPerMember: 1_000);
        var members = await stage.MembersAsync(2);

        var replies = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => members[0].ReserveAsync(stage.EventId)));

        var limited = replies.Where(reply => reply.Code == "RATE_LIMITED").ToList();
        Assert.NotEmpty(limited);
        Assert.Equal((HttpStatusCode)429, limited[0].Status);
        Assert.NotNull(limited[0].Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await members[1].ReserveAsync(stage.EventId)).Status);
        var sold = replies.Count(reply => reply.Status == HttpStatusCode.OK) + 1;
        Assert.Equal(1_000 - sold, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }
}
