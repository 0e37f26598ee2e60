using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BoxOffice.Testing;

/// <summary>
/// A Redis server in a temporary folder that logs every change. Tests kill and restart it.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("boxoffice-redis-").FullName;
    private readonly int _port = ProgramProcess.FreePort();
    private readonly string[] _settings;
    private Process? _server;

    private RedisServer(string[] settings) => _settings = settings;

    public bool IsRunning => _server is { HasExited: false };

    public int Id => _server!.Id;

    /// <summary>Where it listens, as <c>host:port</c>.</summary>
    public string Address => $"{IPAddress.Loopback}:{_port}";

    /// <summary>
    /// Starts a server with settings such as <c>appendfsync=always</c>. The default of Redis is a flush each second.
    /// </summary>
    public static async Task<RedisServer> StartNewAsync(params string[] settings)
    {
        var server = new RedisServer(settings);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Remove();
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        // Snapshots are off: only the append-only log is kept.
        string[] all = [$"port={_port}", $"bind={IPAddress.Loopback}", $"dir={_directory}", "appendonly=yes", "save=",
            "logfile=redis.log", .. _settings];
        _server = Process.Start("redis-server", all.SelectMany(setting => setting.Split('=', 2) is [var name, var value]
            ? new[] { $"--{name}", value }
            : throw new ArgumentException($"Not name=value: {setting}")));
        await Wait.UntilAsync("Redis answers", AnswersAsync);
    }

    /// <summary>Ends the server with SIGKILL. The next start reads the log.</summary>
    public async Task CrashAsync()
    {
        Signal.Send(Id, Signal.Kill);
        await _server!.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await CrashAsync();
        Remove();
    }

    // Redis answers PING with an error while it loads its log.
    private async Task<bool> AnswersAsync()
    {
        if (!IsRunning)
            throw new InvalidOperationException(
                $"redis-server ended with {_server!.ExitCode.ToString(CultureInfo.InvariantCulture)}.");
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, _port);
            await socket.SendAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            return await socket.ReceiveAsync(answer) == 5 && answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Remove()
    {
        if (IsRunning)
        {
            Signal.Send(Id, Signal.Kill);
            _server!.WaitForExit(5_000);
        }
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }
}
