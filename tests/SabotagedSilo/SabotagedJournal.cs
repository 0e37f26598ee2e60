using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.SabotagedSilo;

/// <summary>The real journal without one of its guarantees.</summary>
internal sealed class SabotagedJournal(IReservationJournal journal, string without) : IReservationJournal
{
    // Long enough that a kill during the sale finds answers whose entries are not written yet.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Task> _lastWritten = new();
    private readonly ConcurrentDictionary<string, JournalHead> _believedHead = new();

    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries) =>
        without switch
        {
            Mechanism.AnswerAfterCommit => AnswerFirstAsync(eventId, after, entries),
            Mechanism.KeyWithTheEntry =>
                journal.AppendAsync(eventId, after, [.. entries.Select(entry => entry with { Key = null })]),
            Mechanism.UnknownIsUnknown => AppendAndClaimToKnowAsync(eventId, after, entries),
            Mechanism.AllOrNothing => AppendWhatFitsAsync(eventId, after, entries),
            Mechanism.HeadBeforeARefusal or Mechanism.ReplayAtActivation =>
                AppendAndBelieveAsync(eventId, after, entries),
            Mechanism.Predecessor => journal.AppendAsync(eventId, JournalHead.None, entries),
            _ => journal.AppendAsync(eventId, after, entries),
        };

    public async IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after, long upTo, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (
            var page in journal.ReadAsync(eventId, after, without == Mechanism.ReplayAtActivation ? 1 : upTo, stop))
        {
            _believedHead[eventId] = JournalHead.Of(page[^1]);
            yield return page;
        }
    }

    /// <summary>
    /// Without a read of the head: what this process read or wrote last, also when another process wrote since; and
    /// entries that are answered as committed count. Without a replay, the first entry is the head, until this process
    /// writes another.
    /// </summary>
    public async Task<JournalHead> HeadAsync(string eventId) => without switch
    {
        Mechanism.HeadBeforeARefusal when _believedHead.TryGetValue(eventId, out var believed) => believed,
        Mechanism.ReplayAtActivation => await FirstOrBelievedAsync(eventId),
        Mechanism.AnswerAfterCommit =>
            Later(await journal.HeadAsync(eventId), _believedHead.GetValueOrDefault(eventId)),
        _ => await journal.HeadAsync(eventId),
    };

    public Task<DatabaseIdentity?> IdentityAsync() => journal.IdentityAsync();

    public Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads) =>
        journal.MissingAsync(heads);

    public Task<string[]> EventsAsync(string after, int countMax) => journal.EventsAsync(after, countMax);

    public Task<string[]> EventsOfAsync(string memberId, int countMax) => journal.EventsOfAsync(memberId, countMax);

    public Task<long> IndexMembersAsync(string eventId, long upTo) => journal.IndexMembersAsync(eventId, upTo);

    public Task<JournalCount> CountAsync(string eventId, long upTo) => journal.CountAsync(eventId, upTo);

    public Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo) =>
        journal.CountSequencesAsync(eventId, upTo);

    public Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor) =>
        journal.SetAsideAsync(eventId, after, last, actor);

    public Task PingAsync() => journal.PingAsync();

    private async Task<JournalHead> FirstOrBelievedAsync(string eventId)
    {
        if (_believedHead.GetValueOrDefault(eventId) is { Sequence: > 1 } believed) return believed;
        await foreach (var page in journal.ReadAsync(eventId, after: 0, upTo: 1)) return JournalHead.Of(page[0]);
        return JournalHead.None;
    }

    private static JournalHead Later(JournalHead one, JournalHead other) =>
        one.Sequence >= other.Sequence ? one : other;

    private async Task<AppendStatus> AppendAndBelieveAsync(
        string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var status = await journal.AppendAsync(eventId, after, entries);
        if (status == AppendStatus.Committed) _believedHead[eventId] = JournalHead.Of(entries[^1]);
        return status;
    }

    private Task<AppendStatus> AnswerFirstAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        // One append of an event is in flight at a time, so there is no concurrent change.
        var before = _lastWritten.GetValueOrDefault(eventId, Task.CompletedTask);
        _lastWritten[eventId] = WriteLaterAsync(before, eventId, after, entries);
        _believedHead[eventId] = JournalHead.Of(entries[^1]);
        return Task.FromResult(AppendStatus.Committed);
    }

    private async Task WriteLaterAsync(
        Task before, string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var lag = Task.Delay(Lag);
        await before;
        await lag;
        await journal.AppendAsync(eventId, after, entries);
    }

    private async Task<AppendStatus> AppendAndClaimToKnowAsync(
        string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var status = await journal.AppendAsync(eventId, after, entries);
        return status == AppendStatus.Unknown ? AppendStatus.NotApplied : status;
    }

    /// <summary>As INSERT … ON CONFLICT DO NOTHING would.</summary>
    private async Task<AppendStatus> AppendWhatFitsAsync(
        string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var status = await journal.AppendAsync(eventId, after, entries);
        while (status == AppendStatus.Fenced)
        {
            var head = await journal.HeadAsync(eventId);
            entries = [.. entries.Where(entry => entry.Sequence > head.Sequence)];
            if (entries.Count == 0) return AppendStatus.Committed;
            after = head;
            status = await journal.AppendAsync(eventId, after, entries);
        }
        return status;
    }
}
