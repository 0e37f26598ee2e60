namespace BoxOffice;

/// <summary>What the failure of a call to a grain says about its effect.</summary>
public static class CallFailure
{
    /// <summary>True when the failure itself says that nothing was done, and nothing will be.</summary>
    public static bool IsNothingDone(Exception failure) =>
        // The last two are raised by Orleans before the call reaches a grain.
        failure is NotAppliedException or BusyException or EventBrokenException
            or LimitExceededException or GatewayTooBusyException;

    /// <summary>
    /// True when another attempt may succeed, if the call can be repeated: the event may have a new owner by then.
    /// </summary>
    public static bool MayHelp(Exception failure) =>
        failure is NotAppliedException or OutcomeUnknownException or TimeoutException
            or OperationCanceledException // callers do not cancel: a silo could not place the event
            or (OrleansException and not (LimitExceededException or GatewayTooBusyException)); // those add to the load
}
