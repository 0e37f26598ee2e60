using BoxOffice.Grains.Journal;
using Npgsql;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// A start waits without a limit for a database that cannot be used yet: it starts, stops, fails over, or confirms
/// nothing while its synchronous standby is unreachable. It prints a line after <see cref="SaidAfter"/>, and then every
/// <see cref="SaidEvery"/>.
/// </summary>
public sealed class StartupWait(TimeProvider time)
{
    /// <summary>
    /// How long a start waits without a line: about the time that a database needs when it is started together with its
    /// programs.
    /// </summary>
    public static readonly TimeSpan SaidAfter = TimeSpan.FromSeconds(2);

    /// <summary>A line every half minute: enough for an operator, and few in a night.</summary>
    public static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500); // between two attempts

    private readonly long _begunAt = time.GetTimestamp();
    private long? _printedAt;

    /// <summary>
    /// True when waiting may help; false for what an operator has to correct, such as a wrong password.
    /// </summary>
    public static bool MayHelp(Exception failure) => failure switch
    {
        PostgresException server => server.IsTransient || StoreFailure.NameOf(server) is not null,
        NpgsqlException or NotAppliedException => true,
        _ => StoreFailure.NameOf(failure) is not null,
    };

    /// <summary>Called after each failure. Returns when it is time to try again.</summary>
    public async Task AfterAsync(Exception failure, CancellationToken stop = default)
    {
        var isDue = _printedAt is { } said
            ? time.GetElapsedTime(said) >= SaidEvery
            : time.GetElapsedTime(_begunAt) >= SaidAfter;
        if (isDue)
        {
            _printedAt = time.GetTimestamp();
            var cause = StoreFailure.NameOf(failure) ?? failure.Message;
            Console.WriteLine(
                $"PostgreSQL cannot be used yet: {cause}. This program waits until it can, and serves nobody "
                + "meanwhile. Check the database, its synchronous standby, and ConnectionStrings__boxoffice.");
        }
        await Task.Delay(Pause, time, stop);
    }
}
