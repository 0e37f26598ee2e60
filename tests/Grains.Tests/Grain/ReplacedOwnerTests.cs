namespace BoxOffice.Grains.Tests.Grain;

/// <summary>An owner that was replaced notices it before it gives a final answer.</summary>
public sealed class ReplacedOwnerTests
{
    private static readonly BoxOfficeOptions LooksAlways = new() { HeadTrustedFor = TimeSpan.FromMilliseconds(1) };
    private static readonly BoxOfficeOptions LooksNever = new() { HeadTrustedFor = TimeSpan.FromMinutes(1) };

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
        Assert.Equal(2, cluster.Journal.Entries(Cluster.EventId).Count); // still the same owner
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
        var refused = replaced.ReserveAsync("ann"); // she has as many as she may
        await headIsAsked;
        shared.HoldReplies();
        var bob = replaced.ReserveAsync("bob");
        await Poll.UntilAsync(() => shared.Entries(Cluster.EventId).Count == 3); // the opening, ann and bob
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
        var refused = replaced.ReserveAsync("ann"); // she has as many as she may
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
        var refused = cluster.ReserveAsync("ann"); // she has as many as she may
        await headIsAsked;
        cluster.Journal.HoldReplies();
        var bob = cluster.ReserveAsync("bob");
        await Poll.UntilAsync(() => cluster.Journal.Entries(Cluster.EventId).Count == 3); // the opening, ann and bob
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

    private static async Task<Reservation?> AskAsync(
        ITicketEventGrain grain, string question, string memberId, long sequence) => question switch
        {
            "confirm" => (await grain.Confirm(memberId, sequence)).Reservation,
            "cancel" => (await grain.Cancel(memberId, sequence)).Reservation,
            "find" => (await grain.Find(memberId, sequence)).Reservation,
            _ => (await grain.ReservationsOf(memberId, 10)) is [var first, ..] ? first : null,
        };
}
