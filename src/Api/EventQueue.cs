using System.Diagnostics;
using BoxOffice.Api.Silos;
using BoxOffice.Grains;

namespace BoxOffice.Api;

/// <summary>One event's waiting calls. It ends when it is idle, so that made-up ids do not stay in memory.</summary>
internal sealed class EventQueue(ReserveCoalescer owner, string eventId)
{
    private static readonly TimeoutException Silence = new("The event's silo did not answer in time.");

    private static readonly TimeoutException NotForGood = new("The event refused while an earlier attempt could still be carried out.");

    private readonly Lock _gate = new();
    private readonly Queue<WaitingCall> _waiting = new();
    private int _callsUnderWay;
    private bool _hasEnded;

    /// <summary>False when this queue has ended.</summary>
    public bool TryAdd(WaitingCall waiting)
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            if (_waiting.Count >= owner.Options.CoalescerWaitingMax)
            {
                _ = FailWhenDecidedAsync(waiting, new BusyException("Too many calls wait for this event."), attempt: 1);
                return true;
            }
            _waiting.Enqueue(waiting);
            if (_callsUnderWay == owner.Options.CoalescerCallsMax) return true;
            _callsUnderWay++;
        }
        CallSoon();
        return true;
    }

    /// <summary>How many wait, and since when the first of them.</summary>
    public (int Count, long? Since) Backlog()
    {
        lock (_gate) return (_waiting.Count, _waiting.TryPeek(out var oldest) ? oldest.Since : null);
    }

    /// <summary>
    /// Where the event's calls join those of others: null when it is not known which silo owns it, and for whomever no sale is
    /// to wait: an event that is slow, and a rehearsal.
    /// </summary>
    private SiloDoor? Door => Shadow.Is(eventId) ? null : owner.Links.DoorOf(eventId);

    /// <summary>Calls when the door is open; at once when there is none.</summary>
    private void CallSoon()
    {
        if (Door is { } door) door.Enter(joined => _ = CallWhileWaitingAsync(joined));
        else _ = CallWhileWaitingAsync(joined: null);
    }

    private async Task CallWhileWaitingAsync(JoinedCall? joined)
    {
        while (TakeBatch() is { } batch)
        {
            await CallAsync(batch, joined);
            if (joined is not null || Door is not null)
            {
                if (!TryLeave()) CallSoon();
                return;
            }
            // Requests that have arrived meanwhile get in line, and are not left for the call after.
            if (batch.Length > 1) await Task.Yield();
        }
    }

    private WaitingCall[]? TakeBatch()
    {
        lock (_gate)
        {
            if (TryLeave()) return null;
            var batch = new WaitingCall[Math.Min(_waiting.Count, owner.Options.CoalescerBatchMax)];
            for (var i = 0; i < batch.Length; i++) batch[i] = _waiting.Dequeue();
            return batch;
        }
    }

    /// <summary>True when nobody waits: whoever made a call gives back its place, and the last one ends the queue.</summary>
    private bool TryLeave()
    {
        lock (_gate)
        {
            RefuseOverdue();
            if (_waiting.Count > 0) return false;
            if (--_callsUnderWay > 0) return true;
            _hasEnded = true;
            owner.Forget(eventId, this);
            return true;
        }
    }

    /// <summary>Whoever waited too long has probably gone, and was not sent: that can be said for sure.</summary>
    private void RefuseOverdue()
    {
        while (_waiting.TryPeek(out var oldest) && !HasTime(oldest, TimeSpan.Zero))
            _ = FailWhenDecidedAsync(_waiting.Dequeue(), new NotAppliedException("The event did not answer in time."), attempt: 1);
    }

    private async Task CallAsync(WaitingCall[] batch, JoinedCall? joined, int number = 1)
    {
        for (; ; number++, joined = null)
        {
            var attempt = Begin(number);
            var call = AnswerAsync(batch, joined, attempt);
            try
            {
                batch = await call.WaitAsync(owner.Options.AttemptTimeout, owner.Time);
            }
            catch (TimeoutException)
            {
                // The silo is silent. What has a key is asked again; the others must wait for what it says in the end.
                owner.Links.Forget(eventId);
                _ = WaitOnAsync(call, number);
                batch = Array.FindAll(batch, waiting => waiting.Request.Key is not null && IsRepeated(waiting, attempt, Silence));
            }
            if (batch.Length == 0) return;
            await Task.Delay(attempt.Pause, owner.Time);
        }
    }

    /// <summary>Waits for an answer that is late, and goes on with those to whom it did nothing and who were not asked for again.</summary>
    private async Task WaitOnAsync(Task<WaitingCall[]> call, int number)
    {
        var again = await call;
        if (again.Length > 0) await CallAsync(again, joined: null, number + 1);
    }

    /// <summary>Asks again for a few, beside the queue: the event is well, and those who wait for it need not wait for them.</summary>
    private async Task AskApartAsync(WaitingCall[] calls, Attempt attempt)
    {
        await Task.Delay(attempt.Pause, owner.Time);
        await CallAsync(calls, joined: null, attempt.Number + 1);
    }

    /// <summary>
    /// One grain call, or two when something has happened to a sold-out event. Never fails: gives back those who are to be
    /// asked again, and answers all others.
    /// </summary>
    private async Task<WaitingCall[]> AnswerAsync(WaitingCall[] batch, JoinedCall? joined, Attempt attempt)
    {
        if (attempt.Number > 1) batch = StillAt(attempt, batch); // an earlier one may have sold meanwhile
        if (batch.Length == 0) return [];
        using var trace = Tracing.Begin("reserve batch", batch.Select(waiting => waiting.Caller), ActivityKind.Client);
        trace?.SetTag("boxoffice.batch.size", batch.Length);

        // Whom the event would have refused when it was last heard of is not sent: it need only say that nothing has
        // happened since.
        var soldOut = owner.Latches.NoticeOf(eventId);
        var spared = soldOut is null ? [] : Array.FindAll(batch, waiting => soldOut.IsFor(waiting.Request));
        var asked = spared.Length == 0 ? batch : [.. batch.Except(spared)];

        // Its trace goes on in the silo; and the answer to a mere question may take a look into the journal.
        var goesAlone = trace is not null || asked.Length == 0;
        // Nothing may be awaited before this: a joined message leaves as soon as this method waits.
        var (results, failure) = await TryAskAsync(asked, goesAlone ? null : joined, attempt);
        if (failure is not null) return [.. Again(asked, attempt, failure), .. Again(spared, attempt, AsNotSent(failure))];
        Answer(asked, results, batch.Length, attempt);

        spared = StillAt(attempt, spared); // the next attempt asks for the others
        if (spared.Length == 0) return [];
        if (results.SoldOutAt == soldOut!.Sequence)
            results = results with { Results = [.. Enumerable.Repeat(new ReserveResult(ReserveStatus.SoldOut), spared.Length)] };
        else
            (results, failure) = await TryAskAsync(spared, joined: null, attempt);
        if (failure is not null) return Again(spared, attempt, failure);
        Answer(spared, results, asked.Length == 0 ? batch.Length : 0, attempt);
        return [];
    }

    /// <summary>Whoever was not sent is in no doubt.</summary>
    private static Exception AsNotSent(Exception failure) => Repeats.MayHelp(failure) && !Repeats.IsNothingDone(failure)
        ? new NotAppliedException("The event could not be asked.", failure)
        : failure;

    private static WaitingCall[] StillAt(Attempt attempt, WaitingCall[] calls) => Array.FindAll(calls, waiting => waiting.IsAt(attempt.Number));

    private WaitingCall[] Again(WaitingCall[] calls, Attempt attempt, Exception failure) =>
        Array.FindAll(calls, waiting => IsRepeated(waiting, attempt, failure));

    private async Task<(ReserveResults Results, Exception? Failure)> TryAskAsync(WaitingCall[] calls, JoinedCall? joined, Attempt attempt)
    {
        try
        {
            var results = await AskAsync(calls, joined, attempt);
            return results.Results.Length == calls.Length
                ? (results, null)
                : (default, new InvalidOperationException($"The event answered {results.Results.Length} of {calls.Length} calls."));
        }
        catch (Exception e)
        {
            owner.Links.Forget(eventId);
            return (default, e);
        }
    }

    private async Task<ReserveResults> AskAsync(WaitingCall[] calls, JoinedCall? joined, Attempt attempt)
    {
        var askedAt = owner.Time.GetTimestamp();
        var requests = Array.ConvertAll(calls, waiting => waiting.Request);
        var results = await (joined is not null
            ? joined.Reserve(eventId, requests, attempt.ValidUntil)
            : owner.Links.For(eventId, attempt.Number).Grains.TicketEvent(eventId).Reserve(requests, attempt.ValidUntil));
        // Nobody owns what was made up: whoever asks for that must not keep the door of a silo shut for others.
        if (results.Results is not [{ Status: ReserveStatus.EventNotFound }, ..])
            owner.Links.Learn(eventId, results.Gateway, isSlow: results.Turn + results.Store >= ISiloDoorGrain.Patience);
        owner.Latches.Learn(eventId, results.SoldOutAt, askedAt);
        return results;
    }

    /// <summary>Tells everybody the answer, but those whom it refused while an earlier attempt could still be carried out.</summary>
    private void Answer(WaitingCall[] calls, ReserveResults results, int batchCalls, Attempt attempt)
    {
        List<WaitingCall>? again = null;
        var elsewhere = results.Turn + results.Store;
        for (var i = 0; i < calls.Length; i++)
        {
            var queue = owner.Time.GetElapsedTime(calls[i].Since) - elsewhere;
            var decided = new DecidedCall(results.Results[i], queue > TimeSpan.Zero ? queue : TimeSpan.Zero, results.Turn, results.Store, i == 0 ? batchCalls : 0);
            if (decided.Answer.Reservation is not null) calls[i].TellSold(decided);
            else if (attempt.BegunAt >= calls[i].UndecidedUntil) calls[i].TellRefused(decided, attempt.Number);
            else if (GoesOn(calls[i], attempt, NotForGood)) (again ??= []).Add(calls[i]);
        }
        if (again is not null) _ = AskApartAsync([.. again], attempt);
    }

    private Attempt Begin(int number) =>
        new(number, owner.Time.GetUtcNow() + owner.Options.AttemptValidity, owner.Time.GetTimestamp(), Repeats.PauseAfter(number));

    private bool HasTime(WaitingCall waiting, TimeSpan pause) =>
        owner.Time.GetElapsedTime(waiting.Since) + pause <= owner.Options.ResponseTimeout;

    /// <summary>
    /// True when the call may be made again: nothing was done, or its key makes that harmless. Otherwise it is told what
    /// is known.
    /// </summary>
    private bool IsRepeated(WaitingCall waiting, Attempt attempt, Exception failure)
    {
        if (!waiting.IsAt(attempt.Number)) return false;
        if (!Repeats.IsNothingDone(failure))
        {
            var valid = owner.Options.AttemptValidity + ApiOptions.ClockDifferenceMax; // when the event's clock is behind
            waiting.Doubt(attempt.BegunAt + (long)(valid.TotalSeconds * owner.Time.TimestampFrequency));
            owner.Doubts.Add(eventId, waiting.Request, waiting.UndecidedUntil);
        }
        return GoesOn(waiting, attempt, failure);
    }

    private bool GoesOn(WaitingCall waiting, Attempt attempt, Exception failure)
    {
        var isHarmless = !waiting.IsInDoubt || waiting.Request.Key is not null;
        if (Repeats.MayHelp(failure) && isHarmless && HasTime(waiting, attempt.Pause)) return waiting.TryGoOn(attempt.Number);
        _ = FailWhenDecidedAsync(waiting, failure, attempt.Number);
        return false;
    }

    /// <summary>
    /// Tells a failure once no attempt can be carried out any more: whoever is told "unknown" may repeat the call through another
    /// front-end, and must get the final answer there.
    /// </summary>
    private async Task FailWhenDecidedAsync(WaitingCall waiting, Exception failure, int attempt)
    {
        var now = owner.Time.GetTimestamp();
        if (waiting.UndecidedUntil > now)
            await Task.Delay(owner.Time.GetElapsedTime(now, waiting.UndecidedUntil), owner.Time);
        waiting.Fail(failure, attempt);
    }
}
