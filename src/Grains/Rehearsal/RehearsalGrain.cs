using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Members;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Rehearsal;

/// <summary>
/// The only one: it says who may rehearse, and takes away what is left of rehearsals. What it knows is stored when one begins
/// and when it ends; how far it is meanwhile is in memory only, and comes again with the next report.
/// </summary>
[GrainType("rehearsals")]
public sealed partial class RehearsalGrain(
    [PersistentState("rehearsals", MemberGrain.Storage)] IPersistentState<RehearsalRecord> record,
    IRehearsalJournal journal,
    TimeProvider time,
    ILogger<RehearsalGrain> logger) : Grain, IRehearsalGrain
{
    private const int KeptMax = 20; // a report has some 100 KB at most, and they are one stored record

    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(5);

    private IGrainTimer? _lookTimer;
    private long _heardAt;
    private bool _isStopWanted;

    private List<RehearsalStatus> Kept => record.State.Rehearsals; // the newest first

    private RehearsalStatus? UnderWay => Kept.Find(one => one.IsUnderWay);

    /// <summary>Whoever rehearsed when the last activation ended has as long to report as ever.</summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _heardAt = time.GetTimestamp();
        if (UnderWay is not null) KeepLooking();
        return TakeAwayLeftOvers();
    }

    /// <inheritdoc/>
    public async Task<RehearsalStatus> Begin(RehearsalStatus rehearsal)
    {
        await EndWhatIsSilent();
        if (UnderWay is { } other) return other;
        if (Kept.Find(one => one.Id == rehearsal.Id) is { } mine) return mine; // it has ended meanwhile
        await TakeAwayLeftOvers();
        Kept.Insert(0, rehearsal);
        if (Kept.Count > KeptMax) Kept.RemoveRange(KeptMax, Kept.Count - KeptMax);
        await Store();
        (_heardAt, _isStopWanted) = (time.GetTimestamp(), false);
        KeepLooking();
        LogBegun(rehearsal.Id, rehearsal.EventId, rehearsal.Order.Buyers);
        return rehearsal;
    }

    /// <inheritdoc/>
    public async Task<RehearsalCue> Report(string id, RehearsalState state, RehearsalProgress progress)
    {
        await EndWhatIsSilent();
        if (UnderWay is not { } rehearsal || rehearsal.Id != id) return RehearsalCue.Over;
        Replace(rehearsal with { State = state, Progress = progress });
        _heardAt = time.GetTimestamp();
        return _isStopWanted ? RehearsalCue.Stop : RehearsalCue.GoOn;
    }

    /// <inheritdoc/>
    public Task End(string id, RehearsalEnding ending) =>
        UnderWay is { } rehearsal && rehearsal.Id == id ? End(rehearsal, ending) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<RehearsalStatus?> Stop(string id)
    {
        await EndWhatIsSilent();
        if (UnderWay?.Id == id) _isStopWanted = true;
        return Kept.Find(one => one.Id == id);
    }

    /// <inheritdoc/>
    public async Task<RehearsalStatus[]> List()
    {
        await EndWhatIsSilent();
        return [.. Kept.Select(one => one with { Report = null })];
    }

    /// <inheritdoc/>
    public async Task<RehearsalStatus?> Find(string id)
    {
        await EndWhatIsSilent();
        return Kept.Find(one => one.Id == id);
    }

    private Task EndWhatIsSilent() =>
        UnderWay is { } rehearsal && time.GetElapsedTime(_heardAt) > RehearsalTiming.SilenceMax
            ? End(rehearsal, new(RehearsalState.Failed, "The front-end that ran it is gone."))
            : Task.CompletedTask;

    private async Task End(RehearsalStatus rehearsal, RehearsalEnding ending)
    {
        Replace(rehearsal with
        {
            State = ending.State,
            EndedAt = time.GetUtcNow(),
            Progress = ending.Progress ?? rehearsal.Progress,
            Problem = ending.Problem,
            HasReport = ending.Report is not null,
            Report = ending.Report,
        });
        await Store();
        _lookTimer?.Dispose();
        _lookTimer = null;
        LogEnded(rehearsal.Id, ending.State, ending.Problem ?? "");
        await TakeAwayLeftOvers();
    }

    private void Replace(RehearsalStatus rehearsal) => Kept[Kept.FindIndex(one => one.Id == rehearsal.Id)] = rehearsal;

    private async Task Store()
    {
        try
        {
            await record.WriteStateAsync();
        }
        catch (Exception e)
        {
            DeactivateOnIdle(); // memory is ahead of the store: forget it
            throw new OutcomeUnknownException($"Whether it is stored is not known: {e.Message}"); // to ask again is harmless
        }
    }

    /// <summary>Looks now and then, while somebody rehearses, whether it is still so.</summary>
    private void KeepLooking() => _lookTimer ??= this.RegisterGrainTimer(
        _ => EndWhatIsSilent(), new GrainTimerCreationOptions { DueTime = LookPeriod, Period = LookPeriod, KeepAlive = true });

    /// <summary>Also what a process wrote that was believed to be dead. Never fails: what is left is taken away another time.</summary>
    private async Task TakeAwayLeftOvers()
    {
        try
        {
            var inUse = UnderWay is { } rehearsal ? RehearsalCopy.EventOf(rehearsal.Id) : null;
            foreach (var shadow in await journal.RehearsalCopiesAsync())
            {
                if (shadow != inUse) await GrainFactory.TicketEvent(shadow).Discard();
            }
        }
        catch (Exception e)
        {
            LogNotTakenAway(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Rehearsal {Id} of event {EventId} begins, with {Buyers} buyers")]
    private partial void LogBegun(string id, string eventId, int buyers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rehearsal {Id} ends: {State}. {Problem}")]
    private partial void LogEnded(string id, RehearsalState state, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What rehearsals left behind could not be taken away; it will be tried again")]
    private partial void LogNotTakenAway(Exception exception);
}

/// <summary>What is stored of rehearsals.</summary>
public sealed class RehearsalRecord
{
    /// <summary>The last ones, the newest first.</summary>
    public List<RehearsalStatus> Rehearsals { get; set; } = [];
}
