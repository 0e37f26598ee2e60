using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class ReservationTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task A_confirmed_hold_is_sold_and_confirming_again_says_the_same(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var (ann, id) = await HoldAsync(stage);

        var first = await ann.PostAsync($"/ticket/reservations/{id}/confirm");
        var again = await ann.PostAsync($"/ticket/reservations/{id}/confirm");

        Assert.Equal(
            ("CONFIRMED", id),
            (first.Data.GetProperty("status").GetString(), first.Data.GetProperty("reservationId").GetString()));
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(1, (await stage.NumbersAsync()).GetProperty("confirmed").GetInt32());
    }

    [Theory, BothForms]
    public async Task A_cancelled_ticket_is_available_at_once_and_cancelling_again_says_the_same(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var (ann, id) = await HoldAsync(stage);
        await ann.PostAsync($"/ticket/reservations/{id}/confirm");

        var first = await ann.PostAsync($"/ticket/reservations/{id}/cancel");
        var again = await ann.PostAsync($"/ticket/reservations/{id}/cancel");

        Assert.Equal("CANCELLED", first.Data.GetProperty("status").GetString());
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(2, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
        Assert.Equal("ALREADY_CANCELLED", (await ann.PostAsync($"/ticket/reservations/{id}/confirm")).Code);
    }

    [Theory, BothForms]
    public async Task An_expired_hold_is_gone(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var (ann, id) = await HoldAsync(stage, holdSeconds: 1);

        await Wait.UntilAsync("the hold expires", async () =>
            (await ann.GetAsync($"/ticket/reservations/{id}")).Data.GetProperty("status").GetString() == "EXPIRED");

        var confirm = await ann.PostAsync($"/ticket/reservations/{id}/confirm");
        Assert.Equal((HttpStatusCode.Gone, "HOLD_EXPIRED"), (confirm.Status, confirm.Code));
        Assert.Equal(
            (HttpStatusCode.Gone, "HOLD_EXPIRED"),
            ((await ann.PostAsync($"/ticket/reservations/{id}/cancel")) is var r ? (r.Status, r.Code) : default));
        Assert.Equal(2, (await stage.NumbersAsync()).GetProperty("available").GetInt32());
    }

    [Theory, BothForms]
    public async Task The_numbers_show_an_expiry_without_any_reserve_call(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await HoldAsync(stage, holdSeconds: 1);

        await Wait.UntilAsync("an EXPIRED entry in the journal", async () =>
            (await stage.Operator.GetAsync(
                $"/admin/events/{stage.EventId}/journal")).Text.Contains("\"EXPIRED\"", StringComparison.Ordinal));
    }

    [Theory, BothForms]
    public async Task Another_members_reservation_is_not_found(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var (_, id) = await HoldAsync(stage);
        var bob = (await stage.MembersAsync(1))[0];

        foreach (var reply in new[]
        {
            await bob.GetAsync($"/ticket/reservations/{id}"),
            await bob.PostAsync($"/ticket/reservations/{id}/confirm"),
            await bob.PostAsync($"/ticket/reservations/{id}/cancel"),
            await bob.GetAsync($"/ticket/reservations/{stage.EventId}-999"),
        })
        {
            Assert.Equal((HttpStatusCode.NotFound, "RESERVATION_NOT_FOUND"), (reply.Status, reply.Code));
        }
        Assert.Equal(1, (await stage.NumbersAsync()).GetProperty("held").GetInt32());
    }

    [Theory, BothForms]
    public async Task An_id_that_cannot_be_a_reservation_is_not_found(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var ann = await stage.MemberAsync();

        string[] ids =
            ["x", "-", "1-", "-1", "1-0", "1--1", "1-01", "1-99999999999999999999999", "1-2x", "no-event-77"];
        foreach (var id in ids)
        {
            var reply = await ann.GetAsync($"/ticket/reservations/{id}");
            Assert.Equal((HttpStatusCode.NotFound, "RESERVATION_NOT_FOUND"), (reply.Status, reply.Code));
        }
    }

    [Theory, BothForms]
    public async Task My_list_has_my_reservations_of_every_event_and_no_others(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var second = stage with { Name = stage.Name + "-second" };
        await stage.OpenAsync(capacity: 10, maxPerMember: 5);
        await second.OpenAsync(capacity: 10, maxPerMember: 5);
        var members = await stage.MembersAsync(2);
        await members[0].ReserveAsync(stage.EventId, 2);
        await members[0].ReserveAsync(second.EventId, 3);
        await members[1].ReserveAsync(stage.EventId, 1);

        var mine = (await members[0].GetAsync("/ticket/reservations")).Data.EnumerateArray().ToList();

        Assert.Equal(
            [(second.EventId, 3), (stage.EventId, 2)],
            mine.Select(reservation =>
                (reservation.GetProperty("eventId").GetString(), reservation.GetProperty("quantity").GetInt32())));
    }

    private static async Task<(Client Ann, string Id)> HoldAsync(Stage stage, int holdSeconds = 600)
    {
        await stage.OpenAsync(capacity: 2, holdSeconds: holdSeconds);
        var ann = await stage.MemberAsync();
        return (ann, (await ann.ReserveAsync(stage.EventId)).Data.GetProperty("reservationId").GetString()!);
    }
}
