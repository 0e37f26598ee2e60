using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Rehearsal;

/// <summary>One rehearsal while this front-end runs it.</summary>
internal sealed class RehearsalRun(RehearsalStatus rehearsal, CancellationTokenSource stop)
{
    // To start its process; and a machine that is short of processor time may be that late.
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private Task _look = Task.CompletedTask;

    public RehearsalStatus Rehearsal => rehearsal;

    public string CopyId { get; } = RehearsalCopy.EventOf(rehearsal.Id);

    /// <summary>Longest that a crowd can take: the last buyer's arrival and patience, and once more for confirming a hold.</summary>
    public TimeSpan LengthMax { get; } = TimeSpan.FromSeconds(rehearsal.Order.RampSeconds + (2 * rehearsal.Order.PatienceSeconds)) + Leeway;

    /// <summary>Cancelled when it must end.</summary>
    public CancellationToken Stop => stop.Token;

    public RehearsalCue Cue { get; private set; } = RehearsalCue.GoOn;

    public RehearsalState State { get; set; } = RehearsalState.Preparing;

    /// <summary>Where the buyers are, as the crowd says; the tickets left it does not know.</summary>
    public RehearsalProgress Buyers { get; set; } = rehearsal.Progress;

    public int Available { get; set; } = rehearsal.Progress.Available;

    public RehearsalProgress Progress => Buyers with { Available = Available };

    /// <summary>What the cluster wants it to do.</summary>
    public void Hear(RehearsalCue cue)
    {
        Cue = cue;
        if (cue != RehearsalCue.GoOn) stop.Cancel();
    }

    /// <summary>Looks how many tickets are left, and does not wait for it: the event's silo may be gone, and reports must go on.</summary>
    public void Look(RetryPolicy retry)
    {
        if (_look.IsCompleted && State != RehearsalState.Checking) _look = LookAsync(retry);
    }

    private async Task LookAsync(RetryPolicy retry)
    {
        try
        {
            if (await retry.AskAsync(CopyId, grains => grains.TicketEvent(CopyId).Status()) is { } status)
                Available = status.Available;
        }
        catch (Exception)
        {
            // It stays as it was; it will be looked at again in a second.
        }
    }
}

/// <summary>A rehearsal that cannot go on; the message is a sentence for the operator.</summary>
internal sealed class RehearsalException(string message) : Exception(message);
