using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BoxOffice.Testing;

/// <summary>
/// haproxy before a primary and its standby, so that clients need one address. Its check asks each server whether it is in
/// recovery; who says no is the primary.
/// </summary>
public sealed class PostgresBalancer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("boxoffice-balancer-").FullName;
    private readonly int _port = ProgramProcess.FreePort();
    private readonly Process _process;

    private PostgresBalancer(PostgresPair pair)
    {
        var configuration = Path.Combine(_directory, "haproxy.cfg");
        File.WriteAllText(configuration, Configuration(pair));
        _process = Process.Start("haproxy", ["-db", "-q", "-f", configuration]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    public static PostgresBalancer Start(PostgresPair pair) => new(pair);

    /// <summary>How clients reach a database through it.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=boxoffice;Database={database};Timeout=3";

    public async ValueTask DisposeAsync()
    {
        Remove();
        await _process.WaitForExitAsync();
    }

    private void Remove()
    {
        if (!_process.HasExited) _process.Kill();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private string Configuration(PostgresPair pair) => $"""
        defaults
          mode tcp
          timeout connect 2s
          timeout client 1h
          timeout server 1h
        listen primary
          bind 127.0.0.1:{_port}
        {Check("boxoffice")}
          default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
          server one 127.0.0.1:{pair.Primary.Port} check
          server two 127.0.0.1:{pair.Standby.Port} check

        """;

    /// <summary>PostgreSQL's protocol, version 3: log in as a role that needs no password, ask, and expect one row with "f".</summary>
    private static string Check(string role)
    {
        var startup = $"user\0{role}\0database\0postgres\0\0";
        const string Query = "SELECT pg_is_in_recovery()\0";
        return $"""
              option tcp-check
              tcp-check connect
              tcp-check send-binary {Hex(8 + startup.Length)}00030000{Hex(startup)}
              tcp-check expect binary 5a0000000549
              tcp-check send-binary 51{Hex(4 + Query.Length)}{Hex(Query)}
              tcp-check expect binary 440000000b00010000000166
            """;
    }

    private static string Hex(int number) => number.ToString("x8", CultureInfo.InvariantCulture);

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text));
}
