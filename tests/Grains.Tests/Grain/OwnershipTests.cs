using System.Diagnostics.Metrics;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>Two owners of one event, which a cluster cannot rule out.</summary>
public sealed class OwnershipTests
{
    private static readonly BoxOfficeOptions LooksNever = new() { HeadTrustedFor = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task A_second_owner_is_fenced_and_then_sees_what_the_first_sold()
    {
        var shared = new FaultyJournal();
        await using var first = await Cluster.StartAsync(shared);
        await using var second = await Cluster.StartAsync(new FaultyJournal(shared));
        await first.Event.Open(new("Gala", Capacity: 2), "operator");
        await second.Event.Status(); // it has replayed and taken over

        await Assert.ThrowsAsync<NotAppliedException>(() => first.ReserveAsync("ann"));
        await first.ReserveAsync("ann");
        await Assert.ThrowsAsync<NotAppliedException>(() => second.ReserveAsync("bob"));
        var bob = await second.ReserveAsync("bob");
        await Assert.ThrowsAsync<NotAppliedException>(() => first.ReserveAsync("cid"));
        var cid = await first.ReserveAsync("cid");

        Assert.Equal((ReserveStatus.Reserved, 4), (bob.Status, bob.Reservation?.Sequence));
        Assert.Equal(ReserveStatus.SoldOut, cid.Status);
        Assert.Equal(
            [EntryKind.Opened, EntryKind.TakenOver, EntryKind.Reserved, EntryKind.Reserved, EntryKind.TakenOver],
            shared.Entries(Cluster.EventId).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Two_owners_under_attack_sell_each_ticket_once()
    {
        var shared = new FaultyJournal();
        await using var first = await Cluster.StartAsync(shared);
        await using var second = await Cluster.StartAsync(new FaultyJournal(shared));
        await first.Event.Open(new("Gala", Capacity: 50), "operator");

        var sold = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => BuyAsync(i % 2 == 0 ? first : second, $"member{i}")));

        var reserved = shared.Entries(Cluster.EventId).Where(entry => entry.Kind == EntryKind.Reserved).ToList();
        Assert.Equal(50, reserved.Count);
        var sequences = shared.Entries(Cluster.EventId).Select(entry => entry.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(i => (long)i), sequences);
        Assert.Equal(reserved.Select(entry => entry.Actor).Order(), sold.OfType<string>().Order());

        static async Task<string?> BuyAsync(Cluster owner, string memberId)
        {
            while (true)
            {
                try
                {
                    var result = await owner.ReserveAsync(memberId, "key");
                    return result.Reservation is null ? null : memberId;
                }
                catch (NotAppliedException)
                {
                    await Task.Yield();
                }
            }
        }
    }

    [Fact]
    public async Task After_a_refusal_no_sale_of_an_earlier_owner_can_succeed_any_more()
    {
        var shared = new FaultyJournal();
        await using var earlier = await Cluster.StartAsync(shared, LooksNever);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksNever);
        await earlier.Event.Open(new("Gala", Capacity: 1), "operator");
        var ann = (await earlier.ReserveAsync("ann")).Reservation!.Value;
        shared.Hold(); // the earlier owner's decisions from here on stay in flight
        var cancel = earlier.Event.Cancel("ann", ann.Sequence);
        await Poll.UntilAsync(() => shared.BatchSizes.Count == 3);

        var refused = await owner.ReserveAsync("bob");
        shared.Release();

        Assert.Equal(ReserveStatus.SoldOut, refused.Status);
        await Assert.ThrowsAsync<NotAppliedException>(() => cancel);
        Assert.Equal(
            [EntryKind.Opened, EntryKind.Reserved, EntryKind.TakenOver],
            shared.Entries(Cluster.EventId).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task An_owner_takes_an_event_over_once_and_not_at_all_when_it_sells_first()
    {
        var shared = new FaultyJournal();
        await using var earlier = await Cluster.StartAsync(shared);
        await earlier.Event.Open(new("Gala", Capacity: 1), "operator");
        await using var seller = await Cluster.StartAsync(new FaultyJournal(shared));
        await using var refuser = await Cluster.StartAsync(new FaultyJournal(shared));

        await seller.ReserveAsync("ann");
        await seller.ReserveAsync("bob");
        await refuser.ReserveAsync("cid");
        await refuser.ReserveAsync("dan");

        Assert.Equal(
            [EntryKind.Opened, EntryKind.Reserved, EntryKind.TakenOver],
            shared.Entries(Cluster.EventId).Select(entry => entry.Kind));
    }

    [Theory]
    [InlineData("numbers")]
    [InlineData("reservation")]
    [InlineData("reservations")]
    [InlineData("export")]
    [InlineData("sold out")]
    public async Task A_new_owner_answers_nothing_before_an_entry_of_its_own_is_durable(string read)
    {
        var shared = new FaultyJournal();
        await using var earlier = await Cluster.StartAsync(shared);
        await earlier.Event.Open(new("Gala", Capacity: 1), "operator");
        await earlier.ReserveAsync("ann");
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared));
        owner.Journal.HoldReplies(); // a primary that waits for its standby: what is shown is not durable yet

        var told = ReadAsync(owner.Event, read);
        await Poll.UntilAsync(() => shared.Entries(Cluster.EventId).Count == 3);
        var cameEarly = await Task.WhenAny(told, Task.Delay(200)) == told;
        owner.Journal.Reply();
        await told;
        await ReadAsync(owner.Event, read);

        Assert.False(cameEarly);
        Assert.Equal(
            [EntryKind.Opened, EntryKind.Reserved, EntryKind.TakenOver],
            shared.Entries(Cluster.EventId).Select(entry => entry.Kind));
    }

    [Fact]
    public void Every_method_that_changes_something_or_gives_a_final_answer_takes_a_deadline()
    {
        // Reads of numbers; and the deletion of a rehearsal copy, which may come twice and at any time.
        string[] without =
        [
            nameof(ITicketEventGrain.Status), nameof(ITicketEventGrain.SoldOut),
            nameof(ITicketEventGrain.Export), nameof(ITicketEventGrain.Discard),
        ];

        var methods = typeof(ITicketEventGrain).GetMethods().Concat(typeof(IBatchedEventGrain).GetMethods()).ToList();

        Assert.Equal(
            without.Order(),
            methods.Where(method => method.GetParameters() is not [.., { Name: "validUntil" }])
                .Select(method => method.Name).Order());
    }

    [Fact]
    public async Task Nothing_is_decided_after_the_deadline()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 3, holdSeconds: 600);
        var ann = (await cluster.ReserveAsync("ann")).Reservation!.Value;
        var past = DateTimeOffset.UnixEpoch;

        var methods = typeof(ITicketEventGrain).GetMethods()
            .Where(method => method.GetParameters() is [.., { Name: "validUntil" }]);
        foreach (var method in methods)
        {
            var arguments = method.GetParameters().Select(parameter => Late(parameter.Name!)).ToArray();
            await Assert.ThrowsAsync<NotAppliedException>(() => (Task)method.Invoke(cluster.Event, arguments)!);
        }

        Assert.Equal(2, cluster.Journal.Entries(Cluster.EventId).Count);

        object Late(string parameter) => parameter switch
        {
            "terms" => new EventTerms("Late", 1),
            "change" => new TermsChange(Capacity: 9),
            "requests" => new[] { new ReserveRequest("bob", null, 1) },
            "memberId" => "ann",
            "sequence" => ann.Sequence,
            "countMax" => 10,
            "upTo" => 2L,
            "actor" => "operator",
            "validUntil" => past,
            _ => throw new InvalidOperationException($"What is {parameter}?"),
        };
    }

    [Fact]
    public async Task A_fenced_append_is_counted()
    {
        long fenced = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == SaleMetrics.AppendsName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags.Contains(new(SaleMetrics.StatusTag, "FENCED"))) Interlocked.Add(ref fenced, count);
        });
        listener.Start();
        var shared = new FaultyJournal();
        await using var first = await Cluster.StartAsync(shared);
        await using var second = await Cluster.StartAsync(new FaultyJournal(shared));
        await first.Event.Open(new("Gala", Capacity: 2), "operator");
        await second.Event.Status();
        var before = Interlocked.Read(ref fenced);

        await Assert.ThrowsAsync<NotAppliedException>(() => first.ReserveAsync("ann"));

        Assert.True(Interlocked.Read(ref fenced) > before);
    }

    private static Task ReadAsync(ITicketEventGrain grain, string read) => read switch
    {
        "numbers" => grain.Status(),
        "reservation" => grain.Find("ann", 2),
        "reservations" => grain.ReservationsOf("ann", 10),
        "export" => grain.Export(0, 10),
        _ => grain.SoldOut(),
    };
}
