using System.Net;
using System.Text.Json;
using BoxOffice.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace BoxOffice.Api.Tests;

/// <summary>
/// An event whose journal has a gap, made in the database itself: what still works, and how it is repaired.
/// </summary>
public sealed class BrokenEventTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task An_event_with_a_gap_in_its_journal_is_reported_diagnosed_and_repaired_and_hides_no_other(
        Form form)
    {
        await using var host = await hosts.StartAsync(form);
        var (boss, members) = await OnSaleAsync(host);
        foreach (var member in members) await member.ReserveAsync("gala", key: "k");
        await members[0].ReserveAsync("other");
        await host.StopAsync();
        Assert.Equal(
            1, await ExecuteAsync(host, "DELETE FROM reservation_journal WHERE event_id = 'gala' AND seq = 3"));
        await host.StartAsync();
        (boss, members) = (boss.At(host.Url), [.. members.Select(member => member.At(host.Url))]);

        // Buyers get a code of its own with a long wait; everything else works.
        var refused = await members[3].ReserveAsync("gala");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "EVENT_BROKEN"), (refused.Status, refused.Code));
        Assert.Equal("NOT_APPLIED", refused.Body.GetProperty("outcome").GetString());
        Assert.InRange(refused.Body.GetProperty("retryAfterMs").GetInt64(), 60_000, 120_000);
        Assert.False(refused.Body.TryGetProperty("detail", out _));
        Assert.Equal("EVENT_BROKEN", (await members[0].PostAsync("/ticket/reservations/gala-2/cancel")).Code);
        Assert.Equal("EVENT_BROKEN", (await members[0].GetAsync("/ticket/events/gala")).Code);
        Assert.Equal(HttpStatusCode.OK, (await members[1].ReserveAsync("other")).Status);
        var mine = await members[0].GetAsync("/ticket/reservations");
        Assert.Equal(["other-2"], mine.Data.EnumerateArray()
            .Select(reservation => reservation.GetProperty("reservationId").GetString()));
        Assert.Equal(["gala"], mine.Body.GetProperty("unavailable").EnumerateArray().Select(id => id.GetString()));
        var listed = (await members[0].GetAsync("/ticket/events")).Data
            .EnumerateArray()
            .Select(item => item.GetProperty("id").GetString());
        Assert.Contains("other", listed);

        // Operators can read the rows although the event has no owner.
        var truth = (await boss.GetAsync("/admin/events/gala/reconcile")).Data;
        Assert.Equal((1, 5), (truth.GetProperty("gaps").GetInt32(), truth.GetProperty("headSequence").GetInt32()));
        Assert.NotEqual(0, truth.GetProperty("drift").GetInt32());
        var rows = (
            await boss.GetAsync("/admin/events/gala/journal")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [1, 2, 4, 5], rows.Select(row => JsonDocument.Parse(row).RootElement.GetProperty("sequence").GetInt32()));
        var exported = (await boss.GetAsync("/admin/events/gala/reservations")).Data.EnumerateArray();
        Assert.Equal(["gala-2"], exported.Select(reservation => reservation.GetProperty("reservationId").GetString()));
        var paused = await boss.PostAsync("/admin/events/gala/pause");
        Assert.Equal("EVENT_BROKEN", paused.Code);
        Assert.Contains(
            "cannot be replayed after entry 2", paused.Body.GetProperty("detail").GetString(),
            StringComparison.Ordinal);

        // The repair reports what it does, does only that, and keeps the removed entries.
        Assert.Equal("FORBIDDEN", (await members[0].PostAsync("/admin/events/gala/repair", new { upTo = 2 })).Code);
        Assert.Equal("VALIDATION_FAILED", (await boss.PostAsync("/admin/events/gala/repair", new { upTo = 1 })).Code);
        Assert.Equal("EVENT_NOT_BROKEN", (await boss.PostAsync("/admin/events/other/repair", new { upTo = 1 })).Code);
        Assert.Equal("EVENT_NOT_FOUND", (await boss.PostAsync("/admin/events/nothing/repair", new { upTo = 1 })).Code);
        var repaired = await boss.PostAsync("/admin/events/gala/repair", new { upTo = 2 });
        Assert.Equal(2, repaired.Data.GetProperty("setAside").GetInt32());
        await Testing.Wait.UntilAsync(
            "the event sells again",
            async () => (await members[3].ReserveAsync("gala", key: "new")).Status == HttpStatusCode.OK);
        truth = (await boss.GetAsync("/admin/events/gala/reconcile")).Data;
        Assert.Equal(
            (0, 0, 0),
            (truth.GetProperty("drift").GetInt32(), truth.GetProperty("gaps").GetInt32(),
                truth.GetProperty("duplicates").GetInt32()));
        Assert.Equal(["gala-2", "other-2"], (await members[0].GetAsync("/ticket/reservations")).Data.EnumerateArray()
            .Select(reservation => reservation.GetProperty("reservationId").GetString()).Order());
        await host.StopAsync();
        await host.StartAsync(); // a store with a repaired event is not taken for an older copy
        Assert.Equal(HttpStatusCode.OK, (await members[0].At(host.Url).GetAsync("/ticket/events/gala")).Status);
        await host.StopAsync();
        Assert.Equal(
            2,
            await ExecuteAsync(
                host,
                "DELETE FROM journal_set_aside WHERE event_id = 'gala' AND set_aside_by = 'operator' AND seq IN (4, "
                    + "5)"));
    }

    [Theory]
    [InlineData("actor = 'a' || substr(actor, 2)", 4)]
    // The last entry, which a start and an owner read first: outside the calendar, and no overflow.
    [InlineData("decided_at = 900000000000000000", 5)]
    public async Task A_value_that_the_disk_changed_into_another_valid_one_breaks_its_event_and_is_not_believed(
        string change, int sequence)
    {
        await using var host = await hosts.StartAsync(Form.Embedded);
        var (boss, members) = await OnSaleAsync(host);
        foreach (var member in members) await member.ReserveAsync("gala", key: "k");
        await host.StopAsync();
        Assert.Equal(
            1,
            await ExecuteAsync(
                host, $"UPDATE reservation_journal SET {change} WHERE event_id = 'gala' AND seq = {sequence}"));
        await host.StartAsync();
        (boss, members) = (boss.At(host.Url), [.. members.Select(member => member.At(host.Url))]);

        Assert.Equal("EVENT_BROKEN", (await members[0].ReserveAsync("gala")).Code);
        var rows = (
            await boss.GetAsync("/admin/events/gala/journal")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("DAMAGED", JsonDocument.Parse(rows[sequence - 1]).RootElement.GetProperty("kind").GetString());
        var repaired = await boss.PostAsync("/admin/events/gala/repair", new { upTo = sequence - 1 });
        Assert.Equal(6 - sequence, repaired.Data.GetProperty("setAside").GetInt32());
        await Testing.Wait.UntilAsync(
            "the event sells again",
            async () => (await members[3].ReserveAsync("gala", key: "new")).Status == HttpStatusCode.OK);
    }

    /// <summary>Two events, and four members.</summary>
    private static async Task<(Client Boss, Client[] Members)> OnSaleAsync(BoxOfficeHost host)
    {
        var boss = await Client.OperatorAsync(host.Url);
        foreach (var id in (string[])["gala", "other"])
            await boss.PostAsync("/admin/events", new { id, name = id, capacity = 10 });
        return (boss, await boss.MembersAsync("member", 4));
    }

    /// <summary>Changes the stored rows in the database itself.</summary>
    private static async Task<int> ExecuteAsync(BoxOfficeHost host, string sql)
    {
        if (host.ConnectionString is { } cluster)
        {
            await using var source = NpgsqlDataSource.Create(cluster + ";Pooling=false");
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteNonQueryAsync();
        }
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(host.StoreDirectory!, "journal.db")};Pooling=False");
        await connection.OpenAsync();
        await using var local = new SqliteCommand(sql, connection);
        return await local.ExecuteNonQueryAsync();
    }
}
