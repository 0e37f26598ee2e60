namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>How many tickets one call may ask for.</summary>
public sealed class QuantityTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(999)]
    [InlineData(1_000)]
    public void One_to_a_thousand_tickets_can_be_reserved_in_one_call(int quantity)
    {
        var ledger = OnSale(capacity: 5_000, maxPerMember: 5_000);

        var result = ledger.Reserve(Ann, quantity, Noon);

        Assert.Equal(ReserveStatus.Reserved, result.Status);
        Assert.Equal(quantity, result.Reservation!.Value.Quantity);
        Assert.Equal((5_000 - quantity, 0, quantity), ledger.Stock());
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1_000)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1_001)]
    [InlineData(int.MaxValue)]
    public void Any_other_quantity_is_refused_and_changes_nothing(int quantity)
    {
        var ledger = OnSale(capacity: 5_000, maxPerMember: 5_000);

        var result = ledger.Reserve(Ann, quantity, Noon);

        Assert.Equal(new(ReserveStatus.InvalidQuantity), result);
        Assert.Equal((5_000, 0, 0), ledger.Stock());
        Assert.False(ledger.HasUncommitted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_repeat_with_an_invalid_quantity_is_a_mismatch_because_the_key_is_known(int quantity)
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon, "key");

        var result = ledger.Reserve(Ann, quantity, Noon, "key");

        Assert.Equal(ReserveStatus.IdempotencyMismatch, result.Status);
    }
}
