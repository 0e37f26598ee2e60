using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace BoxOffice.Testing;

/// <summary>
/// A pgbouncer between the programs and their database. Its pool mode decides how server processes are shared.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("boxoffice-pgbouncer-").FullName;
    private readonly Process _process;

    private PgBouncer(string database, string poolMode)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var port = ProgramProcess.FreePort();
        var settings = Path.Combine(_directory, "pgbouncer.ini");
        File.WriteAllText(Path.Combine(_directory, "users.txt"), $"\"{server.Username}\" \"\"\n");
        File.WriteAllText(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {_directory}/users.txt
            pool_mode = {poolMode}
            default_pool_size = 60
            max_client_conn = 200
            ignore_startup_parameters = extra_float_digits
            """));
        ConnectionString = new NpgsqlConnectionStringBuilder(database) { Port = port }.ConnectionString;
        var start = new ProcessStartInfo("pgbouncer") { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Environment.IsPrivilegedProcess)
        {
            // pgbouncer does not run as root.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
            start.ArgumentList.Add("-u");
            start.ArgumentList.Add("postgres");
        }
        start.ArgumentList.Add(settings);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
    }

    /// <summary>The connection string of the same database through pgbouncer.</summary>
    public string ConnectionString { get; }

    /// <param name="database">The connection string of the database.</param>
    /// <param name="poolMode"><c>session</c>, <c>transaction</c> or <c>statement</c>.</param>
    public static async Task<PgBouncer> StartAsync(string database, string poolMode)
    {
        var pooler = new PgBouncer(database, poolMode);
        await Wait.UntilAsync("pgbouncer answers", async () =>
        {
            try
            {
                await using var connection = new NpgsqlConnection(pooler.ConnectionString + ";Pooling=false");
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void End()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}
