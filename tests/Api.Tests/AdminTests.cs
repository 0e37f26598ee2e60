using System.Net;
using System.Text.Json;

namespace BoxOffice.Api.Tests;

public sealed class AdminTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task An_opened_event_answers_its_numbers_and_its_place(Form form)
    {
        var stage = await hosts.StageAsync(form);

        var reply = await stage.Operator.PostAsync("/admin/events", new { id = stage.EventId, name = "Gala", capacity = 3 });

        Assert.Equal(HttpStatusCode.Created, reply.Status);
        Assert.Equal($"/ticket/events/{stage.EventId}", reply.Header("Location"));
        Assert.Equal(("Gala", 3, 1, 0), (reply.Data.GetProperty("name").GetString(), reply.Data.GetProperty("capacity").GetInt32(),
            reply.Data.GetProperty("maxPerMember").GetInt32(), reply.Data.GetProperty("holdSeconds").GetInt32()));
    }

    [Theory, BothForms]
    public async Task An_event_without_an_id_gets_one_and_a_number_is_its_digits(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var number = Random.Shared.Next(1_000_000, int.MaxValue);

        var unnamed = await stage.Operator.PostAsync("/admin/events", new { name = "Gala", capacity = 3 });
        var numbered = await stage.Operator.PostAsync("/admin/events", new { id = number, name = "Gala", capacity = 3 });

        var id = unnamed.Data.GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.OK, (await stage.Nobody.GetAsync($"/ticket/events/{id}")).Status);
        Assert.Equal($"{number}", numbered.Data.GetProperty("id").GetString());
    }

    [Theory, BothForms]
    public async Task An_id_that_is_taken_is_refused_and_the_event_stays(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 3);

        var reply = await stage.Operator.PostAsync("/admin/events", new { id = stage.EventId, name = "Other", capacity = 99 });

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
            ("""{"name":"x","capacity":1,"opensAt":"2030-01-01T00:00:00Z","closesAt":"2030-01-01T00:00:00Z"}""", "closesAt"),
            ("""{"id":"","name":"x","capacity":1}""", "id"),
            ("""{"id":"a b","name":"x","capacity":1}""", "id"),
            ($$"""{"id":"{{new string('i', 65)}}","name":"x","capacity":1}""", "id"),
        ];

        foreach (var (json, field) in cases)
        {
            var reply = await stage.Operator.PostTextAsync("/admin/events", json);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "VALIDATION_FAILED", json), (reply.Status, reply.Code, json));
            Assert.True(reply.Body.GetProperty("errors").TryGetProperty(field, out _), $"{field} in {reply.Text}");
        }
    }

    [Theory, BothForms]
    public async Task A_body_that_cannot_be_read_is_an_invalid_request(Form form)
    {
        var stage = await hosts.StageAsync(form);
        string[] cases =
        [
            "", "null", "{", "[]", """{"name":"x","capacity":"5"}""", """{"name":"x","capacity":1.5}""", """{"name":7,"capacity":1}""",
            """{"name":"x","capacity":99999999999}""", """{"name":"x","capacity":1,"price":5}""", """{"name":"x","capacity":1,"capacity":2}""",
            """{"name":"x","capacity":1,"opensAt":"tomorrow"}""", """{"name":"x","capacity":1,"opensAt":"2030-01-01T00:00:00"}""",
            """{"name":"x","capacity":1,"opensAt":1893456000}""", """{"id":true,"name":"x","capacity":1}""", """{"id":-5,"name":"x","capacity":1}""",
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

        Assert.Equal((5, "A night"), (capacity.Data.GetProperty("capacity").GetInt32(), capacity.Data.GetProperty("name").GetString()));
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
        Assert.Equal(("SOLD_OUT", 0), (exact.Data.GetProperty("state").GetString(), exact.Data.GetProperty("available").GetInt32()));
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

    [Theory, BothForms]
    public async Task The_export_lists_what_was_sold_as_json_and_as_csv(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 2);
        var members = await stage.MembersAsync(3);
        foreach (var member in members) await member.ReserveAsync(stage.EventId, 2);

        var json = await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/reservations?format=json");
        var csv = await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/reservations?format=csv");

        var sold = json.Data.EnumerateArray().Select(one => one.GetProperty("memberId").GetString()).ToList();
        Assert.Equal([$"{stage.Name}-member1", $"{stage.Name}-member2", $"{stage.Name}-member3"], sold);
        Assert.All(json.Data.EnumerateArray(), one => Assert.Equal("CONFIRMED", one.GetProperty("status").GetString()));
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/csv", csv.Message.Content.Headers.ContentType?.MediaType);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith($"{stage.EventId}-2,{stage.Name}-member1,2,CONFIRMED,2,", lines[1], StringComparison.Ordinal);
        Assert.Equal("VALIDATION_FAILED", (await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/reservations?format=xml")).Code);
    }

    [Theory, BothForms]
    public async Task The_journal_streams_every_entry_in_order_without_gaps(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, holdSeconds: 600);
        var ann = await stage.MemberAsync();
        var id = (await ann.ReserveAsync(stage.EventId, key: "k")).Data.GetProperty("reservationId").GetString();
        await ann.PostAsync($"/ticket/reservations/{id}/confirm");
        await ann.PostAsync($"/ticket/reservations/{id}/cancel");
        await stage.Operator.PostAsync($"/admin/events/{stage.EventId}/pause");
        await stage.Operator.PostAsync($"/admin/events/{stage.EventId}/resume");
        await stage.Operator.PatchAsync($"/admin/events/{stage.EventId}", new { name = "Renamed" });

        var all = Entries(await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/journal"));
        var tail = Entries(await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/journal?after=5"));

        Assert.Equal(
            ["OPENED", "RESERVED", "CONFIRMED", "CANCELLED", "PAUSED", "RESUMED", "CHANGED"],
            all.Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Equal(Enumerable.Range(1, 7), all.Select(entry => entry.GetProperty("sequence").GetInt32()));
        Assert.Equal("k", all[1].GetProperty("idempotencyKey").GetString());
        Assert.Equal(id, all[2].GetProperty("reservationId").GetString());
        Assert.Equal([6, 7], tail.Select(entry => entry.GetProperty("sequence").GetInt32()));
    }

    [Theory, BothForms]
    public async Task Reconcile_finds_owner_journal_and_database_in_agreement(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 3, holdSeconds: 600);
        var members = await stage.MembersAsync(3);
        var ids = await Task.WhenAll(members.Select(async one => (await one.ReserveAsync(stage.EventId, 2, "k")).Data.GetProperty("reservationId").GetString()));
        await members[0].PostAsync($"/ticket/reservations/{ids[0]}/confirm");
        await members[1].PostAsync($"/ticket/reservations/{ids[1]}/cancel");

        var truth = await stage.ReconcileAsync();

        Assert.Equal(
            """{"capacity":10,"available":6,"held":2,"confirmed":2,"reservations":2,"members":2,"drift":0,"gaps":0,"duplicates":0,"headSequence":6,"unread":0}""",
            truth.GetRawText());
    }

    [Theory, BothForms]
    public async Task Ten_thousand_members_are_registered_in_one_call_and_can_log_in(Form form)
    {
        var stage = await hosts.StageAsync(form);

        var first = await stage.Operator.PostAsync("/admin/members", new { prefix = stage.Name, first = 1, count = 10_000, password = "load test" });
        var again = await stage.Operator.PostAsync("/admin/members", new { prefix = stage.Name, first = 9_001, count = 2_000, password = "load test" });
        var login = await stage.Nobody.PostAsync("/member/login", new { id = $"{stage.Name}10000", password = "load test" });
        var outside = await stage.Nobody.PostAsync("/member/login", new { id = $"{stage.Name}11001", password = "load test" });

        Assert.Equal((HttpStatusCode.OK, 10_000), (first.Status, first.Data.GetProperty("created").GetInt32()));
        Assert.Equal(1_000, again.Data.GetProperty("created").GetInt32());
        Assert.Equal(HttpStatusCode.OK, login.Status);
        Assert.Equal("BAD_CREDENTIALS", outside.Code);
    }

    [Theory, BothForms]
    public async Task A_member_who_signed_up_alone_keeps_the_password_when_a_cohort_comes(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Nobody.PostAsync("/member/signup", new { id = $"{stage.Name}2", password = "a word of my own" });

        var created = await stage.Operator.PostAsync("/admin/members", new { prefix = stage.Name, first = 1, count = 3, password = "load test" });

        Assert.Equal(2, created.Data.GetProperty("created").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await stage.Nobody.PostAsync("/member/login", new { id = $"{stage.Name}2", password = "a word of my own" })).Status);
        Assert.Equal("BAD_CREDENTIALS", (await stage.Nobody.PostAsync("/member/login", new { id = $"{stage.Name}2", password = "load test" })).Code);
        Assert.Equal("MEMBER_EXISTS", (await stage.Nobody.PostAsync("/member/signup", new { id = $"{stage.Name}1", password = "a word of my own" })).Code);
    }

    [Theory, BothForms]
    public async Task Ten_thousand_tokens_are_issued_in_one_call_and_work(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10);

        var members = await stage.Operator.MembersAsync(stage.Name, 10_000);

        Assert.Equal(10_000, members.Length);
        Assert.Equal(HttpStatusCode.OK, (await members[^1].ReserveAsync(stage.EventId)).Status);
    }

    [Theory, BothForms]
    public async Task A_run_of_members_out_of_bounds_is_named_by_field(Form form)
    {
        var stage = await hosts.StageAsync(form);
        (object Run, string Field)[] cases =
        [
            (new { prefix = "a b", first = 1, count = 1, password = "x" }, "prefix"),
            (new { prefix = new string('p', 64), first = 1, count = 1, password = "x" }, "prefix"),
            (new { prefix = "p", first = -1, count = 1, password = "x" }, "first"),
            (new { prefix = "p", first = int.MaxValue, count = 2, password = "x" }, "first"),
            (new { prefix = "p", first = 1, count = 0, password = "x" }, "count"),
            (new { prefix = "p", first = 1, count = 100_001, password = "x" }, "count"),
            (new { prefix = "p", first = 1, count = 1, password = "" }, "password"),
        ];

        foreach (var (run, field) in cases)
        {
            var reply = await stage.Operator.PostAsync("/admin/members", run);
            Assert.Equal("VALIDATION_FAILED", reply.Code);
            Assert.True(reply.Body.GetProperty("errors").TryGetProperty(field, out _), $"{field} in {reply.Text}");
        }
    }

    private static List<JsonElement> Entries(Testing.Reply reply) =>
        [.. reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
