using BoxOffice.Api.Rehearsal;

namespace BoxOffice.Api.Tests;

/// <summary>A rehearsal is exact only without violations, and reports each.</summary>
public sealed class FindingsTests
{
    private static readonly Findings Exact = new(
        Capacity: 100, Sold: 100, Reservations: 100, Accepted: 100, AcknowledgedButMissing: 0, UnknownOutcomes: 0,
        RefusedAsSoldOut: 200, Drift: 0, Gaps: 0, Duplicates: 0);

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Findings_are_exact_when_every_ticket_is_acknowledged()
    {
        Assert.Empty(Exact.Sentences());
        Assert.Empty((Exact with { Accepted = 98, UnknownOutcomes = 3 }).Sentences()); // two of the three have tickets
        // too few came
        Assert.Empty((Exact with { Sold = 60, Reservations = 60, Accepted = 60, RefusedAsSoldOut = 0 }).Sentences());
    }

    [Fact]
    public void Each_reason_against_it_is_a_sentence_of_its_own()
    {
        (Findings Found, string Sentence)[] cases =
        [
            (Exact with { Sold = 101 }, "101 tickets were sold, and there are 100."),
            (Exact with { AcknowledgedButMissing = 2 },
                "2 buyers were told that they have tickets which the journal does not have."),
            (Exact with { Reservations = 99 }, "The journal has 99 reservations, and 100 were acknowledged."),
            (Exact with { Accepted = 96, UnknownOutcomes = 3 },
                "The journal has 100 reservations, 1 more than buyers could know of."),
            (Exact with { Sold = 99 }, "200 buyers were told that it is sold out, and 1 tickets are left."),
            (Exact with { Drift = 4 }, "The owner, the journal and the database differ by 4."),
            (Exact with { Gaps = 1 }, "1 entries of the journal are missing."),
            (Exact with { Duplicates = 1 }, "1 entries or keys of the journal stand twice."),
        ];

        foreach (var (found, sentence) in cases) Assert.Equal([sentence], found.Sentences());
    }

    [Fact]
    public void A_ticket_is_missing_when_it_is_not_stored_as_that_buyers_and_as_sold()
    {
        ExportedReservation[] stored =
        [
            Stored(buyer: 1, sequence: 2),
            Stored(buyer: 2, sequence: 3, state: ReservationState.Expired),
            Stored(buyer: 9, sequence: 4),
            Stored(buyer: 4, sequence: 5, quantity: 1),
        ];
        var crowd = Crowd(2, 3, 4, 5, 77, 0); // the last one was refused

        var found = Findings.Of(new(6, 0, 30, Quantity: 2), crowd, new(100, 95, 1, 4, 4, 4, 0, 0, 0, 9), stored);

        Assert.Equal(4, found.AcknowledgedButMissing);
        Assert.Equal((100, 5, 95, 4L), (found.Capacity, found.Sold, found.Unsold, found.Reservations));
    }

    private static ExportedReservation Stored(
        int buyer, long sequence, int quantity = 2, ReservationState state = ReservationState.Confirmed) =>
        new(RehearsalCopy.MemberOf(buyer), new(sequence, quantity, state, Noon, null));

    private static CrowdResult Crowd(params long[] acknowledged) => new(
        5, new Dictionary<string, int> { ["SOLD_OUT"] = 1 }, 0, 0, new Dictionary<string, int>(), 0, 0, 0, 1, 1,
        DurationTally.None, DurationTally.None, DurationTally.None, DurationTally.None, [], acknowledged);
}
