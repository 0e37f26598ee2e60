using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Timing;

namespace BoxOffice.Api.Rehearsal;

/// <summary>Checks the copy of the event after the crowd, and makes the report.</summary>
internal sealed class RehearsalCheck(RetryPolicy retry, Router router, ReserveTallies tallies, TimeProvider time)
{
    private const int ExportPageSize = 2_000;

    /// <summary>Compares the crowd's answers with the copy's owner, journal and database.</summary>
    public async Task<RehearsalReport> RunAsync(RehearsalRun run, CrowdResult crowd)
    {
        run.Buyers = new(
            Math.Round(crowd.LastAnswerSeconds, 1), run.Rehearsal.Order.Buyers, crowd.Accepted,
            crowd.Refused.Values.Sum(), crowd.GaveUp, crowd.Failed, Waiting: 0, Available: 0);
        var stored = await ExportAsync(run);
        var truth = await router.For(run.CopyId).Grains
            .GetGrain<IJournalGrain>(0).Reconcile(run.CopyId).WaitAsync(run.Stop)
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
            var page = await retry.AskAsync(
                run.CopyId, grains => grains.TicketEvent(run.CopyId).Export(after, ExportPageSize));
            if (page.Length == 0) return all;
            all.AddRange(page);
            run.Stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Front-ends report their counts each second: waits until they have all calls that the crowd had answers to, or
    /// for a few seconds.
    /// </summary>
    private async Task<ReserveReport> TimingAsync(RehearsalRun run, long calls)
    {
        const int Attempts = 4;
        for (var attempt = 1; ; attempt++)
        {
            await tallies.ReportAsync(run.CopyId);
            var report = await retry.AskAsync(
                run.CopyId, grains => grains.GetGrain<IReserveTallyGrain>(run.CopyId).Read());
            if (attempt == Attempts || report.All.Stages[(int)ReserveStage.Total].Count >= calls) return report;
            await Task.Delay(RehearsalTiming.ReportPeriod, time, run.Stop);
        }
    }
}
