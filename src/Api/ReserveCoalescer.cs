using System.Collections.Concurrent;
using System.Diagnostics;
using BoxOffice.Api.Silos;
using BoxOffice.Grains;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api;

/// <summary>What the event decided about one call, and where the time went between the coalescer's door and back.</summary>
/// <param name="Answer">What it decided.</param>
/// <param name="Queue">Waiting for the call before, on the way, and for the event's turn.</param>
/// <param name="Turn">The event's turn.</param>
/// <param name="Store">Until it was durable.</param>
/// <param name="BatchCalls">How many calls went together, for the first of them; 0 for the others, and when none was made.</param>
public readonly record struct DecidedCall(
    ReserveResult Answer, TimeSpan Queue = default, TimeSpan Turn = default, TimeSpan Store = default, int BatchCalls = 0);

/// <summary>
/// Joins the calls that wait for one event into one grain call, and those of the events of one silo into one message
/// (<see cref="SiloDoor"/>). There is no timer: a call goes out at once when the event and its silo's door are idle, and what
/// arrives while calls are under way goes out together with the next. When a silo fails or is silent, what
/// has a key is asked again, because the event gives the first answer for it.
/// </summary>
public sealed class ReserveCoalescer
{
    private static readonly TimeoutException Silence = new("The event's silo did not answer in time.");

    private static readonly TimeoutException NotForGood = new("The event refused while an earlier attempt could still be carried out.");

    private static readonly Task<DecidedCall> SoldOut = Task.FromResult(new DecidedCall(new(ReserveStatus.SoldOut)));

    private readonly SiloLinks _links;
    private readonly SoldOutLatches _latches;
    private readonly ApiOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, EventQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Uses these ways to the events, and what is known of those that are sold out.</summary>
    public ReserveCoalescer(SiloLinks links, SoldOutLatches latches, IOptions<ApiOptions> options, TimeProvider time) =>
        (_links, _latches, _options, _time) = (links, latches, options.Value, time);

    /// <summary>Events for which calls wait or are under way.</summary>
    public int EventCount => _queues.Count;

    /// <summary>Calls that wait, of all events, and for how long the oldest of them has.</summary>
    public (int Count, TimeSpan Oldest) Backlog()
    {
        var (count, oldest) = (0, TimeSpan.Zero);
        foreach (var queue in _queues.Values)
        {
            var (waiting, since) = queue.Backlog();
            count += waiting;
            if (since is { } moment && _time.GetElapsedTime(moment) is var age && age > oldest) oldest = age;
        }
        return (count, oldest);
    }

    /// <summary>
    /// The event's answer to one call. Fails with <see cref="BusyException"/> when too many wait, with
    /// <see cref="NotAppliedException"/> when it was not sent within <see cref="ApiOptions.ResponseTimeout"/>, and with what
    /// the grain call throws when it cannot be repeated, or no more in that time.
    /// </summary>
    public Task<DecidedCall> ReserveAsync(string eventId, in ReserveRequest request)
    {
        if (_latches.Refuses(eventId, request)) return SoldOut;
        var waiting = new Waiting(request, _time.GetTimestamp());
        // A queue ends in the moment when nobody waits: then a new one takes its place.
        while (!_queues.GetOrAdd(eventId, static (id, self) => new(self, id), this).TryAdd(waiting)) { }
        return waiting.Task;
    }

    /// <summary>One event's waiting calls. It ends when it is idle, so that made-up ids do not stay in memory.</summary>
    private sealed class EventQueue(ReserveCoalescer owner, string eventId)
    {
        private readonly Lock _gate = new();
        private readonly Queue<Waiting> _waiting = new();
        private int _callsUnderWay;
        private bool _hasEnded;

        /// <summary>False when this queue has ended.</summary>
        public bool TryAdd(Waiting waiting)
        {
            lock (_gate)
            {
                if (_hasEnded) return false;
                if (_waiting.Count >= owner._options.CoalescerWaitingMax)
                {
                    waiting.Fail(new BusyException("Too many calls wait for this event."));
                    return true;
                }
                _waiting.Enqueue(waiting);
                if (_callsUnderWay == owner._options.CoalescerCallsMax) return true;
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
        private SiloDoor? Door => Shadow.Is(eventId) ? null : owner._links.DoorOf(eventId);

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
                    if (!HasEnded()) CallSoon();
                    return;
                }
                // Requests that have arrived meanwhile get in line, and are not left for the call after.
                if (batch.Length > 1) await Task.Yield();
            }
        }

        private Waiting[]? TakeBatch()
        {
            lock (_gate)
            {
                if (HasEnded()) return null;
                var batch = new Waiting[Math.Min(_waiting.Count, owner._options.CoalescerBatchMax)];
                for (var i = 0; i < batch.Length; i++) batch[i] = _waiting.Dequeue();
                return batch;
            }
        }

        /// <summary>True when nobody waits: whoever made a call makes none after it, and the last one ends the queue.</summary>
        private bool HasEnded()
        {
            lock (_gate)
            {
                RefuseOverdue();
                if (_waiting.Count > 0) return false;
                if (--_callsUnderWay > 0) return true;
                _hasEnded = true;
                owner._queues.TryRemove(new(eventId, this));
                return true;
            }
        }

        /// <summary>Whoever waited too long has probably gone, and was not sent: that can be said for sure.</summary>
        private void RefuseOverdue()
        {
            while (_waiting.TryPeek(out var oldest) && !owner.HasTime(oldest, TimeSpan.Zero))
                _waiting.Dequeue().Fail(new NotAppliedException("The event did not answer in time."));
        }

        private async Task CallAsync(Waiting[] batch, JoinedCall? joined, int number = 1)
        {
            for (; ; number++, joined = null)
            {
                var attempt = owner.Begin(number);
                var call = AnswerAsync(batch, joined, attempt);
                try
                {
                    batch = await call.WaitAsync(owner._options.AttemptTimeout, owner._time);
                }
                catch (TimeoutException)
                {
                    // The silo is silent. What has a key is asked again; the others must wait for what it says in the end.
                    owner._links.Forget(eventId);
                    _ = WaitOnAsync(call, number);
                    batch = Array.FindAll(batch, waiting => waiting.Request.Key is not null && owner.IsRepeated(waiting, attempt, Silence));
                }
                if (batch.Length == 0) return;
                await Task.Delay(attempt.Pause, owner._time);
            }
        }

        /// <summary>Waits for an answer that is late, and goes on with those without a key to whom it did nothing.</summary>
        private async Task WaitOnAsync(Task<Waiting[]> call, int number)
        {
            var again = Array.FindAll(await call, waiting => waiting.Request.Key is null);
            if (again.Length > 0) await CallAsync(again, joined: null, number + 1);
        }

        /// <summary>
        /// One grain call, or two when something has happened to a sold-out event. Never fails: gives back those who may be
        /// asked again, and answers all others.
        /// </summary>
        private async Task<Waiting[]> AnswerAsync(Waiting[] batch, JoinedCall? joined, Attempt attempt)
        {
            if (attempt.Number > 1) batch = Array.FindAll(batch, waiting => waiting.IsAt(attempt.Number)); // an earlier one may have sold meanwhile
            if (batch.Length == 0) return [];
            var (sent, notSent) = (batch, Array.Empty<Waiting>());
            var again = Array.Empty<Waiting>();
            try
            {
                using var trace = Tracing.Begin("reserve batch", batch.Select(waiting => waiting.Caller), ActivityKind.Client);
                trace?.SetTag("boxoffice.batch.size", batch.Length);

                // Whom the event would have refused when it was last heard of is not sent: it need only say that nothing has
                // happened since.
                var soldOut = owner._latches.NoticeOf(eventId);
                var spared = soldOut is null ? [] : Array.FindAll(batch, waiting => soldOut.IsFor(waiting.Request));
                var asked = spared.Length == 0 ? batch : [.. batch.Except(spared)];

                (sent, notSent) = (asked, spared);
                // Its trace goes on in the silo; and the answer to a mere question may take a look into the journal.
                var goesAlone = trace is not null || asked.Length == 0;
                var results = await AskAsync(asked, goesAlone ? null : joined, attempt);
                again = Answer(asked, results, batch.Length, attempt);
                if (spared.Length == 0) return again;

                spared = Array.FindAll(spared, waiting => waiting.IsAt(attempt.Number)); // the next attempt asks for the others
                if (spared.Length == 0) return again;
                (sent, notSent) = (spared, []);
                var refusals = results.SoldOutAt == soldOut!.Sequence
                    ? results with { Results = [.. Enumerable.Repeat(new ReserveResult(ReserveStatus.SoldOut), spared.Length)] }
                    : await AskAsync(spared, joined: null, attempt);
                return [.. again, .. Answer(spared, refusals, asked.Length == 0 ? batch.Length : 0, attempt)];
            }
            catch (Exception e)
            {
                owner._links.Forget(eventId);
                var ofNotSent = Repeats.MayHelp(e) && !Repeats.IsNothingDone(e) ? new NotAppliedException("The event could not be asked.", e) : e;
                return
                [
                    .. again,
                    .. sent.Where(waiting => owner.IsRepeated(waiting, attempt, e)),
                    .. notSent.Where(waiting => owner.IsRepeated(waiting, attempt, ofNotSent)),
                ];
            }
        }

        private async Task<ReserveResults> AskAsync(Waiting[] calls, JoinedCall? joined, Attempt attempt)
        {
            var askedAt = owner._time.GetTimestamp();
            var requests = Array.ConvertAll(calls, waiting => waiting.Request);
            var results = await (joined is not null
                ? joined.Reserve(eventId, requests, attempt.ValidUntil)
                : owner._links.For(eventId, attempt.Number).Grains.TicketEvent(eventId).Reserve(requests, attempt.ValidUntil));
            // Nobody owns what was made up: whoever asks for that must not keep the door of a silo shut for others.
            if (results.Results is not [{ Status: ReserveStatus.EventNotFound }, ..])
                owner._links.Learn(eventId, results.Gateway, isSlow: results.Turn + results.Store >= ISiloDoorGrain.Patience);
            owner._latches.Learn(eventId, results.SoldOutAt, askedAt);
            return results;
        }

        /// <summary>Tells everybody the answer; gives back those whom it refused and who must be asked again.</summary>
        private Waiting[] Answer(Waiting[] calls, ReserveResults results, int batchCalls, Attempt attempt)
        {
            List<Waiting>? again = null;
            var elsewhere = results.Turn + results.Store;
            for (var i = 0; i < calls.Length; i++)
            {
                var queue = owner._time.GetElapsedTime(calls[i].Since) - elsewhere;
                var decided = new DecidedCall(results.Results[i], queue > TimeSpan.Zero ? queue : TimeSpan.Zero, results.Turn, results.Store, i == 0 ? batchCalls : 0);
                if (decided.Answer.Reservation is not null) calls[i].TellSold(decided);
                else if (attempt.BegunAt >= calls[i].UndecidedUntil) calls[i].TellRefused(decided, attempt.Number);
                else if (owner.GoesOn(calls[i], attempt, NotForGood)) (again ??= []).Add(calls[i]);
            }
            return again is null ? [] : [.. again];
        }
    }

    /// <summary>One time that a batch is asked for.</summary>
    /// <param name="Number">From 1.</param>
    /// <param name="ValidUntil">The event decides nothing after this moment of its own clock.</param>
    /// <param name="BegunAt">A timestamp, taken after <paramref name="ValidUntil"/> was.</param>
    /// <param name="Pause">Before the next one.</param>
    private readonly record struct Attempt(int Number, DateTimeOffset ValidUntil, long BegunAt, TimeSpan Pause);

    private Attempt Begin(int number) =>
        new(number, _time.GetUtcNow() + _options.AttemptValidity, _time.GetTimestamp(), Repeats.PauseAfter(number));

    private bool HasTime(Waiting waiting, TimeSpan pause) => _time.GetElapsedTime(waiting.Since) + pause <= _options.ResponseTimeout;

    /// <summary>
    /// True when the call may be made again: nothing was done, or its key makes that harmless. Otherwise it is told what
    /// is known.
    /// </summary>
    private bool IsRepeated(Waiting waiting, Attempt attempt, Exception failure)
    {
        if (!waiting.IsAt(attempt.Number)) return false;
        if (!Repeats.IsNothingDone(failure))
        {
            var valid = _options.AttemptValidity + ApiOptions.ClockDifferenceMax; // when the event's clock is behind
            waiting.Doubt(attempt.BegunAt + (long)(valid.TotalSeconds * _time.TimestampFrequency));
        }
        return GoesOn(waiting, attempt, failure);
    }

    private bool GoesOn(Waiting waiting, Attempt attempt, Exception failure)
    {
        var isHarmless = !waiting.IsInDoubt || waiting.Request.Key is not null;
        if (Repeats.MayHelp(failure) && isHarmless && HasTime(waiting, attempt.Pause)) return waiting.TryGoOn(attempt.Number);
        waiting.Fail(failure, attempt.Number);
        return false;
    }

    /// <summary>
    /// One call. A sale is true whichever attempt made it. A refusal and a failure count only while their attempt is the last:
    /// the next may sell.
    /// </summary>
    // Continuations run on the thread pool: answering one buyer must not delay the answers of the rest of the batch.
    private sealed class Waiting(ReserveRequest request, long since)
        : TaskCompletionSource<DecidedCall>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private const int Told = 0;

        private int _attempt = 1;

        public ReserveRequest Request => request;

        public long Since => since;

        /// <summary>Whose trace is kept; usually null.</summary>
        public Activity? Caller { get; } = Tracing.Caller;

        /// <summary>Until then an attempt that was given up may still be carried out, after a later one was refused.</summary>
        public long UndecidedUntil { get; private set; } = long.MinValue;

        /// <summary>True when an attempt may have been carried out: no later failure can take that back.</summary>
        public bool IsInDoubt => UndecidedUntil != long.MinValue;

        public bool IsAt(int attempt) => Volatile.Read(ref _attempt) == attempt;

        /// <summary>False when the call was answered, or asked for again, meanwhile.</summary>
        public bool TryGoOn(int attempt) => TryLeave(attempt, attempt + 1);

        public void Doubt(long until) => UndecidedUntil = Math.Max(UndecidedUntil, until);

        public void TellSold(in DecidedCall decided)
        {
            Volatile.Write(ref _attempt, Told);
            TrySetResult(decided);
        }

        public void TellRefused(in DecidedCall decided, int attempt)
        {
            if (TryLeave(attempt, Told)) TrySetResult(decided);
        }

        public void Fail(Exception failure, int attempt = 1)
        {
            if (!TryLeave(attempt, Told)) return;
            TrySetException(IsInDoubt && Repeats.IsNothingDone(failure)
                ? new OutcomeUnknownException($"An earlier attempt may have been carried out. {failure.Message}")
                : failure);
        }

        private bool TryLeave(int from, int to) => Interlocked.CompareExchange(ref _attempt, to, from) == from;
    }
}
