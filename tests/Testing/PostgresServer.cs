using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;

namespace BoxOffice.Testing;

/// <summary>
/// A PostgreSQL server in a temporary folder, with the durability settings of production. Tests stop, kill, restart,
/// back up and restore it, and let it follow another server as standby.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("boxoffice-postgres-").FullName;
    private readonly int _port = ProgramProcess.FreePort();
    private readonly string[] _settings;
    private readonly IPAddress? _alsoAt;
    private readonly FakeClock? _clock;
    private Process? _server;
    private int _databases;

    private PostgresServer(IPAddress? alsoAt, FakeClock? clock, string[] settings) =>
        (_alsoAt, _clock, _settings) = (alsoAt, clock, settings);

    public bool IsRunning => _server is { HasExited: false };

    /// <summary>The postmaster's process id.</summary>
    public int Id => _server!.Id;

    /// <summary>Its port on loopback, whether it runs or not.</summary>
    public int Port => _port;

    private string DataDirectory => Path.Combine(_directory, "data");

    private string BackupDirectory => Path.Combine(_directory, "backup");

    private string AccessRules => Path.Combine(DataDirectory, "pg_hba.conf");

    /// <summary>Initializes and starts a server, with settings such as <c>fsync=off</c>.</summary>
    public static Task<PostgresServer> StartNewAsync(params string[] settings) => StartNewAsync(null, null, settings);

    /// <summary>Starts a server with a clock that a test sets.</summary>
    public static Task<PostgresServer> StartNewAsync(FakeClock? clock, params string[] settings) =>
        StartNewAsync(null, clock, settings);

    /// <summary>Starts a server that also listens at another address. It always listens on loopback.</summary>
    public static async Task<PostgresServer> StartNewAsync(
        IPAddress? alsoAt, FakeClock? clock, params string[] settings)
    {
        var server = Prepare(alsoAt, clock, settings);
        server.RunAsOwner(
            "initdb", "-D", server.DataDirectory, "-U", "boxoffice", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--data-checksums", "--no-sync");
        if (alsoAt is not null) await File.AppendAllTextAsync(server.AccessRules, $"host all all {alsoAt}/24 trust\n");
        await server.StartAsync();
        return server;
    }

    /// <summary>
    /// Starts a standby with the same settings and clock. It follows the server at this port of loopback.
    /// </summary>
    public async Task<PostgresServer> StartStandbyAsync(int primaryPort)
    {
        var standby = Prepare(_alsoAt, _clock, _settings);
        await standby.FollowAsync(primaryPort);
        return standby;
    }

    public async Task StartAsync()
    {
        string[] settings =
        [
            $"listen_addresses={(_alsoAt is null ? "" : $"{_alsoAt},")}127.0.0.1",
            $"unix_socket_directories={_directory}",
            "logging_collector=off",
            "log_min_messages=panic",
            .. _settings,
        ];
        _server = Process.Start(AsOwner("postgres",
        [
            "-D", DataDirectory, "-p", _port.ToString(CultureInfo.InvariantCulture),
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ]))!;
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

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"boxoffice{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Ends the server at once with SIGQUIT. The next start recovers from the WAL.</summary>
    public async Task CrashAsync()
    {
        Signal.Send(_server!.Id, Signal.Quit);
        await _server.WaitForExitAsync();
    }

    /// <summary>
    /// Ends the postmaster with SIGKILL. Its children notice and end by themselves.
    /// </summary>
    public async Task KillAsync()
    {
        Signal.Send(_server!.Id, Signal.Kill);
        await _server.WaitForExitAsync();
    }

    /// <summary>
    /// Deletes this server's data, copies the data of the server at a port of loopback, and follows that as its
    /// standby.
    /// </summary>
    public async Task FollowAsync(int primaryPort)
    {
        if (IsRunning) await CrashAsync();
        CopyFrom($"port={primaryPort} application_name=standby", DataDirectory, "--write-recovery-conf");
        await StartAsync();
    }

    /// <summary>Promotes this standby to a primary. Returns when it takes writes.</summary>
    public Task PromoteAsync() => ExecuteAsync("postgres", "SELECT pg_promote(wait => true, wait_seconds => 30)");

    /// <summary>Copies the data for <see cref="RestoreAsync"/>.</summary>
    public void BackUp() => CopyFrom($"port={_port}", BackupDirectory);

    /// <summary>Crashes the server and starts it from the copy. Later commits are lost.</summary>
    public async Task RestoreAsync()
    {
        if (IsRunning) await CrashAsync();
        Directory.Delete(DataDirectory, recursive: true);
        Directory.Move(BackupDirectory, DataDirectory);
        await StartAsync();
    }

    /// <summary>Ends every connection to a database, and returns their number.</summary>
    public Task<long> TerminateConnectionsAsync(string database) => AskAsync<long>("postgres",
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        + $"WHERE datname = '{database}' AND pid <> pg_backend_pid()");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (IsRunning) End(Signal.Interrupt);
        if (_server is not null) await _server.WaitForExitAsync();
        Remove();
    }

    /// <summary>The connection string of a database of this server.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=boxoffice;Database={database};Timeout=3";

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

    /// <summary>Takes a base backup, with the WAL that makes it consistent.</summary>
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
            _server!.WaitForExit(10_000); // The postmaster waits 5 s, and then kills children that do not end.
        }
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Ends the server, also when it is frozen.</summary>
    private void End(int signal)
    {
        Signal.Send(_server!.Id, Signal.Continue);
        Signal.Send(_server!.Id, signal);
    }

    private void RunAsOwner(string program, params string[] arguments) => Run(AsOwner(program, arguments));

    /// <summary>PostgreSQL refuses to run as root. Then it runs as the user postgres of Debian's package.</summary>
    private ProcessStartInfo AsOwner(string program, params string[] arguments)
    {
        // The clock is for the server only, not for the program that changes users.
        var clock = program == "postgres" ? _clock?.Settings.Select(setting => $"{setting.Key}={setting.Value}")
            ?? [] : [];
        string[] command = ["env", .. clock, PostgresPrograms.PathOf(program), .. arguments];
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.WorkingDirectory = _directory;
        // Without this, processes of a killed server read from our terminal.
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
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} failed with {process.ExitCode}.");
    }
}
