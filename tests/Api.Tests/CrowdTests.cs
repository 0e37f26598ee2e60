using System.Collections.Concurrent;
using BoxOffice.Api.Rehearsal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Api.Tests;

/// <summary>The crowd of a rehearsal against a server whose answers a test defines.</summary>
public sealed class CrowdTests : IAsyncDisposable
{
    private readonly WebApplication _door;
    private readonly ConcurrentQueue<(string Path, string Key, string Token, string Connection)> _calls = new();
    private Func<int, HttpContext, Task> _answer = (_, _) => Task.CompletedTask;
    private int _count;

    public CrowdTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _door = builder.Build();
        _door.Run(context =>
        {
            var headers = context.Request.Headers;
            _calls.Enqueue(
                (context.Request.Path, headers["Idempotency-Key"].ToString(), headers["x-access-token"].ToString(),
                    context.Connection.Id));
            return _answer(Interlocked.Increment(ref _count), context);
        });
    }

    [Fact]
    public async Task Each_buyer_has_a_token_a_key_and_a_connection_and_asks_again_with_the_same_key()
    {
        _answer = (count, context) => count <= 10
            ? ProblemAsync(
                context, 503, """{"code":"BUSY","terminal":false,"outcome":"NOT_APPLIED","retryAfterMs":20}""")
            : SuccessAsync(context, count, "CONFIRMED");

        var result = await RunAsync(buyers: 10);

        Assert.Equal((10, 10, 0), (result.Accepted, result.Repeated["BUSY"], result.UnknownOutcomes));
        Assert.Equal(20, result.CallTimes.Count);
        Assert.All(_calls, call => Assert.Equal("/ticket/reserve/rehearsal~r1", call.Path));
        Assert.All(_calls.GroupBy(call => call.Key), calls => Assert.Equal((2, 1, 1),
            (calls.Count(), calls.Select(call => call.Token).Distinct().Count(),
                calls.Select(call => call.Connection).Distinct().Count())));
        Assert.Equal(
            (10, 10, 10),
            (_calls.DistinctBy(call => call.Key).Count(), _calls.DistinctBy(call => call.Token).Count(),
                _calls.DistinctBy(call => call.Connection).Count()));
        Assert.Equal(Enumerable.Range(11, 10).Select(count => (long)count), result.Acknowledged.Order());
    }

    [Fact]
    public async Task A_hold_is_confirmed_and_a_hold_that_ended_first_is_a_refusal()
    {
        _answer = (count, context) => context.Request.Path.Value!.EndsWith("/confirm", StringComparison.Ordinal)
            ? context.Request.Path.Value.Contains("-1/", StringComparison.Ordinal)
                ? ProblemAsync(context, 410, """{"code":"HOLD_EXPIRED","terminal":true,"outcome":"NOT_APPLIED"}""")
                : SuccessAsync(context, 2, "CONFIRMED")
            : SuccessAsync(context, count == 1 ? 1 : 2, "HELD");

        var first = await RunAsync(buyers: 1);
        var second = await RunAsync(buyers: 1);

        Assert.Equal((0, 1), (first.Accepted, first.Refused["HOLD_EXPIRED"]));
        Assert.Equal((1, 2L), (second.Accepted, second.Acknowledged[0]));
        Assert.Equal((1L, 1L), (second.CallTimes.Count, second.AcceptedTimes.Count));
        Assert.Equal(
            ["/ticket/reservations/rehearsal~r1-1/confirm", "/ticket/reservations/rehearsal~r1-2/confirm"],
            _calls.Select(call => call.Path).Where(path => path.EndsWith("/confirm", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Patience_ends_and_who_was_answered_gave_up_and_who_was_not_failed()
    {
        _answer = (_, context) => context.Request.Headers["Idempotency-Key"]
            .ToString()
            .EndsWith("-0", StringComparison.Ordinal)
            ? ProblemAsync(
                context, 409, """{"code":"ALL_HELD","terminal":false,"outcome":"NOT_APPLIED","retryAfterMs":600000}""")
            : Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);

        var result = await RunAsync(buyers: 2, patienceSeconds: 2);

        Assert.Equal((0, 1, 1), (result.Accepted, result.GaveUp, result.Failed));
        // it was connected: the answer was late
        Assert.Equal((1, 0, 1), (result.NoAnswer, result.Broken, result.UnknownOutcomes));
        Assert.InRange(result.Repeated["ALL_HELD"], 2, 5); // not after ten minutes, and not without a pause
    }

    [Fact]
    public async Task A_connection_that_breaks_is_told_from_an_answer_and_the_doubt_is_kept_until_a_repeat_ends_it()
    {
        _answer = (count, context) =>
        {
            if (count > 1)
                return ProblemAsync(context, 409, """{"code":"SOLD_OUT","terminal":true,"outcome":"NOT_APPLIED"}""");
            context.Abort();
            return Task.CompletedTask;
        };

        var result = await RunAsync(buyers: 1);

        Assert.Equal(
            (1, 1, 1, 0), (result.Refused["SOLD_OUT"], result.NoAnswer, result.Broken, result.UnknownOutcomes));
    }

    [Fact]
    public async Task Too_few_tickets_left_for_the_order_is_final_and_so_is_an_answer_that_is_not_from_here()
    {
        _answer = (count, context) => count == 1
            ? ProblemAsync(
                context, 409, """{"code":"INSUFFICIENT","terminal":false,"outcome":"NOT_APPLIED","available":1}""")
            : ProblemAsync(context, 404, "<html>not here</html>");

        var result = await RunAsync(buyers: 2, quantity: 2);

        Assert.Equal(["HTTP_404", "INSUFFICIENT"], result.Refused.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Buyers_come_evenly_within_the_ramp_and_each_second_is_counted()
    {
        _answer = (count, context) => SuccessAsync(context, count, "CONFIRMED");
        var told = new List<RehearsalProgress>();

        var result = await RunAsync(buyers: 20, rampSeconds: 2, told: told);

        Assert.Equal([10, 10], result.Curve.Select(second => second.Arrived).Take(2)); // an answer may come later
        Assert.Equal(20, result.Curve.Sum(second => second.Arrived));
        Assert.Equal(20, result.Curve.Sum(second => second.Accepted));
        Assert.InRange(result.LastAnswerSeconds, 1.9, 30);
        Assert.All(told, progress => Assert.Equal(progress.Arrived, progress.Accepted + progress.Waiting));
        Assert.NotEmpty(told);
    }

    [Fact]
    public async Task A_door_that_is_closed_is_said_to_be()
    {
        using var crowd = new Crowd(new(new("http://127.0.0.1:1"), "rehearsal~r1", new(1, 0, 1, 1), "r1", ["token"]));

        Assert.NotNull(await crowd.TryConnectAsync(TimeSpan.FromSeconds(5)));
    }

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    private async Task<CrowdResult> RunAsync(
        int buyers, int rampSeconds = 0, int patienceSeconds = 20, int quantity = 1,
        List<RehearsalProgress>? told = null)
    {
        if (_door.Urls.All(url => url.EndsWith(":0", StringComparison.Ordinal))) await _door.StartAsync();
        var tokens = Enumerable.Range(1, buyers).Select(n => $"token {n}").ToArray();
        using var crowd = new Crowd(
            new(
                new(_door.Urls.First()), "rehearsal~r1", new(buyers, rampSeconds, patienceSeconds, quantity), "r1",
                tokens));
        return await crowd.RunAsync(progress => told?.Add(progress));
    }

    private static Task SuccessAsync(HttpContext context, int sequence, string status)
    {
        var id = $"rehearsal~r1-{sequence}";
        return context.Response.WriteAsync(
            $$$"""{"data":{"reservationId":"{{{id}}}","status":"{{{status}}}","sequence":{{{sequence}}}}}""");
    }

    private static Task ProblemAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }
}
