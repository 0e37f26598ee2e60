using System.Text.Json;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Timing;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// Runs the rehearsals that were ordered at this front-end: opens the copy, sends the crowd, and holds what it was told against
/// what is stored. <see cref="IRehearsalGrain"/> hears of it each second, and so does every other front-end.
/// </summary>
internal sealed partial class RehearsalRunner(
    RetryPolicy retry,
    Router router,
    Tokens tokens,
    ReserveTallies tallies,
    CrowdUrl url,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RehearsalRunner> logger,
    EmbeddedStore? store = null) : IHostedService
{
    private const string Key = "rehearsals"; // the way to the grain
    private const int IdLength = 10;
    private const int ExportPageSize = 2_000;

    private Task _cleanUp = Task.CompletedTask;
    private Task _underWay = Task.CompletedTask;

    /// <summary>Asks what the cluster knows of rehearsals.</summary>
    public Task<T> AskAsync<T>(Func<IRehearsalGrain, Task<T>> call) => retry.AskAsync(Key, grains => call(grains.GetGrain<IRehearsalGrain>(0)));

    /// <summary>Begins one, unless one is under way in the cluster.</summary>
    /// <returns>The one that is under way now, and whether it is this one.</returns>
    public async Task<(RehearsalStatus Rehearsal, bool IsMine)> BeginAsync(EventStatus of, RehearsalOrder order)
    {
        await _cleanUp;
        var terms = of.Terms with { OpensAt = null, ClosesAt = null }; // on sale at once
        var mine = new RehearsalStatus(Random.Shared.GetString("abcdefghjkmnpqrstuvwxyz23456789", IdLength), of.Id, terms, order,
            RehearsalState.Preparing, time.GetUtcNow(), new(0, 0, 0, 0, 0, 0, 0, terms.Capacity));
        var underWay = await AskAsync(known => known.Begin(mine));
        if (underWay.Id != mine.Id) return (underWay, false);
        _underWay = RunAsync(mine);
        return (mine, true);
    }

    /// <summary>Embedded, nobody else can be running what is still said to run: its process has ended.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _cleanUp = CleanUpAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_cleanUp, _underWay).WaitAsync(cancellationToken);

    private async Task CleanUpAsync()
    {
        try
        {
            var known = await AskAsync(one => one.List()); // whoever asks first lets it look for what was left behind
            if (store is not null && Array.Find(known, one => one.IsUnderWay) is { } lost)
                await EndAsync(lost.Id, new(RehearsalState.Failed, "The process that ran it ended."));
        }
        catch (Exception e)
        {
            LogNotEnded(e);
        }
    }

    private async Task RunAsync(RehearsalStatus rehearsal)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        var run = new RehearsalRun(rehearsal, stop);
        using var timer = new PeriodicTimer(RehearsalTiming.ReportPeriod, time);
        var telling = TellAsync(run, timer);
        var ending = await ConductAsync(run);
        timer.Dispose();
        await telling;
        try
        {
            if (run.Cue != RehearsalCue.Over) await EndAsync(rehearsal.Id, ending with { Progress = run.Progress });
        }
        catch (Exception e)
        {
            LogNotEnded(e); // after a while without a report it counts as failed
        }
    }

    /// <summary>Says each second how far it is, and hears whether to go on.</summary>
    private async Task TellAsync(RehearsalRun run, PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                run.Look(retry);
                run.Hear(await AskAsync(known => known.Report(run.Rehearsal.Id, run.State, run.Progress)));
            }
            catch (Exception e)
            {
                LogNotTold(e, run.Rehearsal.Id); // a silo is being replaced: the next report comes in a second
            }
        }
    }

    private async Task<RehearsalEnding> ConductAsync(RehearsalRun run)
    {
        try
        {
            var crowd = await SendCrowdAsync(run);
            run.State = RehearsalState.Checking;
            var report = await CheckAsync(run, crowd);
            return new(RehearsalState.Done, Report: JsonSerializer.Serialize(report, RehearsalJson.Default.RehearsalReport));
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return new(RehearsalState.Failed, "The front-end that ran it was stopped.");
        }
        catch (OperationCanceledException) when (run.Cue != RehearsalCue.GoOn)
        {
            return new(RehearsalState.Stopped);
        }
        catch (RehearsalException e)
        {
            return new(RehearsalState.Failed, e.Message);
        }
        catch (Exception e)
        {
            LogFailed(e, run.Rehearsal.Id);
            return new(RehearsalState.Failed, $"It could not go on: {e.Message}");
        }
    }

    private async Task<CrowdResult> SendCrowdAsync(RehearsalRun run)
    {
        var (rehearsal, order) = (run.Rehearsal, run.Rehearsal.Order);
        var door = url.Find() ?? throw new RehearsalException("This front-end listens nowhere that a crowd could reach; set BoxOffice__RehearsalUrl.");
        await OpenAsync(run.CopyId, rehearsal.Terms);
        var issued = Enumerable.Range(1, order.Buyers).Select(n => tokens.Issue(RehearsalCopy.MemberOf(n), MemberRole.Member, run.LengthMax).Token);

        using var crowd = CrowdProcess.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Stop);
        limit.CancelAfter(run.LengthMax);
        try
        {
            await crowd.SendAsync(new(door, run.CopyId, order, rehearsal.Id, [.. issued]), limit.Token);
            run.State = RehearsalState.Running;
            await foreach (var said in crowd.ReadAsync(limit.Token))
            {
                if (said.Progress is { } progress) run.Buyers = progress;
                if (said.Problem is { } problem) throw new RehearsalException(problem);
                if (said.Result is { } result) return result;
            }
            LogCrowdEnded(rehearsal.Id, crowd.LastWords);
            throw new RehearsalException($"The crowd's process ended with code {await crowd.ExitCodeAsync(limit.Token)} before its last word.");
        }
        catch (IOException e)
        {
            throw new RehearsalException($"The crowd's process ended before it heard what to do: {e.Message}");
        }
        catch (OperationCanceledException) when (!run.Stop.IsCancellationRequested)
        {
            throw new RehearsalException($"The crowd did not end within {run.LengthMax.TotalSeconds:0} s.");
        }
    }

    private async Task OpenAsync(string copyId, EventTerms terms)
    {
        var opened = await retry.ChangeAsync(copyId, (grains, validUntil) => grains.TicketEvent(copyId).Open(terms, RehearsalCopy.MemberOf(0), validUntil));
        // It exists when the answer to a first attempt was lost: nobody else knows this id.
        if (opened.Status is not (EventResultStatus.Done or EventResultStatus.EventExists))
            throw new RehearsalException($"The copy of the event could not be opened: {opened.Status}.");
    }

    private async Task<RehearsalReport> CheckAsync(RehearsalRun run, CrowdResult crowd)
    {
        run.Buyers = new(Math.Round(crowd.LastAnswerSeconds, 1), run.Rehearsal.Order.Buyers, crowd.Accepted, crowd.Refused.Values.Sum(),
            crowd.GaveUp, crowd.Failed, Waiting: 0, Available: 0);
        var stored = await ExportAsync(run);
        var truth = await router.For(run.CopyId).Grains.GetGrain<IJournalGrain>(0).Reconcile(run.CopyId).WaitAsync(run.Stop)
            ?? throw new RehearsalException("The copy of the event is gone.");
        run.Available = truth.Available;
        var timing = TimingAnswer.Of(run.CopyId, await TimingAsync(run, crowd.CallTimes.Count));
        return RehearsalReport.Of(run.Rehearsal.Order, crowd, truth, stored, timing);
    }

    private async Task<List<ExportedReservation>> ExportAsync(RehearsalRun run)
    {
        var all = new List<ExportedReservation>();
        while (true)
        {
            var after = all.Count == 0 ? 0 : all[^1].Reservation.Sequence;
            var page = await retry.AskAsync(run.CopyId, grains => grains.TicketEvent(run.CopyId).Export(after, ExportPageSize));
            if (page.Length == 0) return all;
            all.AddRange(page);
            run.Stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Front-ends tell each second what they counted: waits until all is there that the crowd had an answer to, or for a few seconds.</summary>
    private async Task<ReserveReport> TimingAsync(RehearsalRun run, long calls)
    {
        const int Attempts = 4;
        for (var attempt = 1; ; attempt++)
        {
            await tallies.ReportAsync(run.CopyId);
            var report = await retry.AskAsync(run.CopyId, grains => grains.GetGrain<IReserveTallyGrain>(run.CopyId).Read());
            if (attempt == Attempts || report.All.Stages[(int)ReserveStage.Total].Count >= calls) return report;
            await Task.Delay(RehearsalTiming.ReportPeriod, time, run.Stop);
        }
    }

    private Task<bool> EndAsync(string id, RehearsalEnding ending) => AskAsync(async known =>
    {
        await known.End(id, ending);
        return true;
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rehearsal {Id} could not go on")]
    private partial void LogFailed(Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The crowd of rehearsal {Id} ended early; it wrote: {LastWords}")]
    private partial void LogCrowdEnded(string id, string lastWords);

    [LoggerMessage(Level = LogLevel.Warning, Message = "How far rehearsal {Id} is could not be told")]
    private partial void LogNotTold(Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of a rehearsal could not be told")]
    private partial void LogNotEnded(Exception exception);
}
