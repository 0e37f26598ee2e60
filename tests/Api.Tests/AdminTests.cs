using System.Net;
using System.Text.Json;

namespace BoxOffice.Api.Tests;

public sealed class AdminTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task An_opened_event_answers_its_numbers_and_its_place(Form form)
    {
        var stage = await hosts.StageAsync(form);

        var reply = await stage.Operator.PostAsync(
            "/admin/events", new { id = stage.EventId, name = "Gala", capacity = 3 });

        Assert.Equal(HttpStatusCode.Created, reply.Status);
        Assert.Equal($"/ticket/events/{stage.EventId}", reply.Header("Location"));
        Assert.Equal("Gala", reply.Data.GetProperty("name").GetString());
        Assert.Equal([3, 1, 0], new[] { "capacity", "maxPerMember", "holdSeconds" }
            .Select(name => reply.Data.GetProperty(name).GetInt32()));
    }

    [Theory, BothForms]
    public async Task An_event_without_an_id_gets_one_and_a_number_is_its_digits(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var number = Random.Shared.Next(1_000_000, int.MaxValue);

        var unnamed = await stage.Operator.PostAsync("/admin/events", new { name = "Gala", capacity = 3 });
        var numbered = await stage.Operator.PostAsync(
            "/admin/events", new { id = number, name = "Gala", capacity = 3 });

        var id = unnamed.Data.GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.OK, (await stage.Nobody.GetAsync($"/ticket/events/{id}")).Status);
        Assert.Equal($"{number}", numbered.Data.GetProperty("id").GetString());
    }

    [Theory, BothForms]
    public async Task An_id_that_is_taken_is_refused_and_the_event_stays(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 3);

        var reply = await stage.Operator.PostAsync(
            "/admin/events", new { id = stage.EventId, name = "Other", capacity = 99 });

        Assert.Equal((HttpStatusCode.Conflict, "EVENT_EXISTS"), (reply.Status, reply.Code));
        Assert.Equal(3, (await stage.NumbersAsync()).GetProperty("capacity").GetInt32());
    }

    [Theory, BothForms]
    public async Task Every_field_out_of_bounds_is_named(Form form)
    {
        var stage = await hosts.StageAsync(form);
        (string Json, string Field)[] cases =
        [
            ("""{"name":"","capacity":1}""", "name"),
            ("""{"capacity":1}""", "name"),
            ($$"""{"name":"{{new string('n', 201)}}","capacity":1}""", "name"),
            ("""{"name":"line\nbreak","capacity":1}""", "name"),
            ("""{"name":"x"}""", "capacity"),
            ("""{"name":"x","capacity":0}""", "capacity"),
            ("""{"name":"x","capacity":-1}""", "capacity"),
            ("""{"name":"x","capacity":100000001}""", "capacity"),
            ("""{"name":"x","capacity":1,"maxPerMember":0}""", "maxPerMember"),
            ("""{"name":"x","capacity":1,"holdSeconds":-1}""", "holdSeconds"),
            ("""{"name":"x","capacity":1,"holdSeconds":604801}""", "holdSeconds"),
            ("""{"name":"x","capacity":1,"opensAt":"2030-01-01T00:00:00Z","closesAt":"2030-01-01T00:00:00Z"}""",
                "closesAt"),
            ("""{"id":"","name":"x","capacity":1}""", "id"),
            ("""{"id":"a b","name":"x","capacity":1}""", "id"),
            ($$"""{"id":"{{new string('i', 65)}}","name":"x","capacity":1}""", "id"),
        ];

        foreach (var (json, field) in cases)
        {
            var reply = await stage.Operator.PostTextAsync("/admin/events", json);
            Assert.Equal(
                (HttpStatusCode.UnprocessableEntity, "VALIDATION_FAILED", json), (reply.Status, reply.Code, json));
            Assert.True(reply.Body.GetProperty("errors").TryGetProperty(field, out _), $"{field} in {reply.Text}");
        }
    }

    [Theory, BothForms]
    public async Task A_body_that_cannot_be_read_is_an_invalid_request(Form form)
    {
        var stage = await hosts.StageAsync(form);
        string[] cases =
        [
            "", "null", "{", "[]",
            """{"name":"x","capacity":"5"}""", """{"name":"x","capacity":1.5}""", """{"name":7,"capacity":1}""",
            """{"name":"x","capacity":99999999999}""", """{"name":"x","capacity":1,"price":5}""",
            """{"name":"x","capacity":1,"capacity":2}""", """{"name":"x","capacity":1,"opensAt":"tomorrow"}""",
            """{"name":"x","capacity":1,"opensAt":"2030-01-01T00:00:00"}""",
            """{"name":"x","capacity":1,"opensAt":1893456000}""",
            """{"id":true,"name":"x","capacity":1}""", """{"id":-5,"name":"x","capacity":1}""",
            """{"name":"\ud800","capacity":1}""",
        ];

        foreach (var json in cases)
        {
            var reply = await stage.Operator.PostTextAsync("/admin/events", json);
            Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST", json), (reply.Status, reply.Code, json));
        }
    }

    [Theory, BothForms]
    public async Task A_change_touches_what_it_names_and_null_clears_the_window(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 3, opensAt: TimeProvider.System.GetUtcNow().AddHours(1));

        var capacity = await stage.Operator.PatchAsync($"/admin/events/{stage.EventId}", new { capacity = 5 });
        var window = await stage.Operator.PatchAsync($"/admin/events/{stage.EventId}", new { opensAt = (string?)null });

        Assert.Equal(
            (5, "A night"),
            (capacity.Data.GetProperty("capacity").GetInt32(), capacity.Data.GetProperty("name").GetString()));
        Assert.Equal("UPCOMING", capacity.Data.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, window.Data.GetProperty("opensAt").ValueKind);
        Assert.Equal("OPEN", window.Data.GetProperty("state").GetString());
    }

    [Theory, BothForms]
    public async Task A_capacity_below_what_is_sold_is_refused(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 3, maxPerMember: 3);
        await (await stage.MemberAsync()).ReserveAsync(stage.EventId, 2);

        var below = await stage.Operator.PatchAsync($"/admin/events/{stage.EventId}", new { capacity = 1 });
        var exact = await stage.Operator.PatchAsync($"/admin/events/{stage.EventId}", new { capacity = 2 });

        Assert.Equal((HttpStatusCode.Conflict, "CAPACITY_BELOW_SOLD"), (below.Status, below.Code));
        Assert.Equal(
            ("SOLD_OUT", 0),
            (exact.Data.GetProperty("state").GetString(), exact.Data.GetProperty("available").GetInt32()));
    }

    [Theory, BothForms]
    public async Task A_larger_capacity_puts_a_sold_out_event_on_sale_again(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var members = await stage.MembersAsync(2);
        await members[0].ReserveAsync(stage.EventId);
        await members[1].ReserveAsync(stage.EventId);

        await stage.Operator.PatchAsync($"/admin/events/{stage.EventId}", new { capacity = 2 });

        Assert.Equal(HttpStatusCode.OK, (await members[1].ReserveAsync(stage.EventId)).Status);
    }

    [Theory, BothForms]
    public async Task Calls_on_an_event_that_does_not_exist_are_not_found(Form form)
    {
        var stage = await hosts.StageAsync(form);

        foreach (var reply in new[]
        {
            await stage.Operator.PatchAsync("/admin/events/nothing", new { capacity = 1 }),
            await stage.Operator.PostAsync("/admin/events/nothing/pause"),
            await stage.Operator.PostAsync("/admin/events/nothing/resume"),
            await stage.Operator.GetAsync("/admin/events/nothing/reservations"),
            await stage.Operator.GetAsync("/admin/events/nothing/journal"),
            await stage.Operator.GetAsync("/admin/events/nothing/reconcile"),
        })
        {
            Assert.Equal((HttpStatusCode.NotFound, "EVENT_NOT_FOUND"), (reply.Status, reply.Code));
        }
    }
}
