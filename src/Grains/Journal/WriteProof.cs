using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Whether the journal takes writes. A commit of a moment ago proves it; only when there was none, something tiny is
/// written, once for all who ask. So however many ask, a silo that sells pays nothing, and one that is idle a commit in
/// five seconds.
/// </summary>
internal sealed partial class WriteProof(Func<bool, Task> probeAsync, TimeProvider time, ILogger logger)
{
    /// <summary>How long a commit is believed. Front-ends learn of trouble so late at most, when nobody buys.</summary>
    public static readonly TimeSpan ProvenFor = TimeSpan.FromSeconds(5);

    // A failed probe is an answer for a second: trouble does not make more work than health does, and healing is seen soon.
    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(1);

    // Less than the second after which a front-end takes a silo that does not answer for one that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(750);

    private readonly Lock _gate = new();
    private Task _probe = Task.CompletedTask;
    private long? _provenAt;
    private long? _failedAt;
    private bool _hasDoubt;
    private bool _isInTrouble;

    /// <summary>Hears what became of an INSERT. One that was fenced tells nothing here.</summary>
    public void Note(AppendStatus status)
    {
        if (status == AppendStatus.Fenced) return;
        lock (_gate)
        {
            _hasDoubt = status != AppendStatus.Committed;
            if (_hasDoubt) _provenAt = null; // the next who asks tries
            else _provenAt = time.GetTimestamp();
        }
    }

    /// <summary>Returns when a write would succeed.</summary>
    /// <exception cref="NotAppliedException">
    /// It would not; the message is a name of <see cref="StoreFailure"/>, or the database's own words.
    /// </exception>
    public async Task CheckAsync()
    {
        Task probe;
        lock (_gate)
        {
            if (IsRecent(_provenAt, ProvenFor) && !_isInTrouble) return;
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
            if (SetTrouble(true)) LogInTrouble(cause);
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
            if (SetTrouble(false)) LogHealed();
        }
        catch (Exception)
        {
            lock (_gate) (_provenAt, _failedAt) = (null, time.GetTimestamp());
            throw;
        }
    }

    private bool IsRecent(long? moment, TimeSpan period) => moment is { } at && time.GetElapsedTime(at) < period;

    /// <summary>True when that is news.</summary>
    private bool SetTrouble(bool isInTrouble)
    {
        lock (_gate)
        {
            if (_isInTrouble == isInTrouble) return false;
            _isInTrouble = isInTrouble;
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal cannot be written: {Cause}. Nothing is sold and nothing is lost; front-ends "
        + "that reach no other silo say 503 at /health until it can")]
    private partial void LogInTrouble(string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal can be written again")]
    private partial void LogHealed();
}
