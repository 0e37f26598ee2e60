using Npgsql;
using NpgsqlTypes;

namespace BoxOffice.Grains.Clocks;

/// <summary>
/// The database's clock, for the processes of a cluster, over one connection that is kept. Each process publishes what
/// it found by an advisory lock of that connection: the lock needs no table and no rights, and ends with its process.
/// </summary>
/// <param name="database">The database.</param>
public sealed class DatabaseClock(NpgsqlDataSource database) : IClockSource
{
    // The first of a lock's two numbers: "BoxC". The second is the error in tenths of a second.
    private const int LockClass = 0x426f7843;
    private const int ReadingsMax = 10;
    private const int ReadingsMin = 3;
    private const int ConfirmationsMax = 3;

    // The other processes read once in a period; after this time they have published what they found after the first
    // reading.
    private static readonly TimeSpan FoundAfter = (2 * SaleClockKeeper.Period) + TimeSpan.FromMilliseconds(500);

    private const string Ask = """
        SELECT clock_timestamp(), ARRAY(
          SELECT objid::bigint FROM pg_locks
          WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND pid <> pg_backend_pid()
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;
    private const string Withdraw = "SELECT pg_advisory_unlock_all()";

    // From PostgreSQL 14 on, a session that is idle for five seconds ends: a frozen process no longer publishes.
    private const string Tell = """
        SELECT pg_advisory_unlock_all(),
          CASE WHEN current_setting('idle_session_timeout', true) IS NOT NULL
            THEN set_config('idle_session_timeout', '5s', false) END,
          pg_try_advisory_lock_shared($1, $2)
        """;

    private NpgsqlConnection? _connection;
    private int? _published;

    /// <summary>
    /// The fastest of a few readings; of some more while none is fast enough. When the machine's clock disagrees with
    /// the database's, one of them may just have been set, and the other processes may not have found it yet: this
    /// waits for their next readings.
    /// </summary>
    /// <param name="machine">The machine's wall clock. It is only compared.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<ClockReading> ReadFirstAsync(TimeProvider machine, CancellationToken stop = default)
    {
        var reading = await FastestAsync(stop);
        if (reading.Others is not { Count: > 0 }) return reading; // no other process
        for (var i = 0; i < ConfirmationsMax && IsApart(reading, machine); i++)
        {
            var before = reading;
            await Task.Delay(FoundAfter, TimeProvider.System, stop);
            reading = await FastestAsync(stop);
            var elapsed = TimeProvider.System.GetElapsedTime(before.Timestamp, reading.Timestamp);
            var moved = reading.UtcNow - before.UtcNow - elapsed;
            if (moved.Duration() <= SaleClock.StepMin) break; // else it was just set
        }
        return reading;
    }

    /// <inheritdoc/>
    public Task<ClockReading> ReadAsync(CancellationToken stop) => OrDisconnectAsync(() => AskAsync(stop));

    /// <inheritdoc/>
    public Task TellAsync(TimeSpan? error, CancellationToken stop) => OrDisconnectAsync(async () =>
    {
        int? tenths = error is { } known
            ? (int)Math.Clamp(Math.Round(known.TotalSeconds * 10), int.MinValue, int.MaxValue)
            : null;
        if (tenths == _published || _connection is null) return true;
        await using var tell = new NpgsqlCommand(tenths is null ? Withdraw : Tell, _connection);
        if (tenths is { } value)
        {
            tell.Parameters.Add(new() { Value = LockClass });
            tell.Parameters.Add(new() { Value = value });
        }
        await tell.ExecuteNonQueryAsync(stop);
        _published = tenths;
        return true;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _published = null;
        if (_connection is not { } connection) return;
        _connection = null;
        database.Clear(); // else the pool keeps its session, and the session its lock
        await connection.DisposeAsync();
    }

    private static bool IsApart(ClockReading reading, TimeProvider machine) =>
        (reading.UtcNow - machine.GetUtcNow()).Duration() > SaleClock.StepMin;

    private async Task<T> OrDisconnectAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch
        {
            await DisposeAsync(); // the next reading reconnects
            throw;
        }
    }

    private async Task<ClockReading> FastestAsync(CancellationToken stop)
    {
        var best = await AskAsync(stop);
        for (var i = 1; i < ReadingsMin || (best.Took > SaleClock.TookMax && i < ReadingsMax); i++)
        {
            var next = await AskAsync(stop);
            if (next.Took < best.Took) best = next;
        }
        return best;
    }

    private async Task<ClockReading> AskAsync(CancellationToken stop)
    {
        _connection ??= await database.OpenConnectionAsync(stop);
        await using var ask = new NpgsqlCommand(Ask, _connection)
        {
            Parameters = { new() { Value = (uint)LockClass, NpgsqlDbType = NpgsqlDbType.Oid } },
        };
        var before = TimeProvider.System.GetTimestamp();
        await using var rows = await ask.ExecuteReaderAsync(stop);
        await rows.ReadAsync(stop);
        var utcNow = new DateTimeOffset(rows.GetDateTime(0), TimeSpan.Zero);
        var after = TimeProvider.System.GetTimestamp();
        var others = rows.GetFieldValue<long[]>(1)
            .Select(tenths => TimeSpan.FromSeconds(unchecked((int)tenths) / 10.0)).ToArray();
        return new(
            utcNow, before + ((after - before) / 2), TimeProvider.System.GetElapsedTime(before, after),
            MachineSleep.SoFar(), others);
    }
}
