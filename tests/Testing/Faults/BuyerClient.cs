using System.Collections.Concurrent;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// A client of the crowd. It makes one call after the other for its own members. Its choices come from its own random
/// source, so that they do not depend on the speed of other clients.
/// </summary>
internal sealed class BuyerClient(
    int number, WorkloadShape shape, IReadOnlyList<Buyer> buyers, RecordingClient recorder, FrontEndChoice frontEnds,
    ConcurrentQueue<(string EventId, long Sequence)> known)
{
    private const int RepeatPauseMaxMs = 250;

    private readonly Random _random = new(HashCode(shape.Seed, number));
    private readonly List<(Buyer Buyer, Call Call)> _open = []; // accepted, not yet confirmed or cancelled
    private readonly List<(Buyer Buyer, Call Call)> _accepted = []; // all accepted reservations
    private readonly List<(Buyer Buyer, Call Call)> _oldKeys = [];
    private int _keys;

    /// <summary>Calls without a definite answer, although they were repeated.</summary>
    public List<(Buyer Buyer, Call Call)> Unanswered { get; } = [];

    /// <summary>Calls until stopped. The last call is completed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await CallOnceAsync(Phase.Sale);
            await Task.Delay(_random.Next((int)shape.RestMax.TotalMilliseconds + 1), CancellationToken.None);
        }
    }

    /// <summary>
    /// Retries calls without an answer until they have one, or patience ends. Then it reserves and reads numbers once
    /// more.
    /// </summary>
    public async Task EndAsync(CancellationToken patience)
    {
        foreach (var (buyer, call) in Unanswered)
        {
            while (!patience.IsCancellationRequested
                && !(await SendAsync(buyer, call with { Phase = Phase.Healed })).IsDecided())
                await PauseAsync();
        }
        await RepeatUntilDecidedAsync(AnyBuyer(), AnyReserve(NewKey(), Phase.Healed));
        await SendAsync(AnyBuyer(), new(Verb.Status, AnyEvent(), Phase: Phase.Healed));
    }

    private async Task CallOnceAsync(Phase phase)
    {
        var dice = _random.NextDouble();
        if ((dice -= shape.StatusShare) < 0) await SendAsync(AnyBuyer(), new(Verb.Status, AnyEvent(), Phase: phase));
        else if ((dice -= shape.MineShare) < 0) await SendAsync(AnyBuyer(), new(Verb.Mine, AnyEvent(), Phase: phase));
        else if ((dice -= shape.FindShare) < 0) await FindAsync();
        else if ((dice -= shape.ConfirmShare) < 0) await TransitionAsync(Verb.Confirm);
        else if ((dice -= shape.CancelShare) < 0) await TransitionAsync(Verb.Cancel);
        else if ((dice -= shape.ForeignShare) < 0) await TryForeignAsync();
        else if ((dice -= shape.KeylessShare) < 0) Remember(await SendAsync(AnyBuyer(), AnyReserve(null, phase)));
        else if ((dice -= shape.TwiceAtOnceShare) < 0) await ReserveTwiceAtOnceAsync();
        else if (dice - shape.OldKeyShare < 0) await OldKeyAsync();
        else await ReserveAsync();
    }

    private async Task ReserveAsync()
    {
        var (buyer, call) = (AnyBuyer(), AnyReserve(NewKey(), Phase.Sale));
        Remember(await RepeatUntilDecidedAsync(buyer, call));
        _oldKeys.Add((buyer, call));
    }

    private async Task ReserveTwiceAtOnceAsync()
    {
        var (buyer, call) = (AnyBuyer(), AnyReserve(NewKey(), Phase.Sale));
        var first = frontEnds.Next(_random);
        var both = await Task.WhenAll(
            SendAsync(buyer, call, first), SendAsync(buyer, call, frontEnds.Next(_random, first)));
        Remember(both.FirstOrDefault(operation => operation.IsOk) ?? await RepeatUntilDecidedAsync(buyer, call));
        _oldKeys.Add((buyer, call));
    }

    private async Task OldKeyAsync()
    {
        if (_oldKeys.Count == 0) return;
        var (buyer, call) = _oldKeys[_random.Next(_oldKeys.Count)];
        if (_random.Next(2) == 0) call = call with { Quantity = call.Quantity + 1 };
        await RepeatUntilDecidedAsync(buyer, call);
    }

    private async Task TransitionAsync(Verb verb)
    {
        if (_open.Count == 0) return;
        var index = _random.Next(_open.Count);
        var (buyer, reserve) = _open[index];
        // some stay open after their confirmation, to be cancelled later
        if (verb == Verb.Cancel || _random.Next(2) == 0) _open.RemoveAt(index);
        await RepeatUntilDecidedAsync(buyer, reserve with { Verb = verb, Key = null, Quantity = 0 });
    }

    private async Task FindAsync()
    {
        if (_random.Next(8) == 0 && known.TryPeek(out var other))
            await SendAsync(AnyBuyer(), new(Verb.Find, other.EventId, Sequence: other.Sequence));
        if (_accepted.Count == 0) return;
        var (buyer, reserve) = _accepted[_random.Next(_accepted.Count)];
        await SendAsync(buyer, reserve with { Verb = Verb.Find, Key = null, Quantity = 0, Phase = Phase.Sale });
    }

    private async Task TryForeignAsync()
    {
        if (!known.TryDequeue(out var foreign)) return;
        var verb = _random.Next(2) == 0 ? Verb.Confirm : Verb.Cancel;
        await RepeatUntilDecidedAsync(AnyBuyer(), new(verb, foreign.EventId, Sequence: foreign.Sequence));
    }

    private async Task<Operation> RepeatUntilDecidedAsync(Buyer buyer, Call call)
    {
        var operation = await SendAsync(buyer, call);
        for (var retries = 0; retries < shape.RepeatsMax && !operation.IsDecided(); retries++)
        {
            await PauseAsync();
            operation = await SendAsync(buyer, call);
        }
        if (!operation.IsDecided()) Unanswered.Add((buyer, call));
        return operation;
    }

    private async Task<Operation> SendAsync(Buyer buyer, Call call, Uri? frontEnd = null)
    {
        frontEnd ??= frontEnds.Next(_random);
        var operation = await recorder.RepeatAsync(frontEnd, buyer, call, call.Phase);
        frontEnds.Record(frontEnd, operation);
        // keeps failed connections from filling the history
        if (operation.Answer?.Code == RefusalCodes.NotConnected) await PauseAsync();
        return operation;
    }

    private void Remember(Operation operation)
    {
        if (!operation.IsOk) return;
        var buyer = buyers.First(candidate => candidate.MemberId == operation.Call.MemberId);
        var call = operation.Call with { Sequence = operation.ReservationSequence, FrontEnd = null };
        _open.Add((buyer, call));
        _accepted.Add((buyer, call));
        if (_random.Next(4) == 0) known.Enqueue((operation.Call.EventId, operation.ReservationSequence));
    }

    private Task PauseAsync() => Task.Delay(_random.Next(RepeatPauseMaxMs));

    private Buyer AnyBuyer() => buyers[_random.Next(buyers.Count)];

    private string AnyEvent() => shape.EventIds[_random.Next(shape.EventIds.Count)];

    private string NewKey() => $"v{number}-{++_keys}";

    private Call AnyReserve(string? key, Phase phase) =>
        new(Verb.Reserve, AnyEvent(), Key: key, Quantity: _random.Next(1, shape.QuantityMax + 1), Phase: phase);

    /// <summary>Unlike System.HashCode, the same on every run.</summary>
    private static int HashCode(int seed, int number) => unchecked((seed * 7_919) + number);
}
