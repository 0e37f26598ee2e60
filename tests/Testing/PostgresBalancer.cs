using System.Diagnostics;

namespace BoxOffice.Testing;

/// <summary>
/// haproxy in front of a primary and its standby, configured by <c>eng/database-haproxy.cfg</c>: clients use one
/// address.
/// </summary>
public sealed class PostgresBalancer : IAsyncDisposable
{
    private readonly int _port = ProgramProcess.FreePort();
    private readonly Process _process;

    private PostgresBalancer(PostgresPair pair)
    {
        var start = new ProcessStartInfo(
            "haproxy", ["-db", "-q", "-f", ProgramProcess.InRepository("eng/database-haproxy.cfg")]);
        start.Environment["ADDRESS"] = $"127.0.0.1:{_port}";
        start.Environment["ONE"] = $"127.0.0.1:{pair.Primary.Port}";
        start.Environment["TWO"] = $"127.0.0.1:{pair.Standby.Port}";
        _process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    /// <summary>Creates the role of haproxy's health checks, and starts haproxy.</summary>
    public static async Task<PostgresBalancer> StartAsync(PostgresPair pair)
    {
        await pair.Primary.ExecuteAsync("postgres", "CREATE ROLE haproxy LOGIN");
        return new(pair);
    }

    /// <summary>The connection string of a database through haproxy.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=boxoffice;Database={database};Timeout=3";

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
    }

    private void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }
}
