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
        Assert.Equal(
            (1, 1, 0),
            (numbers.GetProperty("available").GetInt32(), numbers.GetProperty("held").GetInt32(),
                numbers.GetProperty("confirmed").GetInt32()));
    }

    [Theory, BothForms]
    public async Task A_hold_that_expired_is_on_sale_again(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1, holdSeconds: 1);
        var (ann, bob) = (await stage.MembersAsync(2)) is [var first, var second]
            ? (first, second)
            : throw new InvalidOperationException();
        var held = (await ann.ReserveAsync(stage.EventId)).Data.GetProperty("reservationId").GetString();

        var refused = await bob.ReserveAsync(stage.EventId);
        await Testing.Wait.UntilAsync(
            "Bob gets the ticket", async () => (await bob.ReserveAsync(stage.EventId)).Status == HttpStatusCode.OK);

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

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => ann.ReserveAsync(stage.EventId, key: "one-press")));

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
    public async Task Buyers_who_disconnect_get_one_ticket_each_when_they_retry_and_disturb_no_others(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 100);
        var members = await stage.MembersAsync(60);

        var hungUp = members[..30].Select((member, i) => HangUpAsync(stage, member, $"key{i}"));
        var stayed = members[30..].Select(member => member.ReserveAsync(stage.EventId, key: "key"));
        await Task.WhenAll(hungUp);
        Assert.All(await Task.WhenAll(stayed), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        var back = await Task.WhenAll(
            members[..30].Select((member, i) => member.ReserveAsync(stage.EventId, key: $"key{i}")));

        Assert.All(back, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(40, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    /// <summary>Asks for a ticket and closes the connection at once, without an answer.</summary>
    private static async Task HangUpAsync(Stage stage, Client member, string key)
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(stage.Url.Host, stage.Url.Port);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /ticket/reserve/{stage.EventId} HTTP/1.1\r\nHost: x\r\nx-access-token: "
                + $"{member.Token}\r\nIdempotency-Key: {key}\r\nContent-Length: 0\r\n\r\n"));
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
