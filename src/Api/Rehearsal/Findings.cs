namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// Compares what buyers were told with what is stored. The verdict is a pure function of these numbers.
/// </summary>
/// <param name="Capacity">Tickets in all.</param>
/// <param name="Sold">Tickets that the journal has as sold or held.</param>
/// <param name="Reservations">Reservations that are sold or held.</param>
/// <param name="Accepted">Buyers who were told that they have tickets.</param>
/// <param name="AcknowledgedButMissing">Those whose tickets the journal does not have as theirs and as sold.</param>
/// <param name="UnknownOutcomes">Buyers who left without knowing whether they have tickets.</param>
/// <param name="RefusedAsSoldOut">Buyers who were told SOLD_OUT.</param>
/// <param name="Drift">From the reconciliation.</param>
/// <param name="Gaps">From the reconciliation.</param>
/// <param name="Duplicates">From the reconciliation.</param>
internal sealed record Findings(
    int Capacity,
    int Sold,
    long Reservations,
    int Accepted,
    int AcknowledgedButMissing,
    int UnknownOutcomes,
    int RefusedAsSoldOut,
    long Drift,
    long Gaps,
    long Duplicates)
{
    /// <summary>Tickets that are left.</summary>
    public int Unsold => Math.Max(0, Capacity - Sold);

    /// <summary>Compares a crowd's result with the copy's journal.</summary>
    public static Findings Of(
        RehearsalOrder order, CrowdResult crowd, Reconciliation truth, IReadOnlyList<ExportedReservation> stored)
    {
        var bySequence = stored.ToDictionary(reservation => reservation.Reservation.Sequence);
        var missing = crowd.Acknowledged.Index().Count(buyer => buyer.Item != 0 && !IsStored(buyer.Index, buyer.Item));
        return new(
            truth.Capacity, truth.Held + truth.Confirmed, truth.Reservations, crowd.Accepted, missing,
            crowd.UnknownOutcomes, crowd.Refused.GetValueOrDefault("SOLD_OUT"), truth.Drift, truth.Gaps,
            truth.Duplicates);

        bool IsStored(int buyer, long sequence) => bySequence.TryGetValue(sequence, out var found)
            && found.MemberId == RehearsalCopy.MemberOf(buyer + 1)
            && found.Reservation.State == ReservationState.Confirmed
            && found.Reservation.Quantity == order.Quantity;
    }

    /// <summary>A sentence for each violation; empty when there is none.</summary>
    public string[] Sentences()
    {
        var sentences = new List<string>();
        Require(Sold <= Capacity, $"{Sold} tickets were sold, and there are {Capacity}.");
        Require(AcknowledgedButMissing == 0,
            $"{AcknowledgedButMissing} buyers were told that they have tickets which the journal does not have.");
        Require(Reservations >= Accepted,
            $"The journal has {Reservations} reservations, and {Accepted} were acknowledged.");
        Require(Reservations <= (long)Accepted + UnknownOutcomes,
            $"The journal has {Reservations} reservations, {Reservations - Accepted - UnknownOutcomes} more than "
            + "buyers could know of.");
        Require(Unsold == 0 || RefusedAsSoldOut == 0,
            $"{RefusedAsSoldOut} buyers were told that it is sold out, and {Unsold} tickets are left.");
        Require(Drift == 0, $"The owner, the journal and the database differ by {Drift}.");
        Require(Gaps == 0, $"{Gaps} entries of the journal are missing.");
        Require(Duplicates == 0, $"{Duplicates} entries or keys of the journal stand twice.");
        return [.. sentences];

        void Require(bool holds, string sentence)
        {
            if (!holds) sentences.Add(sentence);
        }
    }
}
