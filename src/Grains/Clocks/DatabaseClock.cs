using Npgsql;
using NpgsqlTypes;

namespace BoxOffice.Grains.Clocks;

/// <summary>
/// The database's clock, for the processes of a cluster, over one connection that is kept. Each of them tells the others by an advisory lock
/// of that connection what it found: the lock needs no table and no rights, and ends with its process.
/// </summary>
/// <param name="database">Where it is asked.</param>
public sealed class DatabaseClock(NpgsqlDataSource database) : IClockSource
{
    // Of the two numbers of a lock this is the first: "BoxC". The second is the error in tenths of a second.
    private const int LockClass = 0x426f7843;
    private const int ReadingsMax = 10;
    private const int ReadingsMin = 3;
    private const string Ask = """
        SELECT clock_timestamp(), ARRAY(
          SELECT objid::bigint FROM pg_locks
          WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND pid <> pg_backend_pid()
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;
    private const string Tell = "SELECT pg_advisory_unlock_all(), pg_try_advisory_lock_shared($1, $2)";

    private NpgsqlConnection? _connection;
    private int? _told;

    /// <summary>The quickest of a few readings; of some more while none is quick enough.</summary>
    public async Task<ClockReading> ReadFirstAsync(CancellationToken stop = default)
    {
        var best = await ReadAsync(stop);
        for (var i = 1; i < ReadingsMin || (best.Took > SaleClock.TookMax && i < ReadingsMax); i++)
        {
            var next = await ReadAsync(stop);
            if (next.Took < best.Took) best = next;
        }
        return best;
    }

    /// <inheritdoc/>
    public async Task<ClockReading> ReadAsync(TimeSpan error, CancellationToken stop)
    {
        try
        {
            var reading = await ReadAsync(stop);
            await TellAsync(error, stop);
            return reading;
        }
        catch
        {
            await DisposeAsync(); // the next reading connects anew
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _told = null;
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.DisposeAsync();
    }

    private async Task<ClockReading> ReadAsync(CancellationToken stop)
    {
        _connection ??= await database.OpenConnectionAsync(stop);
        await using var ask = new NpgsqlCommand(Ask, _connection) { Parameters = { new() { Value = (uint)LockClass, NpgsqlDbType = NpgsqlDbType.Oid } } };
        var before = TimeProvider.System.GetTimestamp();
        await using var rows = await ask.ExecuteReaderAsync(stop);
        await rows.ReadAsync(stop);
        var utcNow = new DateTimeOffset(rows.GetDateTime(0), TimeSpan.Zero);
        var after = TimeProvider.System.GetTimestamp();
        var others = rows.GetFieldValue<long[]>(1).Select(tenths => TimeSpan.FromSeconds(unchecked((int)tenths) / 10.0)).ToArray();
        return new(utcNow, before + ((after - before) / 2), TimeProvider.System.GetElapsedTime(before, after), MachineSleep.SoFar(), others);
    }

    private async Task TellAsync(TimeSpan error, CancellationToken stop)
    {
        var tenths = (int)Math.Clamp(Math.Round(error.TotalSeconds * 10), int.MinValue, int.MaxValue);
        if (tenths == _told) return;
        await using var tell = new NpgsqlCommand(Tell, _connection) { Parameters = { new() { Value = LockClass }, new() { Value = tenths } } };
        await tell.ExecuteNonQueryAsync(stop);
        _told = tenths;
    }
}
