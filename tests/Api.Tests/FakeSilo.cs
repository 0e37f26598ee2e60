namespace BoxOffice.Api.Tests;

/// <summary>A silo whose events answer when a test releases them, with the quantity of each request.</summary>
internal sealed class FakeSilo : IReserveBatchGrain
{
    /// <summary>The silo's gateway.</summary>
    public const string Gateway = "10.0.0.1:30000";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _held = [];
    private readonly Dictionary<long, Task<BatchAnswer>> _late = [];
    private readonly List<string> _messages = [];
    private readonly TimeProvider _time;
    private bool _isReleased;

    public FakeSilo(TimeProvider time) =>
        (_time, Grains) = (time, new FakeGrains(id => new FakeSiloEvent(this, id), this));

    public IGrainFactory Grains { get; }

    /// <summary>The messages, each as its events with the number of their calls.</summary>
    public string[] Messages
    {
        get
        {
            lock (_gate) return [.. _messages];
        }
    }

    public int CallCount { get; private set; }

    public Dictionary<string, Exception> Failures { get; } = [];

    /// <summary>The failure of the next messages for several events.</summary>
    public Exception? MessageFailure { get; set; }

    /// <summary>The failure of fetching a pending result.</summary>
    public Exception? FetchFailure { get; set; }

    /// <summary>The event with a slow journal.</summary>
    public string? Slow { get; set; }

    /// <summary>An event that was never opened.</summary>
    public string? Unknown { get; set; }

    public void Release(string eventId)
    {
        lock (_gate) HeldOf(eventId).TrySetResult();
    }

    public void ReleaseAll()
    {
        lock (_gate)
        {
            _isReleased = true;
            foreach (var held in _held.Values) held.TrySetResult();
        }
    }

    public void HoldAll()
    {
        lock (_gate)
        {
            _isReleased = false;
            _held.Clear();
        }
    }

    public async Task<BatchAnswer[]> Reserve(EventCalls[] calls)
    {
        Note(calls);
        if (MessageFailure is { } failure) throw failure;
        var asked = Array.ConvertAll(calls, AnswerAsync);
        await Task.WhenAny(Task.WhenAll(asked), Task.Delay(Patience, _time));
        return await Task.WhenAll(asked.Select(answer => answer.IsCompleted ? answer : Task.FromResult(Keep(answer))));
    }

    public Task<BatchAnswer> Pending(long id)
    {
        if (FetchFailure is { } failure) throw failure;
        lock (_gate) return _late[id];
    }

    public async Task<ReserveResults> AskAsync(EventCalls calls)
    {
        Note(calls);
        var answer = await AnswerAsync(calls);
        return answer.Results ?? throw answer.Failure!;
    }

    private async Task<BatchAnswer> AnswerAsync(EventCalls calls)
    {
        Task held;
        lock (_gate) held = HeldOf(calls.EventId).Task;
        await held;
        if (Failures.TryGetValue(calls.EventId, out var failure)) return new(Failure: failure);
        var results = Array.ConvertAll(calls.Requests, request => calls.EventId == Unknown
            ? new ReserveResult(ReserveStatus.EventNotFound)
            : new(ReserveStatus.Reserved, new(1, request.Quantity, ReservationState.Confirmed, default, null)));
        var store = calls.EventId == Slow ? IReserveBatchGrain.Patience : TimeSpan.Zero;
        return new(new ReserveResults(results, Gateway, Store: store));
    }

    private TaskCompletionSource HeldOf(string eventId)
    {
        if (!_held.TryGetValue(eventId, out var held))
            _held.Add(eventId, held = new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_isReleased) held.TrySetResult();
        return held;
    }

    private void Note(params EventCalls[] calls)
    {
        lock (_gate)
        {
            _messages.Add(string.Join(' ', calls.Select(call => $"{call.EventId}:{call.Requests.Length}")));
            CallCount += calls.Sum(call => call.Requests.Length);
        }
    }

    private BatchAnswer Keep(Task<BatchAnswer> answer)
    {
        lock (_gate)
        {
            _late.Add(_late.Count, answer);
            return new(PendingId: _late.Count - 1);
        }
    }
}

internal sealed class FakeSiloEvent(FakeSilo silo, string id) : FakeEvent
{
    public override Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil) =>
        silo.AskAsync(new(id, requests, validUntil));
}
