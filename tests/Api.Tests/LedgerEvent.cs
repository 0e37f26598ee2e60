using BoxOffice.Grains.Ledger;

namespace BoxOffice.Api.Tests;

/// <summary>
/// An event that decides as the real one does, without a journal. It decides at once; its answers can be delayed, as
/// by a network.
/// </summary>
internal sealed class LedgerEvent(TimeProvider time) : ITicketEventGrain
{
    private readonly Lock _turn = new();
    private readonly ReservationLedger _ledger = new();
    private readonly List<JournalEntry> _journal = [];
    private TaskCompletionSource? _keptBack;

    /// <summary>Reserve calls.</summary>
    public int ReserveCalls { get; private set; }

    /// <summary>Batches of reserve calls, including empty ones.</summary>
    public int ReserveBatches { get; private set; }

    /// <summary>Calls for a sold-out notice.</summary>
    public int SoldOutCalls { get; private set; }

    /// <summary>Calls for its numbers.</summary>
    public int StatusCalls { get; private set; }

    /// <summary>What <see cref="SoldOut"/> and <see cref="Status"/> throw.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What the next <see cref="Reserve"/> throws, before it decides anything.</summary>
    public Exception? NextFailure { get; set; }

    /// <summary>
    /// After so many answers of <see cref="Reserve"/> one is lost after its decision.
    /// </summary>
    public int AnswersUntilLoss { get; set; } = int.MaxValue;

    /// <summary>All entries until now.</summary>
    public JournalEntry[] Journal
    {
        get { lock (_turn) return [.. _journal]; }
    }

    /// <summary>From now on answers are kept until <see cref="GiveAnswers"/>.</summary>
    public void KeepAnswersBack()
    {
        lock (_turn) _keptBack ??= new();
    }

    /// <summary>Gives the answers that were kept back.</summary>
    /// <param name="andKeepTheNext">Whether answers that follow from these are kept back in turn.</param>
    public void GiveAnswers(bool andKeepTheNext = false)
    {
        TaskCompletionSource? keptBack;
        lock (_turn) (keptBack, _keptBack) = (_keptBack, andKeepTheNext ? new() : null);
        keptBack?.SetResult();
    }

    public async Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil)
    {
        var results = await DecideAsync(now => Decided(requests, now));
        return AnswersUntilLoss-- == 0 ? throw new OutcomeUnknownException("The answer was lost.") : results;
    }

    private ReserveResults Decided(ReserveRequest[] requests, DateTimeOffset now)
    {
        ReserveBatches++;
        if (NextFailure is { } failure)
        {
            NextFailure = null;
            throw failure;
        }
        ReserveCalls += requests.Length;
        var results = Array.ConvertAll(requests, request => _ledger.Reserve(request, now));
        return new ReserveResults(results, "", _ledger.IsSoldOut(now) ? _ledger.HeadSequence : 0);
    }

    public Task<SoldOutNotice?> SoldOut() => DecideAsync(now =>
    {
        SoldOutCalls++;
        return Failure is null ? _ledger.SoldOut(now) : throw Failure;
    });

    public Task<RepairResult> Repair(long upTo, string actor, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<EventResult> Open(EventTerms terms, string actor, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => new EventResult(_ledger.Open(terms, actor, now)));

    public Task<EventResult> Change(TermsChange change, string actor, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => new EventResult(_ledger.Change(change, actor, now)));

    public Task<EventResult> Pause(string actor, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => new EventResult(_ledger.Pause(actor, now)));

    public Task<EventResult> Resume(string actor, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => new EventResult(_ledger.Resume(actor, now)));

    public Task<EventStatus?> Status() => DecideAsync(now =>
    {
        StatusCalls++;
        return Failure is null ? _ledger.Status("gala", now) : throw Failure;
    });

    public Task<ReservationResult> Confirm(string memberId, long sequence, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => _ledger.Confirm(memberId, sequence, now));

    public Task<ReservationResult> Cancel(string memberId, long sequence, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => _ledger.Cancel(memberId, sequence, now));

    public Task<ReservationResult> Find(string memberId, long sequence, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => _ledger.Find(memberId, sequence, now));

    public Task<Reservation[]> ReservationsOf(string memberId, int countMax, DateTimeOffset? validUntil = null) =>
        DecideAsync(now => _ledger.ReservationsOf(memberId, countMax, now));

    public Task<ExportedReservation[]> Export(long after, int countMax) =>
        DecideAsync(now => _ledger.Export(after, countMax, now));

    public Task Discard() => throw new NotSupportedException();

    private async Task<T> DecideAsync<T>(Func<DateTimeOffset, T> decide)
    {
        T answer;
        Task keptBack;
        lock (_turn)
        {
            answer = decide(time.GetUtcNow());
            _journal.AddRange(_ledger.TakeUncommitted(int.MaxValue));
            keptBack = _keptBack?.Task ?? Task.CompletedTask;
        }
        await keptBack;
        return answer;
    }
}
