namespace BoxOffice.Testing.Faults;

/// <summary>Which codes of refusal are decisions about the sale; all others are trouble, and say nothing about it.</summary>
internal static class RefusalCodes
{
    /// <summary>The client's own: no connection could be made, so nothing was sent.</summary>
    public const string NotConnected = "NOT_CONNECTED";

    private static readonly HashSet<string> RulesOfSale =
    [
        "EVENT_NOT_FOUND", "IDEMPOTENCY_MISMATCH", "INVALID_QUANTITY", "PAUSED", "NOT_OPEN", "CLOSED", "LIMIT_EXCEEDED",
        "SOLD_OUT", "ALL_HELD", "INSUFFICIENT", "CYCLING", "RESERVATION_NOT_FOUND", "HOLD_EXPIRED", "ALREADY_CANCELLED",
    ];

    /// <summary>The call was refused by a rule, by the event's owner.</summary>
    public static bool IsRefusedByRule(this Operation operation) =>
        operation.IsRefused && RulesOfSale.Contains(operation.Answer!.Code ?? "");

    /// <summary>The caller has what it came for: tickets, or a reason.</summary>
    public static bool IsDecided(this Operation operation) => operation.IsOk || operation.IsRefusedByRule();
}
