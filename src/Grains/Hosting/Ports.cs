using System.Net;
using System.Net.Sockets;

namespace BoxOffice.Grains.Hosting;

/// <summary>Checks that ports are free before anything is started, so that the error is one line.</summary>
public static class Ports
{
    /// <summary>Returns when the port can be listened on at this moment.</summary>
    /// <exception cref="StartupException">
    /// Another process listens there, even one that would share the port.
    /// </exception>
    public static void RequireFree(IPAddress address, int port, string setting)
    {
        if (port == 0) return;
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(address, port));
            probe.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartupException($"Port {port} is in use. Set {setting}.", e);
        }
        catch (SocketException e)
        {
            throw new StartupException($"Port {port} of {address} cannot be used: {e.Message}. Set {setting}.", e);
        }
    }

    /// <summary>The same for the two ports of a silo.</summary>
    public static void RequireFreeForSilo(BoxOfficeOptions options)
    {
        if (options.SiloPort == options.GatewayPort)
            throw new StartupException("BoxOffice__SiloPort and BoxOffice__GatewayPort must differ.");
        RequireFree(IPAddress.Any, options.SiloPort, "BoxOffice__SiloPort");
        RequireFree(IPAddress.Any, options.GatewayPort, "BoxOffice__GatewayPort");
    }
}
