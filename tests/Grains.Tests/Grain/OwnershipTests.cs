using System.Diagnostics.Metrics;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>Two owners of one event, which a cluster cannot rule out.</summary>
public sealed class OwnershipTests
{
    private static readonly BoxOfficeOptions LooksAlways = new() { HeadTrustedFor = TimeSpan.FromMilliseconds(1) };
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
        shared.Hold(); // what the earlier owner decides from here on is under way for long
        var cancel = earlier.Event.Cancel("ann", ann.Sequence);
        await UntilAsync(() => shared.BatchSizes.Count == 3);

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

    [Theory, InlineData("numbers"), InlineData("reservation"), InlineData("reservations"), InlineData("export"), InlineData("sold out")]
    public async Task A_new_owner_answers_nothing_before_an_entry_of_its_own_is_durable(string read)
    {
        var shared = new FaultyJournal();
        await using var earlier = await Cluster.StartAsync(shared);
        await earlier.Event.Open(new("Gala", Capacity: 1), "operator");
        await earlier.ReserveAsync("ann");
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared));
        owner.Journal.HoldReplies(); // a primary that waits for its standby: what is shown is not durable yet

        var told = ReadAsync(owner.Event, read);
        await UntilAsync(() => shared.Entries(Cluster.EventId).Count == 3);
        var cameEarly = await Task.WhenAny(told, Task.Delay(200)) == told;
        owner.Journal.Reply();
        await told;
        await ReadAsync(owner.Event, read);

        Assert.False(cameEarly);
        Assert.Equal(
            [EntryKind.Opened, EntryKind.Reserved, EntryKind.TakenOver],
            shared.Entries(Cluster.EventId).Select(entry => entry.Kind));
    }

    [Theory, InlineData("confirm"), InlineData("cancel"), InlineData("find"), InlineData("reservations")]
    public async Task A_replaced_owner_notices_before_it_answers_that_there_is_no_such_reservation(string question)
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksNever);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksNever);
        await replaced.Event.Open(new("Gala", Capacity: 3, HoldSeconds: 600), "operator");
        await replaced.ReserveAsync("ann");
        var bob = (await owner.ReserveAsync("bob")).Reservation!.Value;

        await Assert.ThrowsAsync<NotAppliedException>(() => AskAsync(replaced.Event, question, "bob", bob.Sequence));
        var found = await AskAsync(replaced.Event, question, "bob", bob.Sequence);

        Assert.Equal(bob.Sequence, found?.Sequence);
    }

    [Theory, InlineData("confirm", "cancel"), InlineData("cancel", "confirm")]
    public async Task A_replaced_owner_notices_before_it_repeats_an_answer_that_another_has_overtaken(
        string first, string overtaking)
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksNever);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksNever);
        await replaced.Event.Open(new("Gala", Capacity: 3, HoldSeconds: 600), "operator");
        var ann = (await replaced.ReserveAsync("ann")).Reservation!.Value;
        if (first == "confirm") await replaced.Event.Confirm("ann", ann.Sequence);
        await AskAsync(owner.Event, overtaking, "ann", ann.Sequence);

        await Assert.ThrowsAsync<NotAppliedException>(
            () => AskAsync(replaced.Event, first == "confirm" ? "confirm" : "find", "ann", ann.Sequence));
    }

    [Fact]
    public void Every_method_that_changes_something_or_gives_a_final_answer_takes_a_deadline()
    {
        // Numbers of a moment; and the end of a rehearsal's copy, which may come twice and at any time.
        string[] without = [nameof(ITicketEventGrain.Status), nameof(ITicketEventGrain.SoldOut), nameof(ITicketEventGrain.Export), nameof(ITicketEventGrain.Discard)];

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

        foreach (var method in typeof(ITicketEventGrain).GetMethods().Where(method => method.GetParameters() is [.., { Name: "validUntil" }]))
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
    public async Task An_owner_that_was_replaced_notices_before_it_refuses()
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksAlways);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksAlways);
        await replaced.Event.Open(new("Gala", Capacity: 1), "operator");
        var ann = (await replaced.ReserveAsync("ann")).Reservation!.Value;
        await owner.Event.Cancel("ann", ann.Sequence);
        await Task.Delay(LooksAlways.HeadTrustedFor * 2);

        // sold out, as far as it knew
        await Assert.ThrowsAsync<NotAppliedException>(() => replaced.ReserveAsync("bob"));

        Assert.Equal(ReserveStatus.Reserved, (await replaced.ReserveAsync("bob")).Status);
    }

    [Fact]
    public async Task A_repetition_is_not_refused_by_an_owner_that_does_not_know_the_first_call()
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksNever);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksNever);
        await replaced.Event.Open(new("Gala", Capacity: 1), "operator");
        var ann = (await replaced.ReserveAsync("ann")).Reservation!.Value;
        await owner.Event.Cancel("ann", ann.Sequence);
        var first = await owner.ReserveAsync("bob", "key");

        // sold out, as far as it knew
        await Assert.ThrowsAsync<NotAppliedException>(() => replaced.ReserveAsync("bob", "key"));
        var repeat = await replaced.ReserveAsync("bob", "key");

        Assert.Equal((ReserveStatus.Reserved, ReserveStatus.Replayed), (first.Status, repeat.Status));
        Assert.Equal(first.Reservation?.Sequence, repeat.Reservation?.Sequence);
    }

    [Fact]
    public async Task A_repetition_does_not_depend_on_a_head_that_was_read_before_it_came()
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksNever);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksNever);
        await replaced.Event.Open(new("Gala", Capacity: 1), "operator");
        var ann = (await replaced.ReserveAsync("ann")).Reservation!.Value;
        var headIsRead = shared.HoldHeadsAsync();
        var refused = replaced.ReserveAsync("cid");
        await headIsRead;
        await owner.Event.Cancel("ann", ann.Sequence);
        await owner.ReserveAsync("bob", "key");

        var repeat = replaced.ReserveAsync("bob", "key");
        await Task.WhenAny(repeat, Task.Delay(200)); // time for it to reach the event
        shared.TellHeads();

        Assert.Equal(ReserveStatus.SoldOut, (await refused).Status); // true when it came
        await Assert.ThrowsAsync<NotAppliedException>(() => repeat);
    }

    [Fact]
    public async Task An_owner_that_was_replaced_notices_before_it_answers_with_numbers()
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksAlways);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksAlways);
        await replaced.Event.Open(new("Gala", Capacity: 3), "operator");
        await owner.ReserveAsync("ann");
        await Task.Delay(LooksAlways.HeadTrustedFor * 2);

        await Assert.ThrowsAsync<NotAppliedException>(replaced.Event.Status);

        Assert.Equal(2, (await replaced.Event.Status())!.Available);
    }

    [Fact]
    public async Task An_owner_that_cannot_read_the_head_gives_no_final_refusal_and_continues_when_it_can()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1, options: LooksAlways);
        await cluster.ReserveAsync("ann");
        await Task.Delay(LooksAlways.HeadTrustedFor * 2);

        cluster.Journal.CanRead = false;
        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("bob"));
        cluster.Journal.CanRead = true;

        Assert.Equal(ReserveStatus.SoldOut, (await cluster.ReserveAsync("bob")).Status);
        Assert.Equal(2, cluster.Journal.Entries(Cluster.EventId).Count); // the same owner all the time
    }

    [Fact]
    public async Task An_owner_whose_journal_went_back_ends_instead_of_continuing_from_memory()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1, options: LooksAlways);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2); // a restore to an earlier time
        await Task.Delay(LooksAlways.HeadTrustedFor * 2);

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("bob"));

        Assert.Equal(1, (await cluster.Event.Status())!.Available);
    }

    [Fact]
    public async Task An_owner_that_knows_more_than_the_journal_sells_nothing_after_the_gap()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 3, options: LooksNever);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2); // a failover to a standby that did not have it

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("bob"));
        var bob = await cluster.ReserveAsync("bob");

        Assert.Equal(2, bob.Reservation?.Sequence);
        Assert.Equal(["operator", "bob"], cluster.Journal.Entries(Cluster.EventId).Select(entry => entry.Actor));
        Assert.Contains(
            "The journal of event gala went back: entry 2", Assert.Single(cluster.CriticalLog),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_whose_last_entry_was_replaced_by_another_sells_nothing_after_it()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 3, options: LooksNever);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2);
        var opened = JournalHead.Of(cluster.Journal.Entries(Cluster.EventId)[0]);
        // by another owner, after a failover
        await cluster.Journal.AppendAsync(Cluster.EventId, opened, [Reserved(2, "eve")]);

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("bob"));
        await cluster.ReserveAsync("bob");

        Assert.Equal(["operator", "eve", "bob"], cluster.Journal.Entries(Cluster.EventId).Select(entry => entry.Actor));

        static JournalEntry Reserved(long sequence, string memberId) =>
            new(
                sequence, EntryKind.Reserved, DateTimeOffset.UtcNow, memberId, Quantity: 1,
                ReservationSequence: sequence);
    }

    [Fact]
    public async Task A_batch_that_becomes_durable_while_the_head_is_read_is_no_sign_that_the_journal_went_back()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 2, options: LooksNever);
        await cluster.ReserveAsync("ann");
        var headIsRead = cluster.Journal.HoldHeadsAsync();

        var refused = cluster.ReserveAsync("ann"); // who has as many as she may
        await headIsRead;
        var bob = await cluster.ReserveAsync("bob");
        cluster.Journal.TellHeads();

        Assert.Equal((ReserveStatus.LimitExceeded, ReserveStatus.Reserved), ((await refused).Status, bob.Status));
    }

    [Fact]
    public async Task When_the_journal_went_back_a_batch_in_flight_is_unknown()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 2, options: LooksNever);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2);
        var headIsRead = cluster.Journal.HoldHeadsAsync();

        var refused = cluster.ReserveAsync("ann");
        await headIsRead;
        cluster.Journal.Hold();
        var bob = cluster.ReserveAsync("bob");
        await UntilAsync(() => cluster.Journal.BatchSizes.Count == 3); // the opening, ann, and bob on his way
        cluster.Journal.TellHeads();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => bob);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => refused); // it may have been a repeat
    }

    [Fact]
    public async Task An_entry_stored_before_another_owner_came_is_answered_as_sold_though_the_head_is_read_first()
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksNever);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksNever);
        await replaced.Event.Open(new("Gala", Capacity: 9), "operator");
        await replaced.ReserveAsync("ann");
        var headIsAsked = shared.HoldLooksAsync();
        var refused = replaced.ReserveAsync("ann"); // who has as many as she may
        await headIsAsked;
        shared.HoldReplies();
        var bob = replaced.ReserveAsync("bob");
        await UntilAsync(() => shared.Entries(Cluster.EventId).Count == 3); // the opening, ann and bob
        await owner.ReserveAsync("cid");

        shared.Look();
        await Task.WhenAny(bob, refused, Task.Delay(200)); // time to end too early
        // its ledger is as long as the other's now
        Task<ReserveResult>[] others = [replaced.ReserveAsync("dan"), replaced.ReserveAsync("eve")];
        await Task.WhenAny([.. others, Task.Delay(200)]); // time for them to reach the event
        shared.Reply();

        Assert.Equal(ReserveStatus.Reserved, (await bob).Status);
        await Assert.ThrowsAsync<NotAppliedException>(() => refused);
        foreach (var other in others) await Assert.ThrowsAsync<NotAppliedException>(() => other);
    }

    [Fact]
    public async Task A_refusal_that_reads_the_head_after_its_owner_ended_is_not_left_waiting()
    {
        var shared = new FaultyJournal();
        await using var replaced = await Cluster.StartAsync(shared, LooksNever);
        await using var owner = await Cluster.StartAsync(new FaultyJournal(shared), LooksNever);
        await replaced.Event.Open(new("Gala", Capacity: 3), "operator");
        await replaced.ReserveAsync("ann");
        var headIsAsked = shared.HoldLooksAsync();
        var refused = replaced.ReserveAsync("ann"); // who has as many as she may
        await headIsAsked;
        await owner.ReserveAsync("cid");
        await Assert.ThrowsAsync<NotAppliedException>(() => replaced.ReserveAsync("bob"));

        shared.Look();

        await Assert.ThrowsAsync<NotAppliedException>(() => refused.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_refusal_waits_for_the_batch_in_flight_and_not_for_later_ones()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 3, options: LooksNever);
        await cluster.ReserveAsync("ann");
        var headIsAsked = cluster.Journal.HoldLooksAsync();
        var refused = cluster.ReserveAsync("ann"); // who has as many as she may
        await headIsAsked;
        cluster.Journal.HoldReplies();
        var bob = cluster.ReserveAsync("bob");
        await UntilAsync(() => cluster.Journal.Entries(Cluster.EventId).Count == 3); // the opening, ann and bob
        cluster.Journal.Look();
        await Task.WhenAny(refused, Task.Delay(1_000)); // time for the head to be told, with bob in it
        var cid = cluster.ReserveAsync("cid");
        await Task.WhenAny(cid, Task.Delay(200)); // time for it to reach the event
        cluster.Journal.Hold();
        cluster.Journal.Reply();

        Assert.Equal(ReserveStatus.LimitExceeded, (await refused.WaitAsync(TimeSpan.FromSeconds(10))).Status);
        Assert.Equal(ReserveStatus.Reserved, (await bob).Status);
        Assert.False(cid.IsCompleted);
        cluster.Journal.Release();
        await cid;
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

    private static Task ReadAsync(ITicketEventGrain one, string read) => read switch
    {
        "numbers" => one.Status(),
        "reservation" => one.Find("ann", 2),
        "reservations" => one.ReservationsOf("ann", 10),
        "export" => one.Export(0, 10),
        _ => one.SoldOut(),
    };

    private static async Task<Reservation?> AskAsync(
        ITicketEventGrain one, string question, string memberId, long sequence) => question switch
    {
        "confirm" => (await one.Confirm(memberId, sequence)).Reservation,
        "cancel" => (await one.Cancel(memberId, sequence)).Reservation,
        "find" => (await one.Find(memberId, sequence)).Reservation,
        _ => (await one.ReservationsOf(memberId, 10)) is [var first, ..] ? first : null,
    };

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isTrue()) await Task.Delay(10, limit.Token);
    }
}
