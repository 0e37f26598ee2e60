namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>Who can see which reservations: a member their own, the operator all of them, in pages.</summary>
public sealed class ListingTests
{
    [Fact]
    public void A_member_finds_their_own_reservation_as_it_stands_now()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Confirm(Ann, 2, Noon);

        var result = ledger.Find(Ann, 2, Noon);

        Assert.Equal(
            new(ReservationStatus.Done, new(2, 2, ReservationState.Confirmed, Noon, Noon.AddSeconds(60))),
            result);
    }

    [Fact]
    public void Another_members_reservation_is_not_found()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(new(ReservationStatus.NotFound), ledger.Find(Bob, 2, Noon));
    }

    [Fact]
    public void A_members_reservations_are_listed_the_newest_first_in_every_state()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Bob, 1, Noon);
        ledger.Reserve(Ann, 2, Noon.AddSeconds(30));
        ledger.Reserve(Ann, 3, Noon.AddSeconds(30));
        ledger.Cancel(Ann, 4, Noon.AddSeconds(30));

        var reservations = ledger.ReservationsOf(Ann, 10, Noon.AddSeconds(60));

        Assert.Equal(
            [
                new(5, 3, ReservationState.Held, Noon.AddSeconds(30), Noon.AddSeconds(90)),
                new(4, 2, ReservationState.Cancelled, Noon.AddSeconds(30), Noon.AddSeconds(90)),
                new(2, 1, ReservationState.Expired, Noon, Noon.AddSeconds(60)),
            ],
            reservations);
    }

    [Theory]
    [InlineData(-1, new long[0])]
    [InlineData(0, new long[0])]
    [InlineData(1, new[] { 4L })]
    [InlineData(2, new[] { 4L, 3L })]
    [InlineData(3, new[] { 4L, 3L, 2L })]
    [InlineData(int.MaxValue, new[] { 4L, 3L, 2L })]
    public void The_list_of_a_member_is_bounded(int countMax, long[] sequences)
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 1, Noon);

        var reservations = ledger.ReservationsOf(Ann, countMax, Noon);

        Assert.Equal(sequences, reservations.Select(reservation => reservation.Sequence));
    }

    [Fact]
    public void A_member_without_reservations_has_an_empty_list()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon);

        Assert.Empty(ledger.ReservationsOf(Bob, 10, Noon));
    }

    [Fact]
    public void The_export_has_every_reservation_with_its_member_in_order()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Pause(Noon);
        ledger.Resume(Noon);
        ledger.Reserve(Bob, 2, Noon);
        ledger.Cancel(Bob, 5, Noon);

        var all = ledger.Export(0, 10, Noon);

        Assert.Equal(
            [
                new(Ann, new(2, 1, ReservationState.Held, Noon, Noon.AddSeconds(60))),
                new(Bob, new(5, 2, ReservationState.Cancelled, Noon, Noon.AddSeconds(60))),
            ],
            all);
    }

    [Theory]
    [InlineData(long.MinValue, 10, new[] { 2L, 4L, 5L })]
    [InlineData(-1, 10, new[] { 2L, 4L, 5L })]
    [InlineData(0, 2, new[] { 2L, 4L })]
    [InlineData(1, 1, new[] { 2L })]
    [InlineData(2, 10, new[] { 4L, 5L })]
    [InlineData(3, 1, new[] { 4L })]
    [InlineData(4, 10, new[] { 5L })]
    [InlineData(5, 10, new long[0])]
    [InlineData(4_294_967_297, 10, new long[0])] // 1, when only 32 bits are looked at
    [InlineData(long.MaxValue - 1, 10, new long[0])]
    [InlineData(0, 0, new long[0])]
    [InlineData(0, -1, new long[0])]
    public void A_page_begins_after_a_sequence_and_is_bounded(long after, int countMax, long[] sequences)
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Confirm(Ann, 2, Noon);
        ledger.Reserve(Bob, 1, Noon);
        ledger.Reserve(Ann, 1, Noon);

        var page = ledger.Export(after, countMax, Noon);

        Assert.Equal(sequences, page.Select(exported => exported.Reservation.Sequence));
    }

    [Fact]
    public void After_the_largest_sequence_that_can_be_named_there_is_nothing()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon);

        Assert.Empty(ledger.Export(long.MaxValue, 10, Noon));
    }

    [Fact]
    public void Page_after_page_is_the_whole()
    {
        var ledger = OnSale(capacity: 100, maxPerMember: 100);
        for (var i = 0; i < 50; i++)
        {
            ledger.Reserve(Ann, 1, Noon);
            ledger.Reserve(Bob, 1, Noon);
            ledger.Cancel(Ann, ledger.HeadSequence - 1, Noon);
        }

        var pages = new List<ExportedReservation>();
        for (var i = 0; i < 15; i++) // 14 pages of 7 and one of 2
            pages.AddRange(ledger.Export(pages.Count == 0 ? 0 : pages[^1].Reservation.Sequence, 7, Noon));

        Assert.Equal(100, pages.Count);
        Assert.Equal(ledger.Export(0, 1_000, Noon), pages);
    }
}
