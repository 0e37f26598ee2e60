using System.Diagnostics;
using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>An event with holds of ten minutes, and one with one ticket and holds of two seconds.</summary>
internal sealed record ClockSale(Uri Url, Client Admin, Client[] Members)
{
    public const string Long = "long";
    public const string Quick = "quick";

    private static readonly TimeSpan HoldLateMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuickHold = TimeSpan.FromSeconds(2);

    public static async Task<ClockSale> OpenAsync(Uri url)
    {
        var admin = await Client.OperatorAsync(url);
        await admin.PostAsync("/admin/events", new { id = Long, name = "Long", capacity = 1, holdSeconds = 600 });
        await admin.PostAsync("/admin/events", new
        {
            id = Quick,
            name = "Quick",
            capacity = 1,
            maxPerMember = 1_000,
            holdSeconds = QuickHold.TotalSeconds,
        });
        return new(url, admin, await admin.MembersAsync("member", 2));
    }

    public async Task<string> HoldForLongAsync() =>
        (await Members[0].ReserveAsync(Long, key: "k")).Data.GetProperty("reservationId").GetString()!;

    public Task<Reply> ConfirmAsync(string hold) => Members[0].PostAsync($"/ticket/reservations/{hold}/confirm");

    public async Task<HttpStatusCode> SellsAsync(string eventId)
    {
        await Wait.UntilAsync($"{eventId} is open", async () =>
        {
            await Admin.PostAsync("/admin/events", new { id = eventId, name = eventId, capacity = 1 });
            return (await new Client(Url).GetAsync($"/ticket/events/{eventId}")).Status == HttpStatusCode.OK;
        });
        return (await Members[0].ReserveAsync(eventId, key: "k")).Status;
    }

    /// <summary>Returns when /health and the event report this error of the clock; null: none.</summary>
    public async Task ToldAsync(double? seconds)
    {
        foreach (var path in (string[])["/health", $"/ticket/events/{Quick}"])
        {
            await Wait.UntilAsync($"{path} reports a step of {seconds} s", async () =>
            {
                var reply = await new Client(Url).GetAsync(path);
                if (reply.Status != HttpStatusCode.OK) return false;
                return reply.Data.TryGetProperty("clockErrorSeconds", out var told)
                    ? Math.Abs(told.GetDouble() - (seconds ?? 0)) < 1
                    : seconds is null;
            });
        }
    }

    /// <summary>
    /// The only ticket is held for two seconds of true time and is then available. A refusal meanwhile tells the
    /// rest of the hold.
    /// </summary>
    public async Task HoldEndsInTimeAsync()
    {
        var since = Stopwatch.StartNew();
        await Wait.UntilAsync(
            "the ticket can be held",
            async () => (await Members[0].ReserveAsync(Quick)).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(10));
        var (heldFrom, answeredAt) = (since.Elapsed, Stopwatch.StartNew());
        var refusal = await Members[1].ReserveAsync(Quick);
        if (refusal.Code == "ALL_HELD")
        {
            var retryAfterMs = refusal.Body.GetProperty("retryAfterMs").GetDouble();
            Assert.InRange(retryAfterMs, 0, QuickHold.TotalMilliseconds + 1);
        }
        await Wait.UntilAsync("the hold has ended", async () =>
        {
            var next = await Members[1].ReserveAsync(Quick);
            if (next.Status != HttpStatusCode.OK) return false;
            var hold = next.Data.GetProperty("reservationId").GetString();
            await Members[1].PostAsync($"/ticket/reservations/{hold}/cancel");
            return true;
        }, TimeSpan.FromSeconds(10));

        Assert.True(since.Elapsed > QuickHold, $"it ended after {since.Elapsed}, held from {heldFrom}");
        Assert.True(answeredAt.Elapsed < QuickHold + HoldLateMax, $"it ended after {answeredAt.Elapsed}");
    }
}
