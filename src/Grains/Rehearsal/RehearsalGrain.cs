using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Members;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Rehearsal;

/// <summary>
/// The only one: it admits one rehearsal at a time, and deletes what rehearsals leave behind. A rehearsal is stored
/// when it begins and when it ends; its progress is in memory only, and comes again with the next report.
/// </summary>
[GrainType("rehearsals")]
public sealed partial class RehearsalGrain(
    [PersistentState("rehearsals", MemberGrain.Storage)] IPersistentState<RehearsalRecord> record,
    IRehearsalJournal journal,
    TimeProvider time,
    ILogger<RehearsalGrain> logger) : Grain, IRehearsalGrain
{
    private const int KeptMax = 20; // a report has some 100 KB at most, and they are one stored record

    private static readonly TimeSpan SilencePeriod = TimeSpan.FromSeconds(5);

    private IGrainTimer? _silenceTimer;
    private long _reportedAt;
    private bool _isStopRequested;

    private List<RehearsalStatus> Kept => record.State.Rehearsals; // the newest first

    private RehearsalStatus? Running => Kept.Find(rehearsal => rehearsal.IsUnderWay);

    /// <summary>A rehearsal that ran when the last activation ended has the full time for its next report.</summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _reportedAt = time.GetTimestamp();
        if (Running is not null) WatchSilence();
        return DeleteLeftoversAsync();
    }

    /// <inheritdoc/>
    public async Task<RehearsalStatus> Begin(RehearsalStatus rehearsal)
    {
        await EndSilentAsync();
        if (Running is { } other) return other;
        if (Kept.Find(kept => kept.Id == rehearsal.Id) is { } mine) return mine; // it has ended meanwhile
        await DeleteLeftoversAsync();
        Kept.Insert(0, rehearsal);
        if (Kept.Count > KeptMax) Kept.RemoveRange(KeptMax, Kept.Count - KeptMax);
        await StoreAsync();
        (_reportedAt, _isStopRequested) = (time.GetTimestamp(), false);
        WatchSilence();
        LogBegun(rehearsal.Id, rehearsal.EventId, rehearsal.Order.Buyers);
        return rehearsal;
    }

    /// <inheritdoc/>
    public async Task<RehearsalCue> Report(string id, RehearsalState state, RehearsalProgress progress)
    {
        await EndSilentAsync();
        if (Running is not { } rehearsal || rehearsal.Id != id) return RehearsalCue.Over;
        Replace(rehearsal with { State = state, Progress = progress });
        _reportedAt = time.GetTimestamp();
        return _isStopRequested ? RehearsalCue.Stop : RehearsalCue.GoOn;
    }

    /// <inheritdoc/>
    public Task End(string id, RehearsalEnding ending) =>
        Running is { } rehearsal && rehearsal.Id == id ? EndAsync(rehearsal, ending) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<RehearsalStatus?> Stop(string id)
    {
        await EndSilentAsync();
        if (Running?.Id == id) _isStopRequested = true;
        return Kept.Find(rehearsal => rehearsal.Id == id);
    }

    /// <inheritdoc/>
    public async Task<RehearsalStatus[]> List()
    {
        await EndSilentAsync();
        return [.. Kept.Select(rehearsal => rehearsal with { Report = null })];
    }

    /// <inheritdoc/>
    public async Task<RehearsalStatus?> Find(string id)
    {
        await EndSilentAsync();
        return Kept.Find(rehearsal => rehearsal.Id == id);
    }

    private Task EndSilentAsync() =>
        Running is { } rehearsal && time.GetElapsedTime(_reportedAt) > RehearsalTiming.SilenceMax
            ? EndAsync(rehearsal, new(RehearsalState.Failed, "The front-end that ran it is gone."))
            : Task.CompletedTask;

    private async Task EndAsync(RehearsalStatus rehearsal, RehearsalEnding ending)
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
        await StoreAsync();
        _silenceTimer?.Dispose();
        _silenceTimer = null;
        LogEnded(rehearsal.Id, ending.State, ending.Problem ?? "");
        await DeleteLeftoversAsync();
    }

    private void Replace(RehearsalStatus rehearsal) =>
        Kept[Kept.FindIndex(kept => kept.Id == rehearsal.Id)] = rehearsal;

    private async Task StoreAsync()
    {
        try
        {
            await record.WriteStateAsync();
        }
        catch (Exception e)
        {
            DeactivateOnIdle(); // memory is ahead of the store: forget it
            // repeating is harmless
            throw new OutcomeUnknownException($"Whether it is stored is not known: {e.Message}");
        }
    }

    /// <summary>While a rehearsal runs, ends it when its front-end no longer reports.</summary>
    private void WatchSilence() => _silenceTimer ??= this.RegisterGrainTimer(
        _ => EndSilentAsync(),
        new GrainTimerCreationOptions { DueTime = SilencePeriod, Period = SilencePeriod, KeepAlive = true });

    /// <summary>
    /// Deletes copies of rehearsals that have ended, also those that a process believed to be dead wrote. Never fails:
    /// what is left is deleted the next time.
    /// </summary>
    private async Task DeleteLeftoversAsync()
    {
        try
        {
            var inUse = Running is { } rehearsal ? RehearsalCopy.EventOf(rehearsal.Id) : null;
            foreach (var copy in await journal.RehearsalCopiesAsync())
            {
                if (copy != inUse) await GrainFactory.TicketEvent(copy).Discard();
            }
        }
        catch (Exception e)
        {
            LogNotDeleted(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Rehearsal {Id} of event {EventId} begins, with {Buyers} "
        + "buyers")]
    private partial void LogBegun(string id, string eventId, int buyers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rehearsal {Id} ends: {State}. {Problem}")]
    private partial void LogEnded(string id, RehearsalState state, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Copies of ended rehearsals could not be deleted. It is tried "
        + "again when the next rehearsal begins or ends")]
    private partial void LogNotDeleted(Exception exception);
}

/// <summary>What is stored of rehearsals.</summary>
public sealed class RehearsalRecord
{
    /// <summary>The last ones, the newest first.</summary>
    public List<RehearsalStatus> Rehearsals { get; set; } = [];
}
