namespace BoxOffice.Grains.Clocks;

/// <summary>
/// The time of the sale. It follows the monotonic clock, and a source (<see cref="IClockSource"/>) corrects it: small
/// differences slowly, large ones only when they last. It never goes back, so Orleans uses it too.
/// </summary>
/// <remarks>
/// <para>The rule, for each reading, where the error is how far the source is ahead of this clock:</para>
/// <list type="number">
/// <item>A reading that took longer than <see cref="TookMax"/> corrects nothing.</item>
/// <item>The time that the machine was suspended since the last reading is added at once, as far as the source confirms
/// it: the monotonic clock stood still meanwhile.</item>
/// <item>An error up to <see cref="StepMin"/> is corrected by <see cref="SlewRate"/>: a clock drifts, and a network
/// delays.</item>
/// <item>A larger one is a step. It is not believed: this clock continues as before, so that holds live as long as they
/// were promised, and <see cref="Step"/> reports it. Setting the source briefly and back changes nothing.</item>
/// <item>A step ends when the source is back. When it has stood for the time given to the constructor, this clock moves
/// to the source by <see cref="SlewRate"/>; until it is there, <see cref="Step"/> reports the rest. A hold of ten
/// minutes ends half a minute early or late at most. To take the source's time at once, restart all processes
/// together.</item>
/// <item>In a cluster, all processes see a step of the database's clock. When most of the others found the same error
/// for <see cref="AgreedAfter"/>, and this process another, it goes to their time: at once when it is behind (a virtual
/// machine was paused), by <see cref="SlewRate"/> when it is ahead. One that agrees with the source leaves it for two
/// others at least.</item>
/// <item>A process that starts adopts the time of most of the others, not the database's: during a step those
/// differ.</item>
/// </list>
/// <para>So two processes of a cluster differ by no more than a second, but for the <see cref="AgreedAfter"/> that one
/// needs to notice that it stood still, and they do not refuse each other's calls as too late for longer than
/// that.</para>
/// </remarks>
public sealed class SaleClock : TimeProvider
{
    /// <summary>
    /// The largest error that is no step. Healthy networks and clocks have some milliseconds; holds are in seconds.
    /// </summary>
    public static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A longer reading is too imprecise: it may be wrong by half of this, a quarter of <see cref="StepMin"/>.
    /// </summary>
    public static readonly TimeSpan TookMax = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long the others must agree. What one of them published counts while its next reading is in flight, five
    /// seconds at most. With a second before that reading and one before the next of this process, what is still
    /// published then was found after the step.
    /// </summary>
    public static readonly TimeSpan AgreedAfter = SaleClockKeeper.AnswerMax + (2 * SaleClockKeeper.Period);

    /// <summary>How much faster or slower than time it runs at most: half a second is corrected within ten.</summary>
    public const double SlewRate = 0.05;

    // /proc/uptime has hundredths of a second, and reading it takes a moment.
    private static readonly TimeSpan AsleepMin = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _steady;
    private readonly TimeSpan _believedAfter;
    private TimeSpan? _asleep;
    private long _stepSince;
    private TimeSpan _stepAt; // the source's time by the steady timestamps, at the last reading of the step
    private bool _isBelieved;
    private long _apartSince;
    private TimeSpan _apart; // how far the others are ahead, while that is more than StepMin; else zero
    private Course _course;
    private long _latest; // ticks that were returned last
    private long _step; // ticks; 0 when there is none

    /// <summary>Starts with a first reading.</summary>
    /// <param name="first">The first reading.</param>
    /// <param name="believedAfter">How long a step must last to be believed.</param>
    /// <param name="steady">The source of monotonic timestamps.</param>
    public SaleClock(ClockReading first, TimeSpan believedAfter, TimeProvider steady)
    {
        (_steady, _believedAfter, _asleep) = (steady, believedAfter, first.Asleep);
        _course = new(first.UtcNow - (MostCommon(first.Others) ?? TimeSpan.Zero), first.Timestamp, TimeSpan.Zero);
    }

    /// <summary>By how much the source was ahead of this clock at the last reading that was used.</summary>
    public TimeSpan Error { get; private set; }

    /// <summary>
    /// What is published to the other processes: the error; null before the first reading, and after a slow one that
    /// contradicts it. A slow one that agrees changes nothing: else, on a busy machine, a starting process would find
    /// no publication, and adopt the database's time during a step.
    /// </summary>
    public TimeSpan? Found { get; private set; }

    /// <summary>
    /// By how much the source is ahead of this clock while that is more than a clock can drift; null when they agree.
    /// </summary>
    public TimeSpan? Step => Volatile.Read(ref _step) is var ticks and not 0 ? new(ticks) : null;

    /// <inheritdoc/>
    public override long TimestampFrequency => _steady.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => _steady.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var ticks = At(Volatile.Read(ref _course), GetTimestamp()).UtcTicks;
        while (true)
        {
            // Two threads may read two courses: by some nanoseconds the newer can be behind.
            var latest = Volatile.Read(ref _latest);
            if (ticks <= latest) return new(latest, TimeSpan.Zero);
            if (Interlocked.CompareExchange(ref _latest, ticks, latest) == latest) return new(ticks, TimeSpan.Zero);
        }
    }

    /// <summary>Takes a reading of the source.</summary>
    public ClockChange Observe(ClockReading reading)
    {
        lock (_gate)
        {
            if (reading.Took > TookMax)
            {
                if (Contradicts(reading)) Found = null;
                return ClockChange.None;
            }
            WakeUp(reading);
            Error = reading.UtcNow - At(_course, reading.Timestamp);
            var change =
                Error.Duration() <= StepMin ? Agree(reading)
                : IsSameStep(reading) ? Follow(reading)
                : Doubt(reading);
            _stepAt = BySteady(reading);
            change = Join(reading) && change == ClockChange.None ? ClockChange.CaughtUp : change;
            Found = Error;
            return change;
        }
    }

    /// <summary>True when even a slow reading contradicts what was found before.</summary>
    private bool Contradicts(ClockReading slow) =>
        Found is { } found
        && (slow.UtcNow - At(_course, slow.Timestamp) - found).Duration() > StepMin + (slow.Took / 2);

    private void WakeUp(ClockReading reading)
    {
        if (reading.Asleep is not { } asleep) return;
        var slept = asleep - (_asleep ?? asleep);
        _asleep = asleep;
        if (slept <= AsleepMin) return;
        var behind = reading.UtcNow - At(_course, reading.Timestamp);
        if (slept > behind) slept = behind;
        if (slept <= TimeSpan.Zero) return;
        Steer(reading.Timestamp, TimeSpan.Zero, skipped: slept);
        _stepAt += slept;
    }

    private ClockChange Agree(ClockReading reading)
    {
        var change = _step == 0 ? ClockChange.None : ClockChange.StepOver;
        Volatile.Write(ref _step, 0);
        Steer(reading.Timestamp, Error);
        return change;
    }

    private ClockChange Doubt(ClockReading reading)
    {
        var change = _step == 0 ? ClockChange.StepBegan : ClockChange.None;
        Volatile.Write(ref _step, Error.Ticks);
        (_stepSince, _isBelieved) = (reading.Timestamp, false);
        Steer(reading.Timestamp, TimeSpan.Zero);
        return change;
    }

    private ClockChange Follow(ClockReading reading)
    {
        Volatile.Write(ref _step, Error.Ticks);
        if (GetElapsedTime(_stepSince, reading.Timestamp) < _believedAfter) return ClockChange.None;
        var change = _isBelieved ? ClockChange.None : ClockChange.StepBelieved;
        _isBelieved = true;
        Steer(reading.Timestamp, Error);
        return change;
    }

    /// <summary>Adopts the time of the others when they agree on it for long enough. True when at once.</summary>
    private bool Join(ClockReading reading)
    {
        var apart = Error - (MostCommon(reading.Others, Error.Duration() <= StepMin ? 2 : 1) ?? Error);
        if (apart.Duration() <= StepMin) apart = TimeSpan.Zero;
        if (_apart == TimeSpan.Zero || (apart - _apart).Duration() > StepMin) _apartSince = reading.Timestamp;
        _apart = apart;
        if (apart == TimeSpan.Zero || GetElapsedTime(_apartSince, reading.Timestamp) < AgreedAfter) return false;
        var isBehind = apart > TimeSpan.Zero;
        Steer(reading.Timestamp, isBehind ? TimeSpan.Zero : apart, skipped: isBehind ? apart : TimeSpan.Zero);
        if (!isBehind) return false;
        (Error, _apart) = (Error - apart, TimeSpan.Zero);
        if (_step != 0) Volatile.Write(ref _step, Error.Duration() <= StepMin ? 0 : Error.Ticks);
        return true;
    }

    /// <summary>Compared by the steady timestamps, for this clock moves while it follows a step.</summary>
    private bool IsSameStep(ClockReading reading) => _step != 0 && (BySteady(reading) - _stepAt).Duration() <= StepMin;

    private TimeSpan BySteady(ClockReading reading) =>
        new(reading.UtcNow.UtcTicks - GetElapsedTime(0, reading.Timestamp).Ticks);

    /// <summary>
    /// Sets the course from a timestamp on: what is skipped at once, and what is corrected gradually.
    /// </summary>
    private void Steer(long timestamp, TimeSpan correction, TimeSpan skipped = default) =>
        Volatile.Write(ref _course, new(At(_course, timestamp) + skipped, timestamp, correction));

    private DateTimeOffset At(Course course, long timestamp)
    {
        var elapsed = GetElapsedTime(course.Timestamp, timestamp);
        var correctedMax = elapsed.Duration() * SlewRate;
        var corrected =
            course.Correction < -correctedMax ? -correctedMax
            : course.Correction > correctedMax ? correctedMax
            : course.Correction;
        return course.UtcNow + elapsed + corrected;
    }

    /// <summary>What most of the others found; null when they do not agree, or are too few.</summary>
    private static TimeSpan? MostCommon(IReadOnlyList<TimeSpan>? others, int countMin = 1)
    {
        if (others is not { Count: > 0 }) return null;
        var median = others.Order().ElementAt(others.Count / 2);
        var count = others.Count(error => (error - median).Duration() <= StepMin);
        return count * 2 > others.Count && count >= countMin ? median : null;
    }

    private sealed record Course(DateTimeOffset UtcNow, long Timestamp, TimeSpan Correction);
}
