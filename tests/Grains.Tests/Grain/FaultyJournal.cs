using System.Runtime.CompilerServices;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>
/// A journal in memory, with the primary key of the real ones, that fails on purpose. Several owners can share its
/// entries.
/// </summary>
internal sealed class FaultyJournal(FaultyJournal? shared = null) : IReservationJournal, IRehearsalJournal
{
    private readonly Dictionary<string, SortedDictionary<long, JournalEntry>> _events = shared?._events ?? [];
    private readonly Queue<Fault> _faults = new();
    private TaskCompletionSource _gate = Opened();
    private TaskCompletionSource _replyGate = Opened();
    private TaskCompletionSource _readGate = Opened();
    private TaskCompletionSource _lookGate = Opened();
    private TaskCompletionSource _lookWasAsked = Opened();
    private TaskCompletionSource _headGate = Opened();
    private TaskCompletionSource _headWasRead = Opened();
    private int _inFlight;

    /// <summary>What happens to one append.</summary>
    public enum Fault
    {
        /// <summary>Nothing bad.</summary>
        None,

        /// <summary>Nothing is written, and the owner is told so.</summary>
        NotApplied,

        /// <summary>Nothing is written, and the owner cannot know.</summary>
        UnknownAndLost,

        /// <summary>All is written, and the owner cannot know: the commit's reply was lost.</summary>
        UnknownButCommitted,

        /// <summary>The driver throws what nobody expected.</summary>
        Throws,
    }

    /// <summary>How many entries each append had.</summary>
    public List<int> BatchSizes { get; } = [];

    /// <summary>Most appends of one moment.</summary>
    public int InFlightMax { get; private set; }

    /// <summary>When false, reading fails.</summary>
    public bool CanRead { get; set; } = true;

    /// <summary>The next append meets this fault; the one after it the next.</summary>
    public void FailNext(params Fault[] faults)
    {
        foreach (var fault in faults) _faults.Enqueue(fault);
    }

    /// <summary>Appends wait until <see cref="Release"/>.</summary>
    public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _gate.TrySetResult();

    /// <summary>What is appended from now on is stored, and told so after <see cref="Reply"/>.</summary>
    public void HoldReplies() => _replyGate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Reply() => _replyGate.TrySetResult();

    /// <summary>Every reading that was begun, and after which sequence.</summary>
    public List<(string EventId, long After)> Reads { get; } = [];

    /// <summary>What happens when a reading begins.</summary>
    public Action Reading { get; set; } = () => { };

    /// <summary>Readings give nothing until <see cref="Read"/>.</summary>
    public void HoldReads() => _readGate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Read() => _readGate.TrySetResult();

    /// <summary>
    /// A head, or events of a member, that is asked for is read after <see cref="Look"/>. Ends when the first was asked
    /// for, and fails when none is.
    /// </summary>
    public Task HoldLooksAsync()
    {
        (_lookGate, _lookWasAsked) = (
            new(TaskCreationOptions.RunContinuationsAsynchronously),
            new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _lookWasAsked.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public void Look() => _lookGate.TrySetResult();

    /// <summary>
    /// A head that is read is told after <see cref="TellHeads"/>. Ends when the first was read, and fails when none is.
    /// </summary>
    public Task HoldHeadsAsync()
    {
        (_headGate, _headWasRead) = (
            new(TaskCreationOptions.RunContinuationsAsynchronously),
            new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _headWasRead.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public void TellHeads() => _headGate.TrySetResult();

    public IReadOnlyList<JournalEntry> Entries(string eventId)
    {
        lock (_events) return [.. Of(eventId).Values];
    }

    /// <summary>Takes an entry away, as no real database would.</summary>
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
        string eventId, long after = 0, long upTo = long.MaxValue, [EnumeratorCancellation] CancellationToken stop = default)
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

    /// <summary>Up to where members were noted, part by part.</summary>
    public List<(string EventId, long UpTo)> Gathered { get; } = [];

    /// <summary>Up to where members of any event were noted; 0 when they never were.</summary>
    public long GatheredUpTo => Gathered.Count == 0 ? 0 : Gathered[^1].UpTo;

    /// <summary>Entries whose members are noted in one call.</summary>
    public int IndexedAtOnce { get; init; } = 10_000;

    /// <summary>What happens while members are noted.</summary>
    public Action Gathering { get; set; } = () => { };

    public Task<long> IndexMembersAsync(string eventId, long upTo)
    {
        if (!CanRead) throw new IOException("The journal cannot be read.");
        Gathering();
        var before = Gathered.LastOrDefault(one => one.EventId == eventId).UpTo;
        Gathered.Add((eventId, Math.Min(upTo, before + IndexedAtOnce)));
        return Task.FromResult(Gathered[^1].UpTo);
    }

    public Task<JournalCount> CountAsync(string eventId, long upTo) => throw new NotSupportedException();

    public async Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo)
    {
        var sequences = new List<long>();
        await foreach (
            var page in ReadAsync(eventId, 0, upTo)) sequences.AddRange(page.Select(entry => entry.Sequence));
        return (sequences.Count, sequences.LastOrDefault());
    }

    public Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor) =>
        throw new NotSupportedException();

    public MemorySnapshots Snapshots { get; } = shared?.Snapshots ?? new();

    public Task<string[]> RehearsalCopiesAsync()
    {
        lock (_events) return Task.FromResult(
            _events.Where(one => RehearsalCopy.Is(one.Key) && one.Value.Count > 0).Select(one => one.Key).ToArray());
    }

    public Task DeleteRehearsalCopyAsync(string eventId)
    {
        lock (_events) Of(eventId).Clear();
        return Task.CompletedTask;
    }

    public Task PingAsync() => Task.CompletedTask;

    private static AppendStatus Append(
        SortedDictionary<long, JournalEntry> stored, JournalHead after, IReadOnlyList<JournalEntry> entries, Fault? fault)
    {
        if (fault == Fault.NotApplied) return AppendStatus.NotApplied;
        if (fault == Fault.UnknownAndLost) return AppendStatus.Unknown;
        if (fault == Fault.Throws) throw new InvalidOperationException("A defect of the driver.");
        if (after != JournalHead.None
            && !(stored.TryGetValue(after.Sequence, out var predecessor) && JournalHead.Of(predecessor) == after))
            return AppendStatus.WentBack;
        if (entries.Any(entry => stored.ContainsKey(entry.Sequence))) return AppendStatus.Fenced;
        foreach (var entry in entries) stored.Add(entry.Sequence, entry);
        return fault == Fault.UnknownButCommitted ? AppendStatus.Unknown : AppendStatus.Committed;
    }

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
