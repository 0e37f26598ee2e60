using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;

namespace BoxOffice.Testing;

/// <summary>
/// A PostgreSQL server of its own, in a temporary folder, with the durability settings of production. It can be stopped,
/// killed and started again, copied and restored, and follow another one as its standby.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _programs = FindPrograms();
    private readonly string _directory = Directory.CreateTempSubdirectory("boxoffice-postgres-").FullName;
    private readonly int _port = ProgramProcess.FreePort();
    private readonly string[] _settings;
    private readonly IPAddress? _alsoAt;
    private readonly FakeClock? _clock;
    private Process? _server;
    private int _databases;

    private PostgresServer(IPAddress? alsoAt, FakeClock? clock, string[] settings) => (_alsoAt, _clock, _settings) = (alsoAt, clock, settings);

    public bool IsRunning => _server is { HasExited: false };

    /// <summary>The process that all others of this server are children of.</summary>
    public int Id => _server!.Id;

    /// <summary>Where it answers, on loopback, whether it runs or not.</summary>
    public int Port => _port;

    private string DataDirectory => Path.Combine(_directory, "data");

    private string BackupDirectory => Path.Combine(_directory, "backup");

    private string AccessRules => Path.Combine(DataDirectory, "pg_hba.conf");

    /// <summary>Makes a cluster and starts it, with settings such as <c>fsync=off</c>.</summary>
    public static Task<PostgresServer> StartNewAsync(params string[] settings) => StartNewAsync(null, null, settings);

    /// <summary>The same, with a clock that a test sets.</summary>
    public static Task<PostgresServer> StartNewAsync(FakeClock? clock, params string[] settings) => StartNewAsync(null, clock, settings);

    /// <summary>The same, for clients that reach it at another address too: it is on loopback always.</summary>
    public static async Task<PostgresServer> StartNewAsync(IPAddress? alsoAt, FakeClock? clock, params string[] settings)
    {
        var server = Prepare(alsoAt, clock, settings);
        server.RunAsOwner("initdb", "-D", server.DataDirectory, "-U", "boxoffice", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--data-checksums", "--no-sync");
        if (alsoAt is not null) await File.AppendAllTextAsync(server.AccessRules, $"host all all {alsoAt}/24 trust\n");
        await server.StartAsync();
        return server;
    }

    /// <summary>Another server, with the same settings and clock, that follows the one at a port of loopback as its standby.</summary>
    public async Task<PostgresServer> StartStandbyAsync(int primaryPort)
    {
        var standby = Prepare(_alsoAt, _clock, _settings);
        await standby.FollowAsync(primaryPort);
        return standby;
    }

    public async Task StartAsync()
    {
        _server = Process.Start(AsOwner("postgres", ["-D", DataDirectory, "-p", _port.ToString(CultureInfo.InvariantCulture),
            "-c", $"listen_addresses={(_alsoAt is null ? "" : $"{_alsoAt},")}127.0.0.1", "-c", $"unix_socket_directories={_directory}",
            "-c", "logging_collector=off", "-c", "log_min_messages=panic", .. _settings.SelectMany(one => new[] { "-c", one })]))!;
        _server.StandardInput.Close();
        await Wait.UntilAsync("PostgreSQL accepts connections", async () =>
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"boxoffice{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Ends the server at once, as a crash would: the next start recovers from the log.</summary>
    public async Task CrashAsync()
    {
        Signal.Send(_server!.Id, Signal.Quit);
        await _server.WaitForExitAsync();
    }

    /// <summary>Ends the server without a word to anybody: SIGKILL. Its children see it and end by themselves.</summary>
    public async Task KillAsync()
    {
        Signal.Send(_server!.Id, Signal.Kill);
        await _server.WaitForExitAsync();
    }

    /// <summary>
    /// Becomes a standby of the server at a port of loopback, with a copy of its data as it is now, and follows it from
    /// there. What this server had is forgotten.
    /// </summary>
    public async Task FollowAsync(int primaryPort)
    {
        if (IsRunning) await CrashAsync();
        CopyFrom($"port={primaryPort} application_name=standby", DataDirectory, "--write-recovery-conf");
        await StartAsync();
    }

    /// <summary>A standby becomes a primary: it goes on from what it has. Returns when it takes writes.</summary>
    public Task PromoteAsync() => ExecuteAsync("postgres", "SELECT pg_promote(wait => true, wait_seconds => 30)");

    /// <summary>Keeps a copy of the data as it is now, for <see cref="RestoreAsync"/>.</summary>
    public void BackUp() => CopyFrom($"port={_port}", BackupDirectory);

    /// <summary>Ends at once, and starts from the copy: what was committed since is gone.</summary>
    public async Task RestoreAsync()
    {
        if (IsRunning) await CrashAsync();
        Directory.Delete(DataDirectory, recursive: true);
        Directory.Move(BackupDirectory, DataDirectory);
        await StartAsync();
    }

    /// <summary>Ends every connection to a database, and tells how many there were.</summary>
    public Task<long> TerminateConnectionsAsync(string database) => AskAsync<long>("postgres",
        $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (IsRunning) End(Signal.Interrupt);
        if (_server is not null) await _server.WaitForExitAsync();
        Remove();
    }

    /// <summary>The path of one of PostgreSQL's programs.</summary>
    public static string Program(string name) => Path.Combine(FindPrograms(), name);

    /// <summary>How a database of this server is reached, and of no other.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=boxoffice;Database={database};Timeout=3";

    public Task ExecuteAsync(string database, string sql) => AskAsync<object?>(database, sql);

    /// <summary>The first column of the first row.</summary>
    public async Task<T> AskAsync<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static PostgresServer Prepare(IPAddress? alsoAt, FakeClock? clock, string[] settings)
    {
        var server = new PostgresServer(alsoAt, clock, settings);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Remove();
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", server._directory);
        return server;
    }

    /// <summary>A base backup, with the log that makes it consistent.</summary>
    private void CopyFrom(string server, string directory, params string[] options)
    {
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        RunAsOwner("pg_basebackup", ["-D", directory, "-d", $"host=127.0.0.1 user=boxoffice {server}",
            "--wal-method=stream", "--checkpoint=fast", "--no-sync", .. options]);
    }

    private void Remove()
    {
        if (IsRunning)
        {
            End(Signal.Quit);
            _server!.WaitForExit(10_000); // it waits 5 s itself, and then kills those of its children that stand still
        }
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Ends it also when it stands still.</summary>
    private void End(int signal)
    {
        Signal.Send(_server!.Id, Signal.Continue);
        Signal.Send(_server!.Id, signal);
    }

    private void RunAsOwner(string program, params string[] arguments) => Run(AsOwner(program, arguments));

    /// <summary>PostgreSQL refuses to run as root; then it runs as the user that Debian's package made.</summary>
    private ProcessStartInfo AsOwner(string program, params string[] arguments)
    {
        // Of the server only, and not of the program that changes users.
        var clock = program == "postgres" ? _clock?.Settings.Select(one => $"{one.Key}={one.Value}") ?? [] : [];
        string[] command = ["env", .. clock, Path.Combine(_programs, program), .. arguments];
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.WorkingDirectory = _directory;
        // Some processes of a server that was killed become interactive, ask our terminal and read from it.
        start.RedirectStandardInput = program == "postgres";
        start.RedirectStandardOutput = program is "initdb" or "postgres";
        return start;
    }

    private static void Run(string program, params string[] arguments) => Run(new ProcessStartInfo(program, arguments));

    private static void Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        if (start.RedirectStandardOutput) process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{start.FileName} failed with {process.ExitCode}.");
    }

    private static string FindPrograms()
    {
        if (Environment.GetEnvironmentVariable("BOXOFFICE_POSTGRES_BIN") is { Length: > 0 } given) return given;
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions.Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .OrderByDescending(bin => int.Parse(Path.GetFileName(Path.GetDirectoryName(bin)!), CultureInfo.InvariantCulture))
            .FirstOrDefault()
            ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql, or set BOXOFFICE_POSTGRES_BIN.");
    }
}
