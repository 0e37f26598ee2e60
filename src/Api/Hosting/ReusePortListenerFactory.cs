using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using BoxOffice.Grains.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// Listens on each address with several sockets (SO_REUSEPORT). The kernel bounds each accept queue by
/// <c>net.core.somaxconn</c>, usually 4,096; a crowd of 9,000 that connects at once needs more places than one queue
/// has; the kernel would drop the others, and clients would retry them a second later.
/// </summary>
internal sealed class ReusePortListenerFactory(IOptions<SocketTransportOptions> options, ILoggerFactory logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>4 × 4,096 places for one address.</summary>
    public const int SocketsPerAddress = 4;

    // From Linux' asm-generic/socket.h; .NET has no name for them.
    private const int SolSocket = 1;
    private const int SoReusePort = 15;

    private readonly SocketTransportFactory _sockets = new(Options.Create(WithReusePort(options.Value)), logger);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not IPEndPoint address || !OperatingSystem.IsLinux())
            return await _sockets.BindAsync(endpoint, cancellationToken);
        // With SO_REUSEPORT two programs could share a port by mistake: this checks as an ordinary bind would.
        Ports.RequireFree(address.Address, address.Port, "ASPNETCORE_URLS or --urls");
        var first = await _sockets.BindAsync(address, cancellationToken);
        List<IConnectionListener> all = [first];
        while (all.Count < SocketsPerAddress) all.Add(await _sockets.BindAsync(first.EndPoint, cancellationToken));
        return new Listeners(all);
    }

    private static SocketTransportOptions WithReusePort(SocketTransportOptions options)
    {
        options.CreateBoundListenSocket = endpoint =>
        {
            if (endpoint is not IPEndPoint address || !OperatingSystem.IsLinux())
                return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            socket.Bind(address);
            return socket;
        };
        return options;
    }

    /// <summary>Several listeners behind one interface. Each accepts as fast as its connections arrive.</summary>
    private sealed class Listeners : IConnectionListener
    {
        private readonly List<IConnectionListener> _all;
        private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();

        public Listeners(List<IConnectionListener> all)
        {
            _all = all;
            _ = AcceptAllAsync();
        }

        public EndPoint EndPoint => _all[0].EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var connection)
                ? connection
                : null;

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            foreach (var listener in _all) await listener.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var listener in _all) await listener.DisposeAsync();
        }

        private async Task AcceptAllAsync()
        {
            await Task.WhenAll(_all.Select(AcceptFromAsync));
            _accepted.Writer.TryComplete();
        }

        private async Task AcceptFromAsync(IConnectionListener listener)
        {
            while (await listener.AcceptAsync() is { } connection) _accepted.Writer.TryWrite(connection);
        }
    }
}
