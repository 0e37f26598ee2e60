using Orleans.Core.Internal;

namespace BoxOffice.Grains.Tests.Grain;

public sealed class RehearsalGrainTests
{
    private static readonly RehearsalProgress Halfway = new(1.5, 10, 4, 3, 0, 0, 3, 96);

    private readonly LateTime _time = new();

    [Fact]
    public async Task One_rehearsal_runs_at_a_time_and_ordering_the_same_again_changes_nothing()
    {
        await using var cluster = await StartAsync();

        var first = await cluster.Rehearsals.Begin(Ordered("a"));
        var second = await cluster.Rehearsals.Begin(Ordered("b"));
        var again = await cluster.Rehearsals.Begin(Ordered("a"));
        await cluster.Rehearsals.End("a", new(RehearsalState.Done, Report: "{}"));
        var late = await cluster.Rehearsals.Begin(Ordered("a"));
        var next = await cluster.Rehearsals.Begin(Ordered("b"));

        RehearsalStatus[] begun = [first, second, again, late, next];
        Assert.Equal(["a", "a", "a", "a", "b"], begun.Select(rehearsal => rehearsal.Id));
        Assert.Equal(RehearsalState.Done, late.State);
        Assert.Equal(["b", "a"], (await cluster.Rehearsals.List()).Select(rehearsal => rehearsal.Id));
    }

    [Fact]
    public async Task A_rehearsal_without_a_report_for_fifteen_seconds_fails_and_its_copy_is_deleted()
    {
        await using var cluster = await StartAsync();
        await cluster.Rehearsals.Begin(Ordered("a"));
        await SellAsync(cluster, RehearsalCopy.EventOf("a"));
        _time.Pass(TimeSpan.FromSeconds(14));
        var inTime = await cluster.Rehearsals.Report("a", RehearsalState.Running, Halfway);
        _time.Pass(TimeSpan.FromSeconds(14));
        var still = (await cluster.Rehearsals.Find("a"))!.State;
        var stored = cluster.Journal.Entries(RehearsalCopy.EventOf("a")).Count;

        _time.Pass(TimeSpan.FromSeconds(2));
        var lost = await cluster.Rehearsals.Find("a");
        var tooLate = await cluster.Rehearsals.Report("a", RehearsalState.Running, Halfway);
        var next = await cluster.Rehearsals.Begin(Ordered("b"));

        Assert.Equal((RehearsalCue.GoOn, RehearsalState.Running, 2), (inTime, still, stored));
        Assert.Equal(
            (RehearsalState.Failed, "The front-end that ran it is gone.", Halfway),
            (lost!.State, lost.Problem, lost.Progress));
        Assert.Empty(cluster.Journal.Entries(RehearsalCopy.EventOf("a")));
        Assert.Equal((RehearsalCue.Over, "b"), (tooLate, next.Id));
    }

    [Fact]
    public async Task A_stop_is_answered_to_the_next_report()
    {
        await using var cluster = await StartAsync();
        await cluster.Rehearsals.Begin(Ordered("a"));

        var before = await cluster.Rehearsals.Report("a", RehearsalState.Running, Halfway);
        var stopped = await cluster.Rehearsals.Stop("a");
        var cue = await cluster.Rehearsals.Report("a", RehearsalState.Running, Halfway);
        await cluster.Rehearsals.End("a", new(RehearsalState.Stopped));
        var again = await cluster.Rehearsals.Stop("a");
        await cluster.Rehearsals.Begin(Ordered("b"));

        Assert.Equal((RehearsalCue.GoOn, RehearsalCue.Stop), (before, cue));
        Assert.Equal((RehearsalState.Running, RehearsalState.Stopped), (stopped!.State, again!.State));
        Assert.Equal(RehearsalCue.GoOn, await cluster.Rehearsals.Report("b", RehearsalState.Running, Halfway));
        Assert.Null(await cluster.Rehearsals.Stop("nobody"));
    }

    [Fact]
    public async Task The_last_twenty_are_kept_with_their_reports_also_when_the_grain_comes_back()
    {
        await using var cluster = await StartAsync();
        for (var i = 1; i <= 22; i++)
        {
            await cluster.Rehearsals.Begin(Ordered($"r{i}"));
            await cluster.Rehearsals.End($"r{i}", new(RehearsalState.Done, Report: $"report {i}", Progress: Halfway));
        }
        await cluster.Rehearsals.Begin(Ordered("r23"));

        await cluster.Rehearsals.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        var list = await cluster.Rehearsals.List();

        Assert.Equal(Enumerable.Range(4, 20).Reverse().Select(i => $"r{i}"), list.Select(rehearsal => rehearsal.Id));
        Assert.All(list, rehearsal => Assert.Null(rehearsal.Report));
        Assert.All(list[1..], rehearsal =>
            Assert.True(rehearsal is { HasReport: true, EndedAt: not null, Progress.Accepted: 4 }));
        Assert.Equal("report 22", (await cluster.Rehearsals.Find("r22"))!.Report);
        Assert.Null(await cluster.Rehearsals.Find("r3"));
        Assert.Equal(RehearsalCue.GoOn, await cluster.Rehearsals.Report("r23", RehearsalState.Running, Halfway));
    }

    [Fact]
    public async Task Leftover_copies_are_deleted_when_the_next_rehearsal_begins_and_no_real_event_is()
    {
        await using var cluster = await StartAsync();
        await cluster.Rehearsals.Begin(Ordered("a"));
        await SellAsync(cluster, RehearsalCopy.EventOf("a"));
        await SellAsync(cluster, Cluster.EventId);
        await cluster.Rehearsals.End("a", new(RehearsalState.Failed, "The crowd died."));
        var afterTheEnd = cluster.Journal.Entries(RehearsalCopy.EventOf("a")).Count;
        await cluster.Journal.AppendAsync(
            RehearsalCopy.EventOf("lost"), default,
            [new(7, EntryKind.TakenOver, Noon, "a silo that was believed to be dead")]);

        await cluster.Rehearsals.Begin(Ordered("b"));

        Assert.Equal(0, afterTheEnd);
        Assert.Empty(cluster.Journal.Entries(RehearsalCopy.EventOf("lost")));
        Assert.Equal(2, cluster.Journal.Entries(Cluster.EventId).Count);
    }

    [Fact]
    public async Task Only_a_copy_is_discarded_and_later_calls_find_nothing()
    {
        await using var cluster = await StartAsync();
        var copy = cluster.EventOf(RehearsalCopy.EventOf("a"));
        await SellAsync(cluster, RehearsalCopy.EventOf("a"));
        await SellAsync(cluster, Cluster.EventId);

        await copy.Discard();

        await UntilAsync(async () => await copy.Status() is null);
        Assert.Equal(
            ReserveStatus.EventNotFound,
            (await copy.Reserve([new(RehearsalCopy.MemberOf(2), "k", 1)], DateTimeOffset.MaxValue)).Results[0].Status);
        Assert.Empty(cluster.Journal.Entries(RehearsalCopy.EventOf("a")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Event.Discard());
        Assert.Equal(1, (await cluster.Event.Status())!.Confirmed);
    }

    private Task<Cluster> StartAsync() => Cluster.StartAsync(time: _time);

    private static RehearsalStatus Ordered(string id) => new(
        id, Cluster.EventId, new("Gala", 100), new(10, 0, 30, 1), RehearsalState.Preparing, Noon,
        new(0, 0, 0, 0, 0, 0, 0, 100));

    private static async Task SellAsync(Cluster cluster, string eventId)
    {
        await cluster.EventOf(eventId).Open(new("Gala", 100), "boss");
        await cluster.EventOf(eventId).Reserve([new(RehearsalCopy.MemberOf(1), "k", 1)], DateTimeOffset.MaxValue);
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!await TryAsync())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10));
            await Task.Delay(10);
        }

        async Task<bool> TryAsync()
        {
            try
            {
                return await isTrue();
            }
            catch (NotAppliedException)
            {
                return false; // the old activation is ending
            }
        }
    }

    /// <summary>The machine's time, which a test can advance.</summary>
    private sealed class LateTime : TimeProvider
    {
        private long _passed;

        public override DateTimeOffset GetUtcNow() =>
            System.GetUtcNow() + GetElapsedTime(0, Volatile.Read(ref _passed));

        public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _passed);

        public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, (long)(time.TotalSeconds * TimestampFrequency));
    }
}
