namespace BoxOffice.Grains.Tests;

/// <summary>No client can choose an id of a rehearsal, and a rehearsal's ids are recognized.</summary>
public sealed class RehearsalCopyTests
{
    [Fact]
    public void A_copy_and_its_buyers_have_ids_that_nobody_can_choose()
    {
        Assert.False(Identifiers.IsEventId(RehearsalCopy.EventOf("r7k2m9")));
        Assert.False(Identifiers.IsMemberId(RehearsalCopy.MemberOf(1)));
        Assert.True(
            RehearsalCopy.Is(RehearsalCopy.EventOf("r7k2m9")) && RehearsalCopy.Is(RehearsalCopy.MemberOf(20_000)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("rehearsal")]
    [InlineData("rehearsal-1")]
    [InlineData("rehearsal~")]
    [InlineData("rehearsal~a b")]
    [InlineData("Rehearsal~1")]
    [InlineData("x-rehearsal~1")]
    public void No_other_id_is_that_of_a_copy(string? id)
    {
        Assert.False(RehearsalCopy.Is(id));
    }

    [Fact]
    public void Tickets_can_be_reserved_for_an_event_and_for_a_copy_and_for_nothing_else()
    {
        Assert.True(Identifiers.IsSaleId("gala") && Identifiers.IsSaleId(RehearsalCopy.EventOf("r7k2m9")));
        Assert.False(Identifiers.IsSaleId("ga~la") || Identifiers.IsSaleId(null));
    }

    [Fact]
    public void A_reservation_of_a_copy_has_an_id_as_any_other()
    {
        var id = Identifiers.ReservationId(RehearsalCopy.EventOf("r7k2m9"), 17);

        Assert.True(Identifiers.TryParseReservationId(id, out var eventId, out var sequence));
        Assert.Equal((RehearsalCopy.EventOf("r7k2m9"), 17), (eventId, sequence));
    }

    [Fact]
    public void An_order_names_every_field_that_is_out_of_bounds()
    {
        var terms = new EventTerms("Gala", 100, MaxPerMember: 4);

        Assert.Empty(new RehearsalOrder(20_000, 600, 120, 4).Errors(terms));
        Assert.Empty(new RehearsalOrder(1, 0, 1, 1).Errors(terms));
        Assert.Equal(
            ["buyers", "patienceSeconds", "quantity", "rampSeconds"],
            new RehearsalOrder(0, -1, 0, 0).Errors(terms).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["buyers", "patienceSeconds", "quantity", "rampSeconds"],
            new RehearsalOrder(20_001, 601, 121, 5).Errors(terms).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["quantity"], new RehearsalOrder(1, 0, 1, 1_001).Errors(terms with { MaxPerMember = 5_000 }).Keys);
    }
}
