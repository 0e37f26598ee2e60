using System.Security.Cryptography;
using BoxOffice.Grains;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Schema;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// The folder of the embedded form: locked by one process, its files checked, with the key that signs its tokens.
/// </summary>
internal sealed class EmbeddedStore : IHostedService, IDisposable
{
    private const string LockName = "lock";
    private const string KeyName = "token.key";
    private const string LoadTestName = "load-test";

    private readonly FileStream _lock;
    private readonly SqliteStore _files;

    private EmbeddedStore(string directory, FileStream held, SqliteStore files, string tokenKey) =>
        (Directory, _lock, _files, TokenKey) = (directory, held, files, tokenKey);

    /// <summary>The folder's full path.</summary>
    public string Directory { get; }

    /// <summary>The key kept here; generated at the first start, readable only by the program's user.</summary>
    public string TokenKey { get; }

    /// <summary>
    /// Whether load tests may make members and tokens. A store that was made by its own first start allows it until it
    /// is set otherwise; any other, such as a restored one, does not.
    /// </summary>
    public bool DecideLoadTest(bool? setting)
    {
        var kept = Path.Combine(Directory, LoadTestName);
        if (setting == false) File.Delete(kept);
        else if (_files.IsNew && setting is null) PrivateFile.Open(kept, FileMode.OpenOrCreate).Dispose();
        return setting ?? File.Exists(kept);
    }

    /// <summary>
    /// By how much the journal, as it was opened, ends after this time; null when that is not more than a clock can
    /// drift.
    /// </summary>
    public TimeSpan? AheadOf(DateTimeOffset now) =>
        _files.NewestAt - now is var ahead && ahead > ReservationLedger.ClockAheadMax ? ahead : null;

    /// <summary>Locks the folder for this process and opens its files.</summary>
    /// <exception cref="StartupException">
    /// Another process has the lock, the folder cannot be written, or its files must not be used.
    /// </exception>
    public static EmbeddedStore Open(string path)
    {
        var directory = Path.GetFullPath(path);
        try
        {
            // It contains password hashes and the token key: only this user may read them.
            PrivateFile.ProtectFolder(directory, IsOwnFile);
            foreach (var name in new[] { LockName, LoadTestName }) PrivateFile.Protect(Path.Combine(directory, name));
            var held = PrivateFile.Open(Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileShare.None);
            // The key is written last: a folder with a key once had all other files.
            var key = Path.Combine(directory, KeyName);
            var files = SqliteStore.Open(directory, wasStarted: File.Exists(key), say: Console.WriteLine);
            return new(directory, held, files, ReadOrMakeKey(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The store {directory} cannot be used: {e.Message} Is another BoxOffice running? "
                + "Set BoxOffice__DataDirectory.", e);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Records the size of the files. A full disk, which cannot take the record, does not fail the stop.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            _files.Note();
        }
        catch (SqliteException)
        {
            // The record of the start remains; it does not cover sales since.
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static bool IsOwnFile(string name) =>
        name is LockName or KeyName or LoadTestName || name.StartsWith("journal.db", StringComparison.Ordinal)
            || name.StartsWith("members.db", StringComparison.Ordinal);

    private static string ReadOrMakeKey(string file)
    {
        PrivateFile.Protect(file);
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept) return kept;
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
        using var writer = new StreamWriter(PrivateFile.Open(file, FileMode.Create));
        writer.WriteLine(key);
        return key;
    }
}
