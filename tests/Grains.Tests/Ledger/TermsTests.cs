namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>Which terms of sale are allowed.</summary>
public sealed class TermsTests
{
    private static readonly EventTerms Concert = new("Concert", Capacity: 10);

    [Theory]
    [InlineData(1)]
    [InlineData(100_000_000)]
    public void Capacity_is_from_one_to_a_hundred_million(int capacity)
    {
        Assert.Empty((Concert with { Capacity = capacity }).Errors());
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(100_000_001)]
    [InlineData(int.MaxValue)]
    public void No_other_capacity_is_allowed(int capacity)
    {
        Assert.Equal(["capacity"], (Concert with { Capacity = capacity }).Errors().Keys);
    }

    [Theory]
    [InlineData("\u200b")] // zero width space
    [InlineData("\u3164\u3164")] // Hangul filler
    [InlineData("\u2800 \u00a0\u00ad")] // Braille blank, no-break space, soft hyphen
    [InlineData("\u0301\ufe0f\u200d")] // marks and a joiner without a letter
    [InlineData("\U000e0041")] // a tag
    public void A_name_has_something_to_see(string name)
    {
        Assert.Equal(["name"], (Concert with { Name = name }).Errors().Keys);
        Assert.Empty((Concert with { Name = "이" + name }).Errors());
        Assert.Empty((Concert with { Name = "👩‍🚀" }).Errors());
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(100_000_001)]
    [InlineData(int.MaxValue)]
    public void A_member_may_have_from_one_to_a_hundred_million_and_no_other_limit(int maxPerMember)
    {
        Assert.Empty((Concert with { MaxPerMember = 1 }).Errors());
        Assert.Empty((Concert with { MaxPerMember = 100_000_000 }).Errors());
        Assert.Equal(["maxPerMember"], (Concert with { MaxPerMember = maxPerMember }).Errors().Keys);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(604_801)]
    [InlineData(int.MaxValue)]
    public void A_hold_lasts_from_no_time_to_seven_days_and_no_other_time(int holdSeconds)
    {
        Assert.Empty((Concert with { HoldSeconds = 0 }).Errors());
        Assert.Empty((Concert with { HoldSeconds = 604_800 }).Errors());
        Assert.Equal(["holdSeconds"], (Concert with { HoldSeconds = holdSeconds }).Errors().Keys);
    }

    [Fact]
    public void A_name_has_one_to_two_hundred_characters_that_can_be_seen()
    {
        Assert.Empty((Concert with { Name = "N" }).Errors());
        Assert.Empty((Concert with { Name = new('n', 200) }).Errors());

        Assert.Equal(["name"], (Concert with { Name = "" }).Errors().Keys);
        Assert.Equal(["name"], (Concert with { Name = "  " }).Errors().Keys);
        Assert.Equal(["name"], (Concert with { Name = null! }).Errors().Keys);
        Assert.Equal(["name"], (Concert with { Name = "a\nb" }).Errors().Keys);
        Assert.Equal(["name"], (Concert with { Name = new('n', 201) }).Errors().Keys);
    }

    [Fact]
    public void A_sale_closes_after_it_opens()
    {
        Assert.Empty((Concert with { OpensAt = Noon, ClosesAt = Noon.AddMicroseconds(1) }).Errors());
        Assert.Empty((Concert with { OpensAt = Noon }).Errors());
        Assert.Empty((Concert with { ClosesAt = Noon }).Errors());

        Assert.Equal(["closesAt"], (Concert with { OpensAt = Noon, ClosesAt = Noon }).Errors().Keys);
        Assert.Equal(["closesAt"], (Concert with { OpensAt = Noon, ClosesAt = Noon.AddSeconds(-1) }).Errors().Keys);
    }

    [Fact]
    public void Every_field_that_is_wrong_is_named()
    {
        var terms = new EventTerms("", 0, 0, -1, Noon, Noon);

        Assert.Equal(["capacity", "closesAt", "holdSeconds", "maxPerMember", "name"], terms.Errors().Keys.Order());
    }
}
