using System.Net;

namespace BoxOffice.Api.Tests;

public sealed class ReserveBodyTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task No_body_an_empty_body_and_a_null_body_ask_for_one_ticket(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10);
        var ann = await stage.MemberAsync();

        // Also with a byte order mark, and in any letter case, as in other bodies.
        string[] bodies =
            ["", "null", "{}", "  ", "\ufeff{}", "\ufeff", """{"Quantity":1}""", "\ufeff{\"QUANTITY\":1}"];
        foreach (var body in bodies)
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

        string[] quantities = ["0", "-1", "1001", "2147483648", "99999999999999999999999999", "1.5", "1e400"];
        foreach (var quantity in quantities)
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

        string[] bodies =
        [
            "{", "[]", "1", "\"x\"", """{"quantity":"2"}""", """{"quantity":null}""", """{"quantity":1,"price":0}""",
            """{"quantity":1,"quantity":2}""", "{}x", "{\"quantity\":1}{}", """{"\ud800ab":1}""",
        ];
        foreach (var body in bodies)
        {
            var reply = await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", body);
            Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST"), (reply.Status, reply.Code));
        }
        Assert.Equal(
            "UNSUPPORTED_MEDIA_TYPE",
            (await ann.PostTextAsync(
                $"/ticket/reserve/{stage.EventId}", "quantity=1", "application/x-www-form-urlencoded")).Code);
        Assert.Equal(
            "PAYLOAD_TOO_LARGE",
            (await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", new string(' ', 5_000))).Code);
        Assert.Equal(
            "PAYLOAD_TOO_LARGE",
            (await ann.PostTextAsync($"/ticket/reserve/{stage.EventId}", new string(' ', 200_000))).Code);
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
}
