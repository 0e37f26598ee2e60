using System.Net;
using System.Net.Sockets;

namespace BoxOffice.Testing;

/// <summary>
/// A TCP proxy that can swallow the server's replies: what was sent arrives and is done, and nobody hears of it.
/// </summary>
public sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;

    /// <summary>Listens on loopback, or at another address of this machine.</summary>
    public LossyProxy(int serverPort, IPAddress? address = null)
    {
        _listener = new(address ?? IPAddress.Loopback, 0);
        _serverPort = serverPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>While true, a connection whose server replies is cut, and the reply is lost.</summary>
    public bool SwallowsReplies { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
        await Task.WhenAny(CopyAsync(near, far, isReply: false), CopyAsync(far, near, isReply: true));
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isReply)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var length)
        {
            if (isReply && SwallowsReplies) return;
            await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _stop.Token);
        }
    }
}
