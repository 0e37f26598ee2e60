using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Whether the journal takes writes. A recent commit proves it; only when there was none, a tiny record is written,
/// once for all callers. So a silo that sells pays nothing, and one that is idle a commit every five seconds.
/// </summary>
internal sealed partial class WriteProof(Func<bool, Task> probeAsync, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// How long a commit counts as proof. Without sales, front-ends notice a failure after that time at most.
    /// </summary>
    public static readonly TimeSpan ProvenFor = TimeSpan.FromSeconds(5);

    // The result of a failed probe is reused for a second: a failure makes no more work than normal operation, and a
    // recovery is noticed soon.
    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(1);

    // Less than the second after which a front-end treats a silo without an answer as frozen.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(750);

    private readonly Lock _gate = new();
    private Task _probe = Task.CompletedTask;
    private long? _provenAt;
    private long? _failedAt;
    private bool _hasDoubt;
    private bool _isFailing;

    /// <summary>Notes the outcome of an INSERT. A fenced one proves nothing.</summary>
    public void Note(AppendStatus status)
    {
        if (status == AppendStatus.Fenced) return;
        lock (_gate)
        {
            _hasDoubt = status != AppendStatus.Committed;
            if (_hasDoubt) _provenAt = null; // the next call probes
            else _provenAt = time.GetTimestamp();
        }
    }

    /// <summary>Returns when a write would succeed.</summary>
    /// <exception cref="NotAppliedException">
    /// It would not; the message is a name of <see cref="StoreFailure"/>, or the database's message.
    /// </exception>
    public async Task CheckAsync()
    {
        Task probe;
        lock (_gate)
        {
            if (IsRecent(_provenAt, ProvenFor) && !_isFailing) return;
            if (_probe.IsCompleted && !IsRecent(_failedAt, FailureKept)) _probe = ProbeAsync();
            probe = _probe;
        }
        try
        {
            await probe.WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            var cause = StoreFailure.NameOf(e) ?? e.Message;
            if (SetFailing(true)) LogFailing(cause);
            throw new NotAppliedException(cause);
        }
    }

    private async Task ProbeAsync()
    {
        await Task.Yield(); // not under the lock
        try
        {
            await probeAsync(_hasDoubt);
            lock (_gate) (_provenAt, _failedAt, _hasDoubt) = (time.GetTimestamp(), null, false);
            if (SetFailing(false)) LogRecovered();
        }
        catch (Exception)
        {
            lock (_gate) (_provenAt, _failedAt) = (null, time.GetTimestamp());
            throw;
        }
    }

    private bool IsRecent(long? moment, TimeSpan period) => moment is { } at && time.GetElapsedTime(at) < period;

    /// <summary>True when that changes.</summary>
    private bool SetFailing(bool isFailing)
    {
        lock (_gate)
        {
            if (_isFailing == isFailing) return false;
            _isFailing = isFailing;
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal cannot be written: {Cause}. Nothing is sold and "
        + "nothing is lost; front-ends that reach no other silo answer 503 at /health until it can")]
    private partial void LogFailing(string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal can be written again")]
    private partial void LogRecovered();
}
