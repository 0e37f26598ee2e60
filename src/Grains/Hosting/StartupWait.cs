using BoxOffice.Grains.Journal;
using Npgsql;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// A start waits for a database that cannot be used yet, however long that takes: it starts, stops, fails over, or confirms nothing while its
/// synchronous standby is away. Says so at first after <see cref="SaidAfter"/>, and then every <see cref="SaidEvery"/>.
/// </summary>
public sealed class StartupWait(TimeProvider time)
{
    /// <summary>How long a start waits in silence: a database that is started beside its programs takes about so long.</summary>
    public static readonly TimeSpan SaidAfter = TimeSpan.FromSeconds(2);

    /// <summary>A line in half a minute: enough for whoever looks, and no flood in a night.</summary>
    public static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500); // between two looks

    private readonly long _begunAt = time.GetTimestamp();
    private long? _saidAt;

    /// <summary>True when waiting may help; false for what somebody has to correct, such as a wrong password.</summary>
    public static bool MayHelp(Exception failure) => failure switch
    {
        PostgresException server => server.IsTransient || StoreFailure.NameOf(server) is not null,
        NpgsqlException or NotAppliedException => true,
        _ => StoreFailure.NameOf(failure) is not null,
    };

    /// <summary>To be called after each failure. Returns when it is time to look again.</summary>
    public async Task AfterAsync(Exception failure, CancellationToken stop = default)
    {
        var isDue = _saidAt is { } said ? time.GetElapsedTime(said) >= SaidEvery : time.GetElapsedTime(_begunAt) >= SaidAfter;
        if (isDue)
        {
            _saidAt = time.GetTimestamp();
            Console.WriteLine($"PostgreSQL cannot be used yet: {StoreFailure.NameOf(failure) ?? failure.Message}. This program waits until it can, "
                + "and serves nobody meanwhile. Check the database, its synchronous standby, and ConnectionStrings__boxoffice.");
        }
        await Task.Delay(Pause, time, stop);
    }
}
