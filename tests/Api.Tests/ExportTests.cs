using System.Text.Json;

namespace BoxOffice.Api.Tests;

public sealed class ExportTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task The_export_lists_what_was_sold_as_json_and_as_csv(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 2);
        var members = await stage.MembersAsync(3);
        foreach (var member in members) await member.ReserveAsync(stage.EventId, 2);

        var json = await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/reservations?format=json");
        var csv = await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/reservations?format=csv");

        var sold = json.Data.EnumerateArray()
            .Select(reservation => reservation.GetProperty("memberId").GetString())
            .ToList();
        Assert.Equal([$"{stage.Name}-member1", $"{stage.Name}-member2", $"{stage.Name}-member3"], sold);
        Assert.All(
            json.Data.EnumerateArray(),
            reservation => Assert.Equal("CONFIRMED", reservation.GetProperty("status").GetString()));
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/csv", csv.Message.Content.Headers.ContentType?.MediaType);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith($"{stage.EventId}-2,{stage.Name}-member1,2,CONFIRMED,2,", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            "VALIDATION_FAILED",
            (await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/reservations?format=xml")).Code);
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
        var ids = await Task.WhenAll(
            members.Select(async member =>
                (await member.ReserveAsync(stage.EventId, 2, "k")).Data.GetProperty("reservationId").GetString()));
        await members[0].PostAsync($"/ticket/reservations/{ids[0]}/confirm");
        await members[1].PostAsync($"/ticket/reservations/{ids[1]}/cancel");

        var truth = await stage.ReconcileAsync();

        Assert.Equal(
            """{"capacity":10,"available":6,"held":2,"confirmed":2,"reservations":2,"members":2"""
            + ""","drift":0,"gaps":0,"duplicates":0,"headSequence":6,"unread":0}""",
            truth.GetRawText());
    }

    private static List<JsonElement> Entries(Testing.Reply reply) =>
        [.. reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
}
