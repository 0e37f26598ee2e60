using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Rehearsal;

/// <summary>A rehearsal that this front-end runs.</summary>
internal sealed class RehearsalRun(RehearsalStatus rehearsal, CancellationTokenSource stop)
{
    // To start its process; a machine that is short of processor time may be that late.
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private Task _refresh = Task.CompletedTask;

    public RehearsalStatus Rehearsal => rehearsal;

    public string CopyId { get; } = RehearsalCopy.EventOf(rehearsal.Id);

    /// <summary>
    /// Longest that a crowd can take: the last buyer's arrival and patience, and once more for confirming a hold.
    /// </summary>
    public TimeSpan LengthMax { get; } = TimeSpan.FromSeconds(
        rehearsal.Order.RampSeconds + (2 * rehearsal.Order.PatienceSeconds)) + Leeway;

    /// <summary>Cancelled when it must end.</summary>
    public CancellationToken Stop => stop.Token;

    public RehearsalCue Cue { get; private set; } = RehearsalCue.GoOn;

    public RehearsalState State { get; set; } = RehearsalState.Preparing;

    /// <summary>The crowd's latest progress, without the tickets left, which it does not know.</summary>
    public RehearsalProgress Buyers { get; set; } = rehearsal.Progress;

    public int Available { get; set; } = rehearsal.Progress.Available;

    public RehearsalProgress Progress => Buyers with { Available = Available };

    /// <summary>Takes the cluster's answer to a report.</summary>
    public void Follow(RehearsalCue cue)
    {
        Cue = cue;
        if (cue != RehearsalCue.GoOn) stop.Cancel();
    }

    /// <summary>
    /// Starts reading how many tickets are left, without waiting: the event's silo may be gone, and reports must go on.
    /// </summary>
    public void RefreshAvailable(RetryPolicy retry)
    {
        if (_refresh.IsCompleted && State != RehearsalState.Checking) _refresh = RefreshAvailableAsync(retry);
    }

    private async Task RefreshAvailableAsync(RetryPolicy retry)
    {
        try
        {
            if (await retry.AskAsync(CopyId, grains => grains.TicketEvent(CopyId).Status()) is { } status)
                Available = status.Available;
        }
        catch (Exception)
        {
            // The number stays as it was; the next attempt is in a second.
        }
    }
}

/// <summary>A rehearsal cannot continue; the message is a sentence for the operator.</summary>
internal sealed class RehearsalException(string message) : Exception(message);
