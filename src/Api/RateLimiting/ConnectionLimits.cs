using System.Net;
using BoxOffice.Api.Identity;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.RateLimiting;

/// <summary>
/// Limits the connections of one address, and closes those that send nothing at first: Kestrel would keep them as long
/// as an idle one. The connections of a trusted proxy are left to it: they serve many callers.
/// </summary>
internal sealed class ConnectionLimits(
    IOptions<ApiOptions> options, TimeProvider time, ForwardedHeadersOptions? proxies = null)
{
    private readonly UseCounts _ofAddress = new();

    /// <summary>Serves a connection, or closes it.</summary>
    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not IPEndPoint peer || IsProxy(peer.Address))
        {
            await next(connection);
            return;
        }
        var most = options.Value.ConnectionsPerAddressMax;
        if (most == 0)
        {
            await ServeAsync(connection, next);
            return;
        }
        var address = FailedLogins.AddressOf(peer.Address);
        if (!_ofAddress.TryTake(address, most))
        {
            connection.Abort(new("Too many connections of one address."));
            return;
        }
        try
        {
            await ServeAsync(connection, next);
        }
        finally
        {
            _ofAddress.Release(address);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (options.Value.FirstRequestTimeout == TimeSpan.Zero || await BeginsInTimeAsync(connection))
            await next(connection);
    }

    /// <summary>False when nothing came in time, or the connection ended. The first bytes stay in the reader.</summary>
    private async Task<bool> BeginsInTimeAsync(ConnectionContext connection)
    {
        using var late = new CancellationTokenSource(options.Value.FirstRequestTimeout, time);
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            late.Token, connection.ConnectionClosed, stopping ?? CancellationToken.None);
        try
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(end.Token);
            input.AdvanceTo(read.Buffer.Start);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private bool IsProxy(IPAddress address)
    {
        if (proxies is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return proxies.KnownProxies.Contains(address)
            || proxies.KnownIPNetworks.Any(network => network.Contains(address));
    }
}
