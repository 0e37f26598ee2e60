using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed partial class TimingTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task Every_answer_to_a_reserve_call_says_where_its_time_went_and_the_stages_add_up(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var members = await stage.MembersAsync(2);

        var replies = new Dictionary<string, Reply>
        {
            ["RESERVED"] = await members[0].ReserveAsync(stage.EventId, key: "one"),
            ["REPLAYED"] = await members[0].ReserveAsync(stage.EventId, key: "one"),
            ["LIMIT_EXCEEDED"] = await members[0].ReserveAsync(stage.EventId),
            ["SOLD_OUT"] = await members[1].ReserveAsync(stage.EventId),
            ["EVENT_NOT_FOUND"] = await members[0].ReserveAsync("nowhere"),
            ["UNAUTHENTICATED"] = await stage.Nobody.ReserveAsync(stage.EventId),
            ["INVALID_REQUEST"] = await members[0].PostTextAsync($"/ticket/reserve/{stage.EventId}", "{"),
        };

        foreach (var (code, reply) in replies)
        {
            var times = TimesOf(reply);
            Assert.True(code is "RESERVED" or "REPLAYED" || reply.Code == code, $"{code}: {reply}");
            Assert.Equal(["edge", "queue", "turn", "store", "total"], times.Keys);
            Assert.Equal(times["total"], times["edge"] + times["queue"] + times["turn"] + times["store"], 3);
            Assert.True(times["total"] > 0 && times["edge"] > 0, $"{code}: {reply.Header("Server-Timing")}");
        }
        Assert.True(TimesOf(replies["RESERVED"])["store"] > 0, "a sale waits for the store");
        Assert.True(TimesOf(replies["RESERVED"])["turn"] > 0, "a sale has its turn");
    }

    [Theory, BothForms]
    public async Task Other_calls_are_not_measured(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);

        Assert.Null((await stage.Nobody.GetAsync($"/ticket/events/{stage.EventId}")).Header("Server-Timing"));
        Assert.Null((await stage.Nobody.GetAsync("/ticket/reserve/nothing")).Header("Server-Timing"));
    }

    [Theory, BothForms]
    public async Task Counts_by_code_are_what_the_buyers_saw_and_what_is_in_the_journal(Form form)
    {
        const int Capacity = 100;
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(Capacity);
        var members = await stage.MembersAsync(3 * Capacity);

        var replies = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(members, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (member, _) =>
        {
            for (var i = 0; i < 2; i++)
            {
                var reply = await member.ReserveAsync(stage.EventId, key: "mine");
                replies.Add(reply.Header("Idempotency-Replayed") is null ? reply.Code ?? "RESERVED" : "REPLAYED");
            }
        });
        var timing = await TimingAsync(stage);

        var seen = replies.CountBy(code => code)
            .OrderBy(code => code.Key, StringComparer.Ordinal)
            .Select(code => $"{code.Key} {code.Value}");
        var counted = timing.GetProperty("codes")
            .EnumerateObject()
            .OrderBy(code => code.Name, StringComparer.Ordinal)
            .Select(code => $"{code.Name} {code.Value}");
        Assert.Equal(seen, counted);
        Assert.Equal(Capacity, (await stage.ReconcileAsync()).GetProperty("confirmed").GetInt32());
        Assert.Equal(Capacity, timing.GetProperty("codes").GetProperty("RESERVED").GetInt32());
    }

    [Theory, BothForms]
    public async Task The_stages_together_are_the_total_and_the_longest_of_them_is_named(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 200);
        await Parallel.ForEachAsync(
            await stage.MembersAsync(200), async (member, _) => await member.ReserveAsync(stage.EventId));

        var timing = await TimingAsync(stage);

        var stages = timing.GetProperty("stages")
            .EnumerateArray()
            .ToDictionary(times => times.GetProperty("stage").GetString()!);
        Assert.Equal(["edge", "queue", "turn", "store", "total"], stages.Keys);
        Assert.All(stages.Values, times => Assert.Equal(200, times.GetProperty("count").GetInt32()));
        var parts = stages.Where(times => times.Key != "total")
            .ToDictionary(times => times.Key, times => times.Value.GetProperty("meanMs").GetDouble());
        // each is rounded to a microsecond
        Assert.Equal(stages["total"].GetProperty("meanMs").GetDouble(), parts.Values.Sum(), 0.005);
        Assert.Equal(parts.MaxBy(part => part.Value).Key, timing.GetProperty("dominant").GetString());
        Assert.All(stages.Values, times => Assert.True(
            times.GetProperty("p50Ms").GetDouble() <= times.GetProperty("p99Ms").GetDouble()
                && times.GetProperty("p99Ms").GetDouble() <= times.GetProperty("maxMs").GetDouble()));
        Assert.Equal(200, timing.GetProperty("recent").GetProperty("stages")[4].GetProperty("count").GetInt32());
        var batch = timing.GetProperty("batch");
        Assert.Equal(
            200, batch.GetProperty("count").GetInt32() * batch.GetProperty("mean").GetDouble(),
            0.06 * batch.GetProperty("count").GetInt32());
    }

    [Theory, BothForms]
    public async Task Only_operators_see_timings_and_silos_and_only_of_events_that_are_there(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        var member = await stage.MemberAsync();

        var unused = await TimingAsync(stage);
        var silos = (await stage.Operator.GetAsync("/admin/cluster")).Data.GetProperty("silos");

        Assert.Equal("EVENT_NOT_FOUND", (await stage.Operator.GetAsync("/admin/events/nowhere/timing")).Code);
        Assert.Equal("FORBIDDEN", (await member.GetAsync($"/admin/events/{stage.EventId}/timing")).Code);
        Assert.Equal("FORBIDDEN", (await member.GetAsync("/admin/cluster")).Code);
        Assert.Equal(0, unused.GetProperty("stages")[4].GetProperty("count").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, unused.GetProperty("dominant").ValueKind);
        Assert.Equal(("Active", 1), (silos[0].GetProperty("status").GetString(), silos.GetArrayLength()));
        Assert.True(silos[0].GetProperty("events").GetInt32() > 0);
    }

    private static async Task<System.Text.Json.JsonElement> TimingAsync(Stage stage)
    {
        var reply = await stage.Operator.GetAsync($"/admin/events/{stage.EventId}/timing");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Data;
    }

    private static Dictionary<string, double> TimesOf(Reply reply) =>
        TimePattern().Matches(reply.Header("Server-Timing") ?? "")
        .ToDictionary(
            match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(\w+);dur=(\d+\.\d{3})(?:, |$)")]
    private static partial Regex TimePattern();
}
