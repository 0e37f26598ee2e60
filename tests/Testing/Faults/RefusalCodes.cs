namespace BoxOffice.Testing.Faults;

/// <summary>
/// Separates refusals by a rule of sale from failures, which say nothing about the sale.
/// </summary>
internal static class RefusalCodes
{
    /// <summary>The client's own code: the connection failed, so nothing was sent.</summary>
    public const string NotConnected = "NOT_CONNECTED";

    private static readonly HashSet<string> RulesOfSale =
    [
        "EVENT_NOT_FOUND", "IDEMPOTENCY_MISMATCH", "INVALID_QUANTITY", "PAUSED", "NOT_OPEN", "CLOSED", "LIMIT_EXCEEDED",
        "SOLD_OUT", "ALL_HELD", "INSUFFICIENT", "CYCLING", "RESERVATION_NOT_FOUND", "HOLD_EXPIRED", "ALREADY_CANCELLED",
    ];

    /// <summary>The event's owner refused the call by a rule of sale.</summary>
    public static bool IsRefusedByRule(this Operation operation) =>
        operation.IsRefused && RulesOfSale.Contains(operation.Answer!.Code ?? "");

    /// <summary>The call was accepted, or refused by a rule of sale.</summary>
    public static bool IsDecided(this Operation operation) => operation.IsOk || operation.IsRefusedByRule();
}
