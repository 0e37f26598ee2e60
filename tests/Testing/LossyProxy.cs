using System.Net;
using System.Net.Sockets;

namespace BoxOffice.Testing;

/// <summary>
/// A TCP proxy that can drop the server's replies: requests arrive and are executed, and the client gets no answer. It
/// can also block both directions, as a cut network does: nothing arrives, and no connection ends.
/// </summary>
public sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource? _cut;
    private volatile int _serverPort;

    /// <summary>Listens on loopback, or at another address of this machine.</summary>
    public LossyProxy(int serverPort, IPAddress? address = null)
    {
        _listener = new(address ?? IPAddress.Loopback, 0);
        _serverPort = serverPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>While true, a reply is dropped and its connection closed.</summary>
    public bool SwallowsReplies { get; set; }

    /// <summary>
    /// While true, nothing passes. Data sent meanwhile passes afterwards, unless its connection ended.
    /// </summary>
    public bool IsCut
    {
        get => _cut is not null;
        set
        {
            var cut = _cut;
            _cut = value ? cut ?? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            if (!value) cut?.TrySetResult();
        }
    }

    /// <summary>Sends new connections to this port of loopback.</summary>
    public void LeadTo(int serverPort) => _serverPort = serverPort;

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
            if (_cut is { } cut) await cut.Task.WaitAsync(_stop.Token);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _stop.Token);
        }
    }
}
