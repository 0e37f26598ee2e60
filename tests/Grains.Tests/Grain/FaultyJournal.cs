using System.Runtime.CompilerServices;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>
/// A journal in memory, with the primary key of the real ones, that fails on purpose. Several owners can share its
/// entries. Rehearsal copies are in the same journal.
/// </summary>
internal sealed class FaultyJournal(FaultyJournal? shared = null) : IReservationJournal, IRehearsalJournal
{
    private readonly Dictionary<string, SortedDictionary<long, JournalEntry>> _events = shared?._events ?? [];
    private readonly Queue<AppendFault> _faults = new();
    private TaskCompletionSource _gate = Opened();
    private TaskCompletionSource _replyGate = Opened();
    private TaskCompletionSource _readGate = Opened();
    private TaskCompletionSource _lookGate = Opened();
    private TaskCompletionSource _lookWasAsked = Opened();
    private TaskCompletionSource _headGate = Opened();
    private TaskCompletionSource _headWasRead = Opened();
    private int _inFlight;

    /// <summary>How many entries each append had.</summary>
    public List<int> BatchSizes { get; } = [];

    /// <summary>Most appends in flight at once.</summary>
    public int InFlightMax { get; private set; }

    /// <summary>When false, reading fails.</summary>
    public bool CanRead { get; set; } = true;

    /// <summary>The next append meets this fault; the one after it the next.</summary>
    public void FailNext(params AppendFault[] faults)
    {
        foreach (var fault in faults) _faults.Enqueue(fault);
    }

    /// <summary>Appends wait until <see cref="Release"/>.</summary>
    public void Hold() => _gate = Closed();

    public void Release() => _gate.TrySetResult();

    /// <summary>Appends from now on are stored, and answered after <see cref="Reply"/>.</summary>
    public void HoldReplies() => _replyGate = Closed();

    public void Reply() => _replyGate.TrySetResult();

    /// <summary>Every reading that was begun, and after which sequence.</summary>
    public List<(string EventId, long After)> Reads { get; } = [];

    /// <summary>Called when a reading begins.</summary>
    public Action Reading { get; set; } = () => { };

    /// <summary>Readings return nothing until <see cref="Read"/>.</summary>
    public void HoldReads() => _readGate = Closed();

    public void Read() => _readGate.TrySetResult();

    /// <summary>
    /// Reads of a head, or of a member's events, begin after <see cref="Look"/>. Ends when the first is requested, and
    /// fails when none is.
    /// </summary>
    public Task HoldLooksAsync()
    {
        (_lookGate, _lookWasAsked) = (Closed(), Closed());
        return _lookWasAsked.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public void Look() => _lookGate.TrySetResult();

    /// <summary>
    /// Heads that were read are returned after <see cref="TellHeads"/>. Ends when the first was read, and fails when
    /// none is.
    /// </summary>
    public Task HoldHeadsAsync()
    {
        (_headGate, _headWasRead) = (Closed(), Closed());
        return _headWasRead.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public void TellHeads() => _headGate.TrySetResult();

    public IReadOnlyList<JournalEntry> Entries(string eventId)
    {
        lock (_events) return [.. Of(eventId).Values];
    }

    /// <summary>Removes an entry, as a failover to an old standby would.</summary>
    public void Lose(string eventId, long sequence)
    {
        lock (_events) Of(eventId).Remove(sequence);
    }

    public async Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        lock (_events)
        {
            BatchSizes.Add(entries.Count);
            InFlightMax = Math.Max(InFlightMax, ++_inFlight);
        }
        await Task.Yield();
        await _gate.Task;
        AppendStatus status;
        lock (_events)
        {
            _inFlight--;
            status = Append(Of(eventId), after, entries, _faults.TryDequeue(out var fault) ? fault : null);
        }
        await _replyGate.Task;
        return status;
    }

    public async IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId,
        long after = 0,
        long upTo = long.MaxValue,
        [EnumeratorCancellation] CancellationToken stop = default)
    {
        await Task.Yield();
        if (!CanRead) throw new IOException("The journal cannot be read.");
        Reading();
        lock (_events) Reads.Add((eventId, after));
        await _readGate.Task.WaitAsync(stop);
        yield return [.. Entries(eventId).Where(entry => entry.Sequence > after && entry.Sequence <= upTo)];
    }

    public async Task<JournalHead> HeadAsync(string eventId)
    {
        await Task.Yield();
        _lookWasAsked.TrySetResult();
        await _lookGate.Task;
        if (!CanRead) throw new IOException("The journal cannot be read.");
        var head = Entries(eventId) is [.., var last] ? JournalHead.Of(last) : JournalHead.None;
        _headWasRead.TrySetResult();
        await _headGate.Task;
        return head;
    }

    /// <summary>Which database this is.</summary>
    public DatabaseIdentity Identity { get; set; } = new("system", "00000001", DateTimeOffset.UnixEpoch);

    public Task<DatabaseIdentity?> IdentityAsync() =>
        CanRead ? Task.FromResult<DatabaseIdentity?>(Identity) : throw new IOException("The journal cannot be read.");

    public Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads) => Task.FromResult(heads
        .Where(head => !Entries(head.Key).Any(entry => JournalHead.Of(entry) == head.Value))
            .Select(head => head.Key).ToArray());

    public Task<string[]> EventsAsync(string after, int countMax) => throw new NotSupportedException();

    public async Task<string[]> EventsOfAsync(string memberId, int countMax)
    {
        _lookWasAsked.TrySetResult();
        await _lookGate.Task;
        return [];
    }

    /// <summary>Up to where members were indexed, part by part.</summary>
    public List<(string EventId, long UpTo)> Indexed { get; } = [];

    /// <summary>Up to where members of any event were indexed; 0 when they never were.</summary>
    public long IndexedUpTo => Indexed.Count == 0 ? 0 : Indexed[^1].UpTo;

    /// <summary>Entries whose members are indexed in one call.</summary>
    public int IndexedAtOnce { get; init; } = 10_000;

    /// <summary>Called while members are indexed.</summary>
    public Action Indexing { get; set; } = () => { };

    public Task<long> IndexMembersAsync(string eventId, long upTo)
    {
        if (!CanRead) throw new IOException("The journal cannot be read.");
        Indexing();
        var before = Indexed.LastOrDefault(part => part.EventId == eventId).UpTo;
        Indexed.Add((eventId, Math.Min(upTo, before + IndexedAtOnce)));
        return Task.FromResult(Indexed[^1].UpTo);
    }

    public Task<JournalCount> CountAsync(string eventId, long upTo) => throw new NotSupportedException();

    public async Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo)
    {
        var sequences = new List<long>();
        await foreach (var page in ReadAsync(eventId, 0, upTo))
            sequences.AddRange(page.Select(entry => entry.Sequence));
        return (sequences.Count, sequences.LastOrDefault());
    }

    public Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor) =>
        throw new NotSupportedException();

    public MemorySnapshots Snapshots { get; } = shared?.Snapshots ?? new();

    public Task<string[]> RehearsalCopiesAsync()
    {
        lock (_events)
        {
            var copies = _events.Where(stored => RehearsalCopy.Is(stored.Key) && stored.Value.Count > 0);
            return Task.FromResult(copies.Select(copy => copy.Key).ToArray());
        }
    }

    public Task DeleteRehearsalCopyAsync(string eventId)
    {
        lock (_events) Of(eventId).Clear();
        return Task.CompletedTask;
    }

    public Task PingAsync() => Task.CompletedTask;

    private static AppendStatus Append(
        SortedDictionary<long, JournalEntry> stored,
        JournalHead after,
        IReadOnlyList<JournalEntry> entries,
        AppendFault? fault)
    {
        if (fault == AppendFault.NotApplied) return AppendStatus.NotApplied;
        if (fault == AppendFault.UnknownAndLost) return AppendStatus.Unknown;
        if (fault == AppendFault.Throws) throw new InvalidOperationException("A defect of the driver.");
        if (after != JournalHead.None
            && !(stored.TryGetValue(after.Sequence, out var predecessor) && JournalHead.Of(predecessor) == after))
            return AppendStatus.WentBack;
        if (entries.Any(entry => stored.ContainsKey(entry.Sequence))) return AppendStatus.Fenced;
        foreach (var entry in entries) stored.Add(entry.Sequence, entry);
        return fault == AppendFault.UnknownButCommitted ? AppendStatus.Unknown : AppendStatus.Committed;
    }

    private static TaskCompletionSource Closed() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private SortedDictionary<long, JournalEntry> Of(string eventId)
    {
        if (!_events.TryGetValue(eventId, out var stored)) _events[eventId] = stored = [];
        return stored;
    }
}
