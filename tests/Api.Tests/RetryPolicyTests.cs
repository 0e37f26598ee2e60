using System.Text;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Tests;

public sealed class RetryPolicyTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public async Task A_call_that_failed_is_made_again_until_it_is_answered()
    {
        var calls = 0;

        var answer = await _time.UntilAsync(
            Over().AskAsync("gala", _ => ++calls < 3 ? throw new TimeoutException() : Task.FromResult("yes")));

        Assert.Equal(("yes", 3), (answer, calls));
    }

    [Fact]
    public async Task A_call_that_gets_no_answer_is_made_again()
    {
        var calls = 0;

        var answer = await _time.UntilAsync(
            Over().AskAsync(
                "gala", _ => ++calls == 1 ? new TaskCompletionSource<string>().Task : Task.FromResult("yes")));

        Assert.Equal(("yes", 2), (answer, calls));
    }

    [Fact]
    public void An_attempt_is_valid_while_its_caller_waits_and_for_the_difference_of_clocks()
    {
        Assert.Equal(
            _time.GetUtcNow() + TimeSpan.FromSeconds(4),
            Over(new() { AttemptTimeout = TimeSpan.FromSeconds(3) }).ValidUntil);
    }

    [Fact]
    public async Task After_the_time_limit_the_last_failure_is_reported()
    {
        await Assert.ThrowsAsync<NotAppliedException>(
            () => _time.UntilAsync(Over().AskAsync<string>("gala", _ => throw new NotAppliedException("no"))));
    }

    [Fact]
    public async Task A_doubt_is_not_taken_back_by_a_later_attempt_that_did_nothing()
    {
        var calls = 0;

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(Over().AskAsync<string>("gala",
            _ => ++calls == 1 ? throw new TimeoutException() : throw new NotAppliedException("no"))));
    }

    [Fact]
    public async Task A_change_with_an_unknown_outcome_fails_once_no_attempt_can_still_be_carried_out()
    {
        DateTimeOffset lastDeadline = default;

        var change = Over().ChangeAsync<string>("gala", (_, validUntil) =>
        {
            lastDeadline = validUntil;
            throw new TimeoutException();
        });
        await Assert.ThrowsAsync<TimeoutException>(() => _time.UntilAsync(change));

        Assert.True(_time.GetUtcNow() >= lastDeadline + ApiOptions.ClockDifferenceMax);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_that_can_be_taken_back_is_told_once_no_earlier_attempt_can_be_carried_out_after_that(
        bool isReversible)
    {
        DateTimeOffset? firstDeadline = null;

        var answer = await _time.UntilAsync(Over().ChangeAsync("gala", (_, validUntil) =>
        {
            var isFirst = firstDeadline is null;
            firstDeadline ??= validUntil;
            return isFirst ? new TaskCompletionSource<string>().Task : Task.FromResult("yes");
        }, isReversible));

        Assert.Equal("yes", answer);
        Assert.Equal(isReversible, _time.GetUtcNow() >= firstDeadline + ApiOptions.ClockDifferenceMax);
    }

    [Fact]
    public async Task A_call_that_a_silo_gave_up_is_made_again()
    {
        var calls = 0;

        var answer = await _time.UntilAsync(Over().AskAsync("gala", _ => ++calls == 1
            ? throw new OperationCanceledException(
                "Message expired before placement could complete for grain ticket-event/gala.")
            : Task.FromResult("yes")));

        Assert.Equal(("yes", 2), (answer, calls));
    }

    [Theory]
    [InlineData("POST", "OUTCOME_UNKNOWN")]
    [InlineData("GET", "BUSY")]
    public async Task A_call_that_a_silo_dropped_is_no_defect(string method, string code)
    {
        var context =
            new DefaultHttpContext { Request = { Method = method }, Response = { Body = new MemoryStream() } };

        await new ProblemExceptionHandler(NullLogger<ProblemExceptionHandler>.Instance).TryHandleAsync(
            context, new OperationCanceledException(), CancellationToken.None);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Contains(
            $"\"{code}\"", Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_defect_is_not_repeated()
    {
        var calls = 0;

        await Assert.ThrowsAsync<InvalidOperationException>(() => Over().AskAsync<string>("gala", _ =>
        {
            calls++;
            throw new InvalidOperationException();
        }));

        Assert.Equal(1, calls);
    }

    [Fact]
    public void Pauses_grow_to_a_limit_and_differ()
    {
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(RetryPolicy.PauseAfter(1).TotalMilliseconds, 25, 50));
        Assert.All(
            Enumerable.Range(4, 60),
            attempt => Assert.InRange(RetryPolicy.PauseAfter(attempt).TotalMilliseconds, 200, 400));
        Assert.True(Enumerable.Range(0, 100).Select(_ => RetryPolicy.PauseAfter(9)).Distinct().Count() > 10);
    }

    private RetryPolicy Over(ApiOptions? options = null) =>
        new(new Router(new SiloConnection("", null!)), Options.Create(options ?? new()), _time);
}
