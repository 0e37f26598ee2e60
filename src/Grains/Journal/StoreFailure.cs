using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Classifies failures of the database: disk full, read-only, no connection, and so on. A classified exception is
/// logged by its name, without a stack. The name may be shown to clients, for it says nothing about the machine.
/// </summary>
public static class StoreFailure
{
    /// <summary>No space for what should be written.</summary>
    public const string DiskFull = "the disk is full";

    /// <summary>A standby, a read-only setting, or a file without write permission.</summary>
    public const string ReadOnly = "it is read-only";

    /// <summary>The server has all connections that it allows, or ran out of memory.</summary>
    public const string NoConnection = "no connection is left";

    /// <summary>The server or the file cannot be found.</summary>
    public const string NotReached = "it cannot be reached";

    /// <summary>It is starting, ending or recovering, or ended this session.</summary>
    public const string Restarting = "it is starting or stopping";

    /// <summary>It took too long.</summary>
    public const string NoAnswer = "it does not answer in time";

    /// <summary>The disk, or the file system, reports an error.</summary>
    public const string DiskError = "the disk reports an error";

    private static readonly string[] All =
        [DiskFull, ReadOnly, NoConnection, NotReached, Restarting, NoAnswer, DiskError];

    /// <summary>True for one of these names.</summary>
    public static bool IsName(string text) => All.Contains(text);

    /// <summary>The name of an exception's class, or of its cause's; null when it has none.</summary>
    public static string? NameOf(Exception? exception)
    {
        for (var (cause, depth) = (exception, 0); cause is not null && depth < 8; cause = cause.InnerException, depth++)
        {
            if (Name(cause) is { } name) return name;
        }
        return exception is AggregateException { InnerExceptions: [var first, ..] } ? Name(first) : null;
    }

    private static string? Name(Exception exception) => exception switch
    {
        PostgresException server => server.SqlState switch
        {
            PostgresErrorCodes.DiskFull => DiskFull,
            PostgresErrorCodes.ReadOnlySqlTransaction => ReadOnly,
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.OutOfMemory => NoConnection,
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
                or PostgresErrorCodes.CannotConnectNow => Restarting,
            PostgresErrorCodes.QueryCanceled => NoAnswer,
            _ => null,
        },
        // Npgsql's own, when its pool is empty for too long, is an NpgsqlException around a TimeoutException.
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => NoAnswer,
        NpgsqlException { InnerException: SocketException or IOException } => NotReached,
        NpgsqlException { InnerException: null } => NotReached,
        FileNotFoundException => NotReached, // the embedded journal's own
        // https://sqlite.org/rescode.html
        SqliteException file => file.SqliteErrorCode switch
        {
            5 or 6 => NoAnswer, // busy, locked
            8 => ReadOnly,
            10 => DiskError,
            13 => DiskFull,
            14 => NotReached,
            _ => null,
        },
        _ => null,
    };
}
