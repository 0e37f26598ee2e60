using System.Text.Json;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// Runs the rehearsals that were ordered at this front-end: opens the copy, runs the crowd, and compares its answers
/// with the journal. It reports to <see cref="IRehearsalGrain"/> each second, which every front-end can ask.
/// </summary>
internal sealed partial class RehearsalRunner(
    RetryPolicy retry,
    RehearsalCheck check,
    Tokens tokens,
    CrowdUrl url,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RehearsalRunner> logger,
    EmbeddedStore? store = null) : IHostedService
{
    private const string Key = "rehearsals"; // for routing
    private const int IdLength = 10;

    private Task _cleanUp = Task.CompletedTask;
    private Task _underWay = Task.CompletedTask;

    /// <summary>Calls the cluster's record of rehearsals.</summary>
    public Task<T> AskAsync<T>(Func<IRehearsalGrain, Task<T>> call) =>
        retry.AskAsync(Key, grains => call(grains.GetGrain<IRehearsalGrain>(0)));

    /// <summary>Begins a rehearsal, unless one is under way in the cluster.</summary>
    /// <returns>The rehearsal that is now under way, and whether it is the new one.</returns>
    public async Task<(RehearsalStatus Rehearsal, bool IsMine)> BeginAsync(EventStatus of, RehearsalOrder order)
    {
        await _cleanUp;
        var terms = of.Terms with { OpensAt = null, ClosesAt = null }; // on sale at once
        var id = Random.Shared.GetString("abcdefghjkmnpqrstuvwxyz23456789", IdLength);
        var mine = new RehearsalStatus(
            id, of.Id, terms, order, RehearsalState.Preparing, time.GetUtcNow(),
            new(0, 0, 0, 0, 0, 0, 0, terms.Capacity));
        var underWay = await AskAsync(known => known.Begin(mine));
        if (underWay.Id != mine.Id) return (underWay, false);
        _underWay = RunAsync(mine);
        return (mine, true);
    }

    /// <summary>Embedded, a rehearsal that is recorded as under way has lost its process, and is ended.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _cleanUp = CleanUpAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_cleanUp, _underWay).WaitAsync(cancellationToken);

    private async Task CleanUpAsync()
    {
        try
        {
            var all = await AskAsync(known => known.List()); // the first call also removes copies that were left behind
            if (store is not null && Array.Find(all, rehearsal => rehearsal.IsUnderWay) is { } lost)
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
        var reporting = ReportAsync(run, timer);
        var ending = await ConductAsync(run);
        timer.Dispose();
        await reporting;
        try
        {
            if (run.Cue != RehearsalCue.Over) await EndAsync(rehearsal.Id, ending with { Progress = run.Progress });
        }
        catch (Exception e)
        {
            LogNotEnded(e);
        }
    }

    /// <summary>Reports the progress each second, and follows the answer.</summary>
    private async Task ReportAsync(RehearsalRun run, PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                run.RefreshAvailable(retry);
                run.Follow(await AskAsync(known => known.Report(run.Rehearsal.Id, run.State, run.Progress)));
            }
            catch (Exception e)
            {
                LogNotReported(e, run.Rehearsal.Id);
            }
        }
    }

    private async Task<RehearsalEnding> ConductAsync(RehearsalRun run)
    {
        try
        {
            var crowd = await SendCrowdAsync(run);
            run.State = RehearsalState.Checking;
            var report = await check.RunAsync(run, crowd);
            return new(
                RehearsalState.Done, Report: JsonSerializer.Serialize(report, RehearsalJson.Default.RehearsalReport));
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
        var address = url.Find()
            ?? throw new RehearsalException(
                "This front-end listens nowhere that a crowd could reach; set BoxOffice__RehearsalUrl.");
        await OpenAsync(run.CopyId, rehearsal.Terms);
        var issued = Enumerable.Range(1, order.Buyers)
            .Select(n => tokens.Issue(RehearsalCopy.MemberOf(n), MemberRole.Member, run.LengthMax).Token);

        using var crowd = CrowdProcess.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Stop);
        limit.CancelAfter(run.LengthMax);
        try
        {
            await crowd.SendAsync(new(address, run.CopyId, order, rehearsal.Id, [.. issued]), limit.Token);
            run.State = RehearsalState.Running;
            await foreach (var message in crowd.ReadAsync(limit.Token))
            {
                if (message.Progress is { } progress) run.Buyers = progress;
                if (message.Problem is { } problem) throw new RehearsalException(problem);
                if (message.Result is { } result) return result;
            }
            LogCrowdEnded(rehearsal.Id, crowd.Error);
            throw new RehearsalException(
                $"The crowd's process ended with code {await crowd.ExitCodeAsync(limit.Token)} before its result.");
        }
        catch (IOException e)
        {
            throw new RehearsalException($"The crowd's process ended before it had its order: {e.Message}");
        }
        catch (OperationCanceledException) when (!run.Stop.IsCancellationRequested)
        {
            throw new RehearsalException($"The crowd did not end within {run.LengthMax.TotalSeconds:0} s.");
        }
    }

    private async Task OpenAsync(string copyId, EventTerms terms)
    {
        var opened = await retry.ChangeAsync(
            copyId,
            (grains, validUntil) => grains.TicketEvent(copyId).Open(terms, RehearsalCopy.MemberOf(0), validUntil));
        // It exists when the answer to a first attempt was lost: the id is known here only.
        if (opened.Status is not (EventResultStatus.Done or EventResultStatus.EventExists))
            throw new RehearsalException($"The copy of the event could not be opened: {opened.Status}.");
    }

    private Task<bool> EndAsync(string id, RehearsalEnding ending) => AskAsync(async known =>
    {
        await known.End(id, ending);
        return true;
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rehearsal {Id} failed")]
    private partial void LogFailed(Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The crowd of rehearsal {Id} ended before its result. Its standard error: {Error}")]
    private partial void LogCrowdEnded(string id, string error);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The progress of rehearsal {Id} could not be reported. Next try in a second")]
    private partial void LogNotReported(Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The end of a rehearsal could not be reported: it counts as failed after a time without reports")]
    private partial void LogNotEnded(Exception exception);
}
