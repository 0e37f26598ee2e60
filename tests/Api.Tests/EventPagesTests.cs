using System.Collections.Concurrent;
using System.Diagnostics;
using BoxOffice.Api.Live;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BoxOffice.Api.Tests;

public sealed class EventPagesTests
{
    private readonly FakeJournal _journal = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private EventStatuses? _statuses;

    [Fact]
    public async Task A_crowd_that_wants_one_page_shares_one_read()
    {
        var pages = Over(_journal);

        var first = pages.ReadAsync("", 10);
        var others = Enumerable.Range(0, 1_000).Select(_ => pages.ReadAsync("", 10)).ToList();
        _journal.Release();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(2, _journal.Reads); // the others came after the first read had begun
    }

    [Fact]
    public async Task Reads_of_one_page_follow_each_other_after_a_pause()
    {
        var pages = Over(_journal);
        _journal.Release();

        await pages.ReadAsync("", 10);
        var first = Stopwatch.StartNew();
        await pages.ReadAsync("", 10);
        await pages.ReadAsync("", 10);

        Assert.Equal(3, _journal.Reads);
        Assert.True(first.Elapsed > EventStatuses.PauseMin * 1.5, $"three reads within {first.Elapsed}");
    }

    [Fact]
    public async Task An_answer_is_never_older_than_its_request()
    {
        var pages = Over(_journal);

        var before = pages.ReadAsync("", 10); // its read began before the gala was opened
        _journal.Ids = ["gala"];
        var after = pages.ReadAsync("", 10);
        _journal.Release();

        Assert.Empty((await before)!.Events);
        Assert.Equal("gala", Assert.Single((await after)!.Events).Id);
    }

    [Fact]
    public async Task Callers_to_whom_the_latest_read_is_enough_share_it_and_wait_for_no_other()
    {
        var pages = Over(_journal);

        var all = Enumerable.Range(0, 1_000).Select(_ => pages.ReadAsync("", 10, isLatestEnough: true)).ToList();
        _journal.Release();
        await Task.WhenAll(all);
        await pages.ReadAsync("", 10, isLatestEnough: true);

        Assert.Equal(1, _journal.Reads);
    }

    [Fact]
    public async Task Different_pages_share_the_numbers_of_their_events_and_nothing_stays_in_memory()
    {
        _journal.Ids = [.. Enumerable.Range(0, 50).Select(i => $"event-{i:d2}")];
        var pages = Over(_journal);

        var all = Enumerable.Range(1, 33).Select(limit => pages.ReadAsync("", limit)).ToList();
        _journal.Release();
        var read = await Task.WhenAll(all);

        Assert.Equal(Enumerable.Range(1, 33), read.Select(page => page!.Events.Length));
        // One question, and another for those that came when it was asked already.
        Assert.All(_asked, asked => Assert.InRange(asked.Value, 1, 2));
        Assert.Equal(33, _asked.Count);
        await Testing.Wait.UntilAsync(
            "all have ended", () => Task.FromResult((pages.Count, _statuses!.Count) == (0, 0)));
    }

    [Fact]
    public async Task A_caller_that_may_order_nothing_gets_what_others_have_ordered_and_leaves_nothing()
    {
        var pages = Over(_journal);

        var refused = await pages.ReadAsync("", 10, isLatestEnough: true, () => false);
        var count = pages.Count;
        var ordered = pages.ReadAsync("", 10, isLatestEnough: true, () => true);
        var shared = pages.ReadAsync("", 10, isLatestEnough: true, () => false);
        _journal.Release();

        Assert.Equal((null, 0), (refused, count));
        Assert.Same(await ordered, await shared);
    }

    [Fact]
    public void The_more_events_are_asked_the_less_often_each_is()
    {
        Over(_journal, clock: new FakeTimeProvider());
        var before = _statuses!.Pause;
        foreach (var id in Enumerable.Range(0, 1_000)) _ = _statuses.NextAsync($"event-{id}");
        var thousand = _statuses.Pause;
        foreach (var id in Enumerable.Range(1_000, 9_000)) _ = _statuses.NextAsync($"event-{id}");

        Assert.Equal(
            (EventStatuses.PauseMin, EventStatuses.PauseForEach * 1_000, EventStatuses.PauseMax),
            (before, thousand, _statuses.Pause));
    }

    [Fact]
    public async Task An_event_that_fails_is_left_out_and_all_readers_get_the_others()
    {
        var pages = Over(_journal);
        _journal.Ids = ["gala", "failing"];
        _journal.Release();

        var first = pages.ReadAsync("", 10);
        var next = pages.ReadAsync("", 10); // waits for the first read, and then for its own

        Assert.Equal("gala", Assert.Single((await first)!.Events).Id);
        Assert.Equal("gala", Assert.Single((await next)!.Events).Id);
    }

    [Fact]
    public async Task A_read_that_fails_fails_all_who_waited_and_the_next_succeeds()
    {
        var pages = Over(_journal);
        _journal.Release();
        _journal.Failure = new BusyException("Too many read the journal.");
        var failed = pages.ReadAsync("", 10);
        await Assert.ThrowsAsync<BusyException>(() => failed);

        _journal.Failure = null;

        Assert.Empty((await pages.ReadAsync("", 10))!.Events);
    }

    [Fact]
    public async Task A_read_of_a_journal_that_hangs_times_out()
    {
        var pages = Over(_journal, new() { ResponseTimeout = TimeSpan.FromMilliseconds(200) });

        await Assert.ThrowsAsync<TimeoutException>(() => pages.ReadAsync("", 10).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task More_different_pages_than_the_limit_are_refused_and_none_stays_in_memory()
    {
        var pages = Over(_journal);

        var wanted = Enumerable.Range(0, EventPages.PagesMax).Select(i => pages.ReadAsync($"made-up-{i}", 10)).ToList();
        await Assert.ThrowsAsync<BusyException>(() => pages.ReadAsync("one-more", 10));
        _journal.Release();
        await Task.WhenAll(wanted);

        await Testing.Wait.UntilAsync("all pages have ended", () => Task.FromResult(pages.Count == 0));
    }

    private EventPages Over(FakeJournal journal, ApiOptions? options = null, TimeProvider? clock = null)
    {
        var time = clock ?? TimeProvider.System;
        var router = new Router(new SiloConnection("", new FakeGrains(id => new FakeStatus(id, _asked), journal)));
        var given = Options.Create(options ?? new());
        var retry = new RetryPolicy(router, given, time);
        _statuses = new(retry, time);
        return new(_statuses, retry, given, time);
    }

    /// <summary>A journal that answers after <see cref="Release"/> with its events at the time of the call.</summary>
    private sealed class FakeJournal : IJournalGrain
    {
        private readonly TaskCompletionSource _released = new();
        private int _reads;

        public string[] Ids { get; set; } = [];

        public Exception? Failure { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public void Release() => _released.SetResult();

        public Task<ExportedReservation[]> Export(string eventId, long after, int countMax) =>
            throw new NotSupportedException();

        public async Task<string[]> Events(string after, int countMax)
        {
            Interlocked.Increment(ref _reads);
            var read = Ids.Take(countMax).ToArray();
            await _released.Task;
            return Failure is null ? read : throw Failure;
        }

        public Task<string[]> EventsOf(string memberId, int countMax) => throw new NotSupportedException();

        public Task<JournalEntry[]> Entries(string eventId, long after, int countMax) =>
            throw new NotSupportedException();

        public Task<Reconciliation?> Reconcile(string eventId) => throw new NotSupportedException();

        public Task ForgetEnd(string eventId) => throw new NotSupportedException();

        public Task<bool> Ping() => throw new NotSupportedException();
    }

    private sealed class FakeStatus(string id, ConcurrentDictionary<string, int> asked) : FakeEvent
    {
        public override Task<EventStatus?> Status()
        {
            asked.AddOrUpdate(id, 1, (_, count) => count + 1);
            return id == "failing"
                ? throw new NotAppliedException("The event is changing owners.")
                : Task.FromResult<EventStatus?>(new(id, new("Gala", Capacity: 1), 1, 0, 0, SaleState.Open, 1, 1));
        }

        public override Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil) =>
            throw new NotSupportedException();
    }
}
