using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>The public numbers, and the version by which a client knows whether they changed.</summary>
public sealed class StatusTests
{
    [Fact]
    public void The_status_tells_the_terms_the_stock_and_the_head()
    {
        var terms = new EventTerms("Concert", 10, 10, 60, Noon.AddDays(-1), Noon.AddDays(1));
        var ledger = EventWith(terms);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Bob, 2, Noon);
        ledger.Confirm(Bob, 3, Noon);

        var status = ledger.Status("gala", Noon)!;

        Assert.Equal(new("gala", terms, 7, 1, 2, SaleState.Open, 4, status.Version), status);
    }

    [Fact]
    public void Reading_the_status_changes_nothing()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon);
        ledger.Taken();

        Assert.Equal(ledger.Status(Noon), ledger.Status(Noon));
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void The_version_grows_with_every_entry()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        List<long> versions = [ledger.Status(Noon).Version];

        ledger.Reserve(Ann, 1, Noon);
        versions.Add(ledger.Status(Noon).Version);
        ledger.Confirm(Ann, 2, Noon);
        versions.Add(ledger.Status(Noon).Version);
        ledger.Cancel(Ann, 2, Noon);
        versions.Add(ledger.Status(Noon).Version);
        ledger.Pause(Noon);
        versions.Add(ledger.Status(Noon).Version);
        ledger.Resume(Noon);
        versions.Add(ledger.Status(Noon).Version);
        ledger.Change(new(Name: "Gala"), Noon);
        versions.Add(ledger.Status(Noon).Version);
        ledger.Reserve(Ann, 1, Noon);
        versions.Add(ledger.Status(Noon).Version);
        versions.Add(ledger.Status(Noon.AddSeconds(60)).Version);

        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public void The_version_grows_when_an_edge_of_the_window_passes()
    {
        var ledger = EventWith(new("Concert", 10, OpensAt: Noon.AddHours(1), ClosesAt: Noon.AddHours(2)));

        var upcoming = ledger.Status(Noon.AddHours(1).AddMicroseconds(-1)).Version;
        var open = ledger.Status(Noon.AddHours(1)).Version;
        var closed = ledger.Status(Noon.AddHours(2)).Version;

        Assert.True(upcoming < open);
        Assert.True(open < closed);
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void The_version_grows_when_a_closed_sale_is_postponed()
    {
        var ledger = EventWith(new("Concert", 10, ClosesAt: Noon.AddHours(1)));
        var closed = ledger.Status(Noon.AddHours(1)).Version;

        ledger.Change(new(OpensAt: new(Noon.AddHours(2)), ClosesAt: new(null)), Noon.AddHours(1));

        Assert.True(closed < ledger.Status(Noon.AddHours(1)).Version);
    }

    [Fact]
    public void The_version_stays_while_nothing_changes()
    {
        var ledger = EventWith(new("Concert", 1, OpensAt: Noon, ClosesAt: Noon.AddHours(2)));
        ledger.Reserve(Ann, 1, Noon, "key");
        var version = ledger.Status(Noon).Version;

        ledger.Reserve(Bob, 1, Noon.AddMinutes(1));
        ledger.Reserve(Ann, 1, Noon.AddMinutes(1), "key");
        ledger.Confirm(Ann, 2, Noon.AddMinutes(1));
        ledger.Resume(Noon.AddMinutes(1));
        ledger.Change(new(Name: "Concert"), Noon.AddMinutes(1));

        Assert.Equal(version, ledger.Status(Noon.AddHours(1)).Version);
    }

    [Fact]
    public void The_next_activation_tells_the_same_version()
    {
        var before = new ReservationLedger();
        before.Open(new("Concert", 10), Operator, Noon);
        before.Reserve(Ann, 1, Noon);

        var after = ReplayOf(before.Taken());

        Assert.Equal(before.Status(Noon), after.Status(Noon));
    }

    [Fact]
    public void The_states_stand_in_order_of_precedence()
    {
        Assert.Equal(
            [
                SaleState.Paused, SaleState.Upcoming, SaleState.Closed,
                SaleState.SoldOut, SaleState.AllHeld, SaleState.Open,
            ],
            Enum.GetValues<SaleState>());
    }

    [Fact]
    public void Before_the_opening_and_after_the_close_the_stock_does_not_matter()
    {
        var ledger = OnSale(capacity: 1);
        ledger.Reserve(Ann, 1, Noon);
        Assert.Equal(SaleState.SoldOut, ledger.Status(Noon).State);

        ledger.Change(new(OpensAt: new(Noon.AddHours(1)), ClosesAt: new(Noon.AddHours(2))), Noon);

        Assert.Equal(SaleState.Upcoming, ledger.Status(Noon).State);
        Assert.Equal(SaleState.Closed, ledger.Status(Noon.AddHours(2)).State);
    }
}
