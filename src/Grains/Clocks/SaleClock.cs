namespace BoxOffice.Grains.Clocks;

/// <summary>What a reading changed.</summary>
public enum ClockChange
{
    /// <summary>Nothing that anybody needs to know.</summary>
    None,

    /// <summary>The source moved away at once: it is not believed for now.</summary>
    StepBegan,

    /// <summary>The source has stood at its new time for so long that this clock moves there, slowly.</summary>
    StepBelieved,

    /// <summary>The source and this clock agree again.</summary>
    StepOver,

    /// <summary>This process alone was behind the cluster, and took its time.</summary>
    CaughtUp,
}

/// <summary>
/// The time that is sold by. The monotonic clock carries it, and a source (<see cref="IClockSource"/>) corrects it: small
/// differences slowly, large ones only when they last. It never goes back, so Orleans runs by it too.
/// </summary>
/// <remarks>
/// <para>The rule, for each reading, where the error is how far the source is ahead of this clock:</para>
/// <list type="number">
/// <item>A reading that took longer than <see cref="TookMax"/> is not used.</item>
/// <item>What the machine has slept since the reading before is added at once: the monotonic clock stood still meanwhile.</item>
/// <item>An error up to <see cref="StepMin"/> is corrected by <see cref="SlewRate"/>: a clock drifts, and a network delays.</item>
/// <item>A larger one is a step. It is not believed: this clock goes on as before, so that holds live as long as they were promised,
/// and <see cref="Step"/> tells it. Whoever set the source for a moment and back has changed nothing.</item>
/// <item>A step ends when the source is back. When it has stood for the time given to the constructor, this clock moves to the source by
/// <see cref="SlewRate"/>; until it is there, <see cref="Step"/> goes on telling. A hold of ten minutes ends half a minute
/// early or late at most. To take the source's time at once, restart all processes together.</item>
/// <item>In a cluster, all processes see a step of the database's clock. When most of the others agree with the database for
/// <see cref="AgreedAfter"/>, it is this process that stood still (a virtual machine was paused), and it takes the database's time at once.</item>
/// <item>A process that starts takes the time that most of the others sell by, not the database's: during a step those differ.</item>
/// </list>
/// <para>So two processes of a cluster differ by no more than <see cref="StepMin"/>, but for the <see cref="AgreedAfter"/> that one needs
/// to notice that it stood still, and they do not refuse each other's calls as too late for longer than that.</para>
/// </remarks>
public sealed class SaleClock : TimeProvider
{
    /// <summary>The largest error that is no step. A healthy network's and clock's are some milliseconds; holds are in seconds.</summary>
    public static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(500);

    /// <summary>A reading that took longer proves too little: it may be wrong by half of this, a quarter of <see cref="StepMin"/>.</summary>
    public static readonly TimeSpan TookMax = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the others must agree: each reads every second, so all have seen the step by then.</summary>
    public static readonly TimeSpan AgreedAfter = TimeSpan.FromSeconds(3);

    /// <summary>How much faster or slower than time it runs at most: half a second is corrected within ten.</summary>
    public const double SlewRate = 0.05;

    // /proc/uptime has hundredths of a second, and reading it takes a moment.
    private static readonly TimeSpan AsleepMin = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _steady;
    private readonly TimeSpan _believedAfter;
    private TimeSpan? _asleep;
    private long _stepSince;
    private bool _isBelieved;
    private Course _course;
    private long _latest; // ticks that were told last
    private long _step; // ticks; 0 when there is none

    /// <summary>A clock that shows what a first reading said.</summary>
    /// <param name="first">The first reading.</param>
    /// <param name="believedAfter">How long a step must last to be believed.</param>
    /// <param name="steady">Whose timestamps are monotonic.</param>
    public SaleClock(ClockReading first, TimeSpan believedAfter, TimeProvider steady)
    {
        (_steady, _believedAfter, _asleep) = (steady, believedAfter, first.Asleep);
        _course = new(first.UtcNow - MostCommon(first.Others), first.Timestamp, TimeSpan.Zero);
    }

    /// <summary>By how much the source was ahead of this clock at the last reading that was used.</summary>
    public TimeSpan Error { get; private set; }

    /// <summary>By how much the source is ahead of this clock while that is more than a clock can drift; null when they agree.</summary>
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
            if (reading.Took > TookMax) return ClockChange.None;
            WakeUp(reading);
            Error = reading.UtcNow - At(_course, reading.Timestamp);
            if (Error.Duration() <= StepMin) return Agree(reading);
            if (Step is not { } step || (Error - step).Duration() > StepMin) return Doubt(reading);

            Volatile.Write(ref _step, Error.Ticks);
            var stood = GetElapsedTime(_stepSince, reading.Timestamp);
            if (stood >= AgreedAfter && Error > TimeSpan.Zero && IsAlone(reading.Others)) return CatchUp(reading);
            if (stood < _believedAfter) return ClockChange.None;
            var change = _isBelieved ? ClockChange.None : ClockChange.StepBelieved;
            _isBelieved = true;
            Steer(reading.Timestamp, Error);
            return change;
        }
    }

    private void WakeUp(ClockReading reading)
    {
        if (reading.Asleep is not { } asleep) return;
        var slept = asleep - (_asleep ?? asleep);
        _asleep = asleep;
        if (slept > AsleepMin) Steer(reading.Timestamp, TimeSpan.Zero, skipped: slept);
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

    private ClockChange CatchUp(ClockReading reading)
    {
        Volatile.Write(ref _step, 0);
        Steer(reading.Timestamp, TimeSpan.Zero, skipped: Error);
        Error = TimeSpan.Zero;
        return ClockChange.CaughtUp;
    }

    /// <summary>From a moment on: what is skipped at once, and what is corrected bit by bit.</summary>
    private void Steer(long timestamp, TimeSpan correction, TimeSpan skipped = default) =>
        Volatile.Write(ref _course, new(At(_course, timestamp) + skipped, timestamp, correction));

    private DateTimeOffset At(Course course, long timestamp)
    {
        var elapsed = GetElapsedTime(course.Timestamp, timestamp);
        var correctedMax = elapsed.Duration() * SlewRate;
        var corrected = course.Correction < -correctedMax ? -correctedMax : course.Correction > correctedMax ? correctedMax : course.Correction;
        return course.UtcNow + elapsed + corrected;
    }

    /// <summary>True when most of the other processes agree with the source.</summary>
    private static bool IsAlone(IReadOnlyList<TimeSpan>? others) =>
        others is { Count: > 0 } && others.Count(error => error.Duration() <= StepMin) * 2 > others.Count;

    /// <summary>What most of the others found; nothing when they do not agree.</summary>
    private static TimeSpan MostCommon(IReadOnlyList<TimeSpan>? others)
    {
        if (others is not { Count: > 0 }) return TimeSpan.Zero;
        var median = others.Order().ElementAt(others.Count / 2);
        return others.Count(error => (error - median).Duration() <= StepMin) * 2 > others.Count ? median : TimeSpan.Zero;
    }

    private sealed record Course(DateTimeOffset UtcNow, long Timestamp, TimeSpan Correction);
}
