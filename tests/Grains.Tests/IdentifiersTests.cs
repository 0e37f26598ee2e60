namespace BoxOffice.Grains.Tests;

/// <summary>What ids look like on the wire.</summary>
public sealed class IdentifiersTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("spring-gala_2026")]
    [InlineData("-")]
    [InlineData("AZaz09-_")]
    public void An_event_id_is_made_of_letters_digits_dashes_and_underscores(string id)
    {
        Assert.True(Identifiers.IsEventId(id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    [InlineData("a%20")]
    [InlineData("é")]
    [InlineData("١")] // a digit, but not one of ASCII
    [InlineData("a\n")]
    [InlineData("a\0")]
    public void An_event_id_is_made_of_nothing_else(string? id)
    {
        Assert.False(Identifiers.IsEventId(id));
    }

    [Fact]
    public void An_event_id_has_at_most_64_characters()
    {
        Assert.True(Identifiers.IsEventId(new('a', 64)));
        Assert.False(Identifiers.IsEventId(new('a', 65)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("user10000")]
    [InlineData("Ann.Other_1+tickets@mail-host.example")]
    public void A_member_id_may_be_an_email_address(string id)
    {
        Assert.True(Identifiers.IsMemberId(id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\"b")]
    [InlineData("a,b")]
    [InlineData("ü@mail.example")]
    [InlineData("a\n")]
    public void A_member_id_is_made_of_nothing_else(string? id)
    {
        Assert.False(Identifiers.IsMemberId(id));
    }

    [Fact]
    public void A_member_id_has_at_most_64_characters()
    {
        Assert.True(Identifiers.IsMemberId(new('a', 64)));
        Assert.False(Identifiers.IsMemberId(new('a', 65)));
    }

    [Theory]
    [InlineData("1", 1, "1-1")]
    [InlineData("spring-gala", 42, "spring-gala-42")]
    [InlineData("2026-05-01", 7, "2026-05-01-7")]
    [InlineData("-", 3, "--3")]
    [InlineData("1", long.MaxValue, "1-9223372036854775807")]
    public void A_reservation_id_names_the_event_and_the_sequence(string eventId, long sequence, string id)
    {
        Assert.Equal(id, Identifiers.ReservationId(eventId, sequence));
        Assert.True(Identifiers.TryParseReservationId(id, out var parsedEventId, out var parsedSequence));
        Assert.Equal((eventId, sequence), (parsedEventId, parsedSequence));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("-1")] // no event
    [InlineData("1-")] // no sequence
    [InlineData("1-0")] // sequences begin at 1
    [InlineData("1-x")]
    [InlineData("1-+1")]
    [InlineData("1- 1")]
    [InlineData("1-1 ")]
    [InlineData("1-1\0")]
    [InlineData("1-1.0")]
    [InlineData("1-1,000")]
    [InlineData("1-1e3")]
    [InlineData("1-١")]
    [InlineData("a b-1")]
    [InlineData("1-9223372036854775808")] // one above the largest
    [InlineData("1-99999999999999999999999")]
    public void Nothing_else_is_a_reservation_id(string? id)
    {
        Assert.False(Identifiers.TryParseReservationId(id, out _, out _));
    }

    [Theory]
    [InlineData("1-01")]
    [InlineData("1-007")]
    public void A_reservation_has_one_id_only(string id)
    {
        Assert.False(Identifiers.TryParseReservationId(id, out _, out _));
    }

    [Fact]
    public void A_reservation_of_the_event_with_the_longest_id_can_be_named()
    {
        var eventId = new string('e', 64);

        Assert.True(Identifiers.TryParseReservationId(eventId + "-1", out var parsed, out _));
        Assert.Equal(eventId, parsed);
        Assert.False(Identifiers.TryParseReservationId(eventId + "e-1", out _, out _));
    }
}
