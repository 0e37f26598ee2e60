using System.Collections.Concurrent;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// One of the crowd: visits again and again, in the name of members of its own, and never two visits at once. Its choices
/// come from a random source of its own, so that they do not depend on how fast the others are.
/// </summary>
internal sealed class Visitor(
    int number, WorkloadShape shape, IReadOnlyList<Buyer> buyers, RecordingClient client, FrontEndChoice frontEnds,
    ConcurrentQueue<(string EventId, long Sequence)> known)
{
    private const int RepeatPauseMaxMs = 250;

    private readonly Random _random = new(HashCode(shape.Seed, number));
    private readonly List<(Buyer Buyer, Call Call)> _mine = []; // accepted, neither confirmed nor cancelled yet
    private readonly List<(Buyer Buyer, Call Call)> _told = []; // all that was accepted, whatever became of it
    private readonly List<(Buyer Buyer, Call Call)> _oldKeys = [];
    private int _keys;

    /// <summary>Calls that have no definite answer yet, although they were repeated.</summary>
    public List<(Buyer Buyer, Call Call)> Open { get; } = [];

    /// <summary>Visits until told to stop; the last visit comes to its end.</summary>
    public async Task VisitAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await VisitOnceAsync(Phase.Sale);
            await Task.Delay(_random.Next((int)shape.RestMax.TotalMilliseconds + 1), CancellationToken.None);
        }
    }

    /// <summary>Repeats what has no answer until it has one, or patience ends; then buys and looks once more.</summary>
    public async Task EndAsync(CancellationToken patience)
    {
        foreach (var (buyer, call) in Open)
        {
            while (!patience.IsCancellationRequested && !(await SendAsync(buyer, call with { Phase = Phase.Healed })).IsDecided())
                await PauseAsync();
        }
        await RepeatUntilDecidedAsync(AnyBuyer(), AnyReserve(NewKey(), Phase.Healed));
        await SendAsync(AnyBuyer(), new(Verb.Status, AnyEvent(), Phase: Phase.Healed));
    }

    private async Task VisitOnceAsync(Phase phase)
    {
        var dice = _random.NextDouble();
        if ((dice -= shape.StatusShare) < 0) await SendAsync(AnyBuyer(), new(Verb.Status, AnyEvent(), Phase: phase));
        else if ((dice -= shape.MineShare) < 0) await SendAsync(AnyBuyer(), new(Verb.Mine, AnyEvent(), Phase: phase));
        else if ((dice -= shape.FindShare) < 0) await FindAsync();
        else if ((dice -= shape.ConfirmShare) < 0) await AboutMineAsync(Verb.Confirm);
        else if ((dice -= shape.CancelShare) < 0) await AboutMineAsync(Verb.Cancel);
        else if ((dice -= shape.TheftShare) < 0) await StealAsync();
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
        var both = await Task.WhenAll(SendAsync(buyer, call, first), SendAsync(buyer, call, frontEnds.Next(_random, first)));
        var told = both.FirstOrDefault(one => one.IsOk) ?? await RepeatUntilDecidedAsync(buyer, call);
        Remember(told);
        _oldKeys.Add((buyer, call));
    }

    private async Task OldKeyAsync()
    {
        if (_oldKeys.Count == 0) return;
        var (buyer, call) = _oldKeys[_random.Next(_oldKeys.Count)];
        if (_random.Next(2) == 0) call = call with { Quantity = call.Quantity + 1 };
        await RepeatUntilDecidedAsync(buyer, call);
    }

    private async Task AboutMineAsync(Verb verb)
    {
        if (_mine.Count == 0) return;
        var index = _random.Next(_mine.Count);
        var (buyer, reserve) = _mine[index];
        if (verb == Verb.Cancel || _random.Next(2) == 0) _mine.RemoveAt(index); // some are confirmed, and cancelled later
        await RepeatUntilDecidedAsync(buyer, reserve with { Verb = verb, Key = null, Quantity = 0 });
    }

    private async Task FindAsync()
    {
        if (_random.Next(8) == 0 && known.TryPeek(out var other)) await SendAsync(AnyBuyer(), new(Verb.Find, other.EventId, Sequence: other.Sequence));
        if (_told.Count == 0) return;
        var (buyer, reserve) = _told[_random.Next(_told.Count)];
        await SendAsync(buyer, reserve with { Verb = Verb.Find, Key = null, Quantity = 0, Phase = Phase.Sale });
    }

    private async Task StealAsync()
    {
        if (!known.TryDequeue(out var loot)) return;
        var verb = _random.Next(2) == 0 ? Verb.Confirm : Verb.Cancel;
        await RepeatUntilDecidedAsync(AnyBuyer(), new(verb, loot.EventId, Sequence: loot.Sequence));
    }

    private async Task<Operation> RepeatUntilDecidedAsync(Buyer buyer, Call call)
    {
        var operation = await SendAsync(buyer, call);
        for (var repeats = 0; repeats < shape.RepeatsMax && !operation.IsDecided(); repeats++)
        {
            await PauseAsync();
            operation = await SendAsync(buyer, call);
        }
        if (!operation.IsDecided()) Open.Add((buyer, call));
        return operation;
    }

    private async Task<Operation> SendAsync(Buyer buyer, Call call, Uri? frontEnd = null)
    {
        frontEnd ??= frontEnds.Next(_random);
        var operation = await client.RepeatAsync(frontEnd, buyer, call, call.Phase);
        frontEnds.Heed(frontEnd, operation);
        if (operation.Answer?.Code == RefusalCodes.NotConnected) await PauseAsync(); // or the history is full of knocking
        return operation;
    }

    private void Remember(Operation operation)
    {
        if (!operation.IsOk) return;
        var buyer = buyers.First(one => one.MemberId == operation.Call.MemberId);
        var call = operation.Call with { Sequence = operation.ReservationSequence, FrontEnd = null };
        _mine.Add((buyer, call));
        _told.Add((buyer, call));
        if (_random.Next(4) == 0) known.Enqueue((operation.Call.EventId, operation.ReservationSequence));
    }

    private Task PauseAsync() => Task.Delay(_random.Next(RepeatPauseMaxMs));

    private Buyer AnyBuyer() => buyers[_random.Next(buyers.Count)];

    private string AnyEvent() => shape.EventIds[_random.Next(shape.EventIds.Count)];

    private string NewKey() => $"v{number}-{++_keys}";

    private Call AnyReserve(string? key, Phase phase) =>
        new(Verb.Reserve, AnyEvent(), Key: key, Quantity: _random.Next(1, shape.QuantityMax + 1), Phase: phase);

    /// <summary>The same on every run, unlike System.HashCode.</summary>
    private static int HashCode(int seed, int number) => unchecked((seed * 7_919) + number);
}
