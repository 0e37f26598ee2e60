using System.Collections.Concurrent;
using BoxOffice.Grains.Events;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>A database that went back is noticed, once, also for events that no silo has in memory.</summary>
public sealed class JournalWatchTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly FaultyJournal _journal = new();
    private readonly KnownHeads _known = new();
    private readonly Lines _log = new();
    private readonly JournalWatch _watch;

    public JournalWatchTests() => _watch = new(_journal, _known, TimeProvider.System, _log);

    [Fact]
    public async Task Events_that_lost_their_last_entry_are_reported_once_when_another_database_answers()
    {
        foreach (var id in (string[])["gala", "stalls", "whole"]) await SellAsync(id, 3);
        await _watch.CheckAsync();
        _journal.Lose("gala", 3);
        _journal.Lose("stalls", 3);

        _journal.Identity = _journal.Identity with { Timeline = "00000002" };
        await _watch.CheckAsync();
        await _watch.CheckAsync();

        var told = Assert.Single(_log.Critical);
        Assert.StartsWith("The database went back: 2 of 3 events lost entries", told, StringComparison.Ordinal);
        Assert.Contains("gala", told, StringComparison.Ordinal);
        Assert.Contains("stalls", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_was_replaced_by_another_is_lost()
    {
        await SellAsync("gala", 3);
        await _watch.CheckAsync();
        _journal.Lose("gala", 3);
        await _journal.AppendAsync("gala", await _journal.HeadAsync("gala"), [Entry(3) with { Actor = "eve" }]);

        _journal.Identity = _journal.Identity with { StartedAt = Noon };
        await _watch.CheckAsync();

        Assert.Single(_log.Critical);
    }

    [Fact]
    public async Task Entries_that_an_operator_removes_are_no_loss_on_a_silo_that_owned_the_event_before()
    {
        await SellAsync("gala", 3);
        await _watch.CheckAsync();
        await new JournalGrain(null!, _journal, _journal, new(TimeProvider.System), _known, TimeProvider.System)
            .ForgetEnd("gala");
        _journal.Lose("gala", 3);

        _journal.Identity = _journal.Identity with { Timeline = "00000002" };
        await _watch.CheckAsync();

        Assert.Empty(_log.Critical);
        Assert.Equal(0, _known.LostIn("gala", await _journal.HeadAsync("gala")));
    }

    [Fact]
    public async Task A_failover_that_lost_nothing_logs_no_critical_line()
    {
        await SellAsync("gala", 3);
        await _watch.CheckAsync();

        _journal.Identity = _journal.Identity with { Timeline = "00000002" };
        await _watch.CheckAsync();

        Assert.Empty(_log.Critical);
    }

    [Fact]
    public async Task A_check_that_could_not_be_made_is_made_when_the_database_answers_again()
    {
        await SellAsync("gala", 3);
        await _watch.CheckAsync();
        _journal.Lose("gala", 3);
        _journal.Identity = _journal.Identity with { Timeline = "00000002" };

        _journal.CanRead = false;
        await Assert.ThrowsAsync<IOException>(_watch.CheckAsync);
        _journal.CanRead = true;
        await _watch.CheckAsync();

        Assert.Single(_log.Critical);
    }

    [Fact]
    public void A_loss_is_reported_once_and_a_later_one_again()
    {
        _known.Note("gala", new(3, Noon, "ann"));

        Assert.Equal(3, _known.LostIn("gala", new(2, Noon, "ann")));
        Assert.True(_known.MayReport("gala", 3));
        Assert.False(_known.MayReport("gala", 3));
        Assert.Equal(0, _known.LostIn("gala", new(2, Noon, "ann")));
        _known.Note("gala", new(3, Noon, "bob"));
        Assert.True(_known.MayReport("gala", 3));
    }

    public void Dispose() => _watch.Dispose();

    private async Task SellAsync(string eventId, int count)
    {
        var entries = Enumerable.Range(1, count).Select(i => Entry(i)).ToArray();
        Assert.Equal(AppendStatus.Committed, await _journal.AppendAsync(eventId, JournalHead.None, entries));
        _known.Note(eventId, JournalHead.Of(entries[^1]));
    }

    private static JournalEntry Entry(long sequence) =>
        new(sequence, EntryKind.Reserved, Noon, "ann", Quantity: 1, ReservationSequence: sequence);

    private sealed class Lines : ILogger<JournalWatch>
    {
        public ConcurrentQueue<string> Critical { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Critical) Critical.Enqueue(formatter(state, exception));
        }
    }
}
