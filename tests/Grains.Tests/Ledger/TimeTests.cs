using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>The ledger's time: never backwards, in UTC, and no finer than the journal can store.</summary>
public sealed class TimeTests
{
    [Fact]
    public void A_clock_that_jumps_back_does_not_take_decisions_back_in_time()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon.AddHours(1));

        var result = ledger.Reserve(Bob, 1, Noon);

        Assert.Equal(Noon.AddHours(1), result.Reservation!.Value.ReservedAt);
        Assert.Equal(Noon.AddHours(1).AddSeconds(60), ledger.Taken()[^1].ExpiresAt);
    }

    [Fact]
    public void Entries_of_a_clock_that_jumps_back_can_be_replayed()
    {
        var ledger = new ReservationLedger();
        ledger.Open(new("Concert", 10, 10, HoldSeconds: 60), Operator, Noon);
        ledger.Reserve(Ann, 1, Noon.AddMinutes(2));
        ledger.Reserve(Bob, 1, Noon.AddMinutes(1));
        ledger.Confirm(Ann, 2, Noon);

        var entries = ledger.Taken();

        Assert.Equal(
            [Noon, Noon.AddMinutes(2), Noon.AddMinutes(2), Noon.AddMinutes(2)],
            entries.Select(entry => entry.DecidedAt));
        Assert.Equal(ledger.Status(Noon), ReplayOf(entries).Status(Noon));
    }

    [Fact]
    public void A_hold_that_expired_does_not_live_again_when_the_clock_jumps_back()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.ExpireDue(Noon.AddSeconds(60));

        Assert.Equal(ReservationStatus.HoldExpired, ledger.Confirm(Ann, 2, Noon).Status);
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void A_sale_that_opened_stays_open_when_the_next_silos_clock_is_two_seconds_behind()
    {
        var ledger = EventWith(new("Concert", 10, 10, OpensAt: Noon.AddHours(1)));
        ledger.Reserve(Ann, 1, Noon.AddHours(1));
        var behind = Noon.AddHours(1) - ReservationLedger.ClockAheadMax;

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 1, behind).Status);
        Assert.Equal(SaleState.Open, ledger.Status(behind).State);
        Assert.Null(ledger.ClockAhead);
    }

    [Fact]
    public void The_time_of_a_refusal_does_not_run_backwards_either()
    {
        var ledger = OnSale(capacity: 1);
        ledger.Change(new(MaxPerMember: 1), Noon.AddHours(1));

        Assert.Equal(Noon.AddHours(1), ledger.Reserve(Ann, 2, Noon).Refusal!.DecidedAt);
    }

    [Fact]
    public void Decisions_are_made_at_whole_microseconds()
    {
        var ledger = OnSale(holdSeconds: 60);

        var reservation = ledger.Reserve(Ann, 1, Noon.AddTicks(19)).Reservation!.Value;

        Assert.Equal(Noon.AddMicroseconds(1), reservation.ReservedAt);
        Assert.Equal(Noon.AddMicroseconds(1).AddSeconds(60), reservation.ExpiresAt);
        Assert.Equal(Noon.AddMicroseconds(1), ledger.Taken()[0].DecidedAt);
        Assert.Equal(Noon.AddMicroseconds(1), ledger.LastDecidedAt);
    }

    [Fact]
    public void A_refusal_is_made_at_a_whole_microsecond()
    {
        var ledger = OnSale(maxPerMember: 1);

        Assert.Equal(Noon.AddMicroseconds(1), ledger.Reserve(Ann, 2, Noon.AddTicks(19)).Refusal!.DecidedAt);
    }

    [Fact]
    public void The_edges_of_the_window_are_whole_microseconds_when_it_is_opened()
    {
        var ledger = new ReservationLedger();

        ledger.Open(new("Concert", 10, OpensAt: Noon.AddTicks(15), ClosesAt: Noon.AddTicks(29)), Operator, Noon);

        Assert.Equal(Noon.AddMicroseconds(1), ledger.Terms!.OpensAt);
        Assert.Equal(Noon.AddMicroseconds(2), ledger.Terms.ClosesAt);
        Assert.Equal(ledger.Terms, ledger.Taken()[0].Terms);
    }

    [Fact]
    public void The_edges_of_the_window_are_whole_microseconds_when_it_is_changed()
    {
        var ledger = OnSale();

        ledger.Change(new(OpensAt: new(Noon.AddTicks(15)), ClosesAt: new(Noon.AddTicks(29))), Noon);

        Assert.Equal(Noon.AddMicroseconds(1), ledger.Terms!.OpensAt);
        Assert.Equal(Noon.AddMicroseconds(2), ledger.Terms.ClosesAt);
        Assert.Equal(ledger.Terms, ledger.Taken()[0].Terms);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_replay_decides_the_same_in_every_tick_around_an_expiry(int ticks)
    {
        var ledger = new ReservationLedger();
        ledger.Open(new("Concert", 10, 10, HoldSeconds: 60), Operator, Noon.AddTicks(3));
        ledger.Reserve(Ann, 2, Noon.AddTicks(7));
        var replayed = ReplayOf(ledger.Taken().Select(AsStored));
        var now = Noon.AddSeconds(60).AddTicks(ticks);

        var result = ledger.Confirm(Ann, 2, now);

        Assert.Equal(ticks < 0 ? ReservationStatus.Done : ReservationStatus.HoldExpired, result.Status);
        Assert.Equal(result, replayed.Confirm(Ann, 2, now));
        Assert.Equal(ledger.Taken(), replayed.Taken());
    }

    [Fact]
    public void Time_is_kept_in_utc_wherever_the_clock_stands()
    {
        var inSeoul = Noon.AddSeconds(1).ToOffset(TimeSpan.FromHours(9));
        var ledger = OnSale(holdSeconds: 60);

        ledger.Change(new(OpensAt: new(inSeoul)), inSeoul);
        var reservation = ledger.Reserve(Ann, 1, inSeoul).Reservation!.Value;

        Assert.Equal(Noon.AddSeconds(1), reservation.ReservedAt);
        Assert.Equal(TimeSpan.Zero, reservation.ReservedAt.Offset);
        Assert.Equal(TimeSpan.Zero, reservation.ExpiresAt!.Value.Offset);
        Assert.Equal(TimeSpan.Zero, ledger.Terms!.OpensAt!.Value.Offset);
        Assert.Equal(TimeSpan.Zero, ledger.LastDecidedAt.Offset);
    }

    /// <summary>What a column of microseconds gives back.</summary>
    private static JournalEntry AsStored(JournalEntry entry) => entry with
    {
        DecidedAt = WholeMicroseconds(entry.DecidedAt),
        ExpiresAt = entry.ExpiresAt is { } expiresAt ? WholeMicroseconds(expiresAt) : null,
    };

    private static DateTimeOffset WholeMicroseconds(DateTimeOffset moment) =>
        DateTimeOffset.UnixEpoch.AddMicroseconds((moment - DateTimeOffset.UnixEpoch).Ticks / 10);
}
