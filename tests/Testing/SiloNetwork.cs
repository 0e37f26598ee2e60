using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace BoxOffice.Testing;

/// <summary>
/// A network namespace for each silo, on one bridge with this machine. Each path can be cut: packets then go to a link
/// address that does not exist, and are lost without an error. Needs root and iproute2.
/// </summary>
public sealed class SiloNetwork : IDisposable
{
    private const string UnusedLinkAddress = "02:00:00:00:00:01";
    private const int FrontEnds = 254; // source address of this machine's calls
    private const int Database = 253; // a separate address, so that a silo can lose only the database

    private static readonly Lazy<bool> Possible = new(() => Environment.IsPrivilegedProcess && TryOnce());

    private readonly string _id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
    private readonly int _subnet = RandomNumberGenerator.GetInt32(256);
    private readonly int _silos;
    private readonly HashSet<(int Silo, IPAddress To)> _cuts = [];
    private bool _isRemoved;

    private SiloNetwork(int silos) => _silos = silos;

    /// <summary>True when this process can create network namespaces.</summary>
    public static bool IsPossible => Possible.Value;

    /// <summary>This machine's address for databases.</summary>
    public IPAddress DatabaseAddress => Address(Database);

    private string Bridge => $"box{_id}";

    /// <summary>Creates the namespaces of this number of silos. They reach this machine, and it reaches them.</summary>
    public static SiloNetwork Create(int silos)
    {
        var network = new SiloNetwork(silos);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => network.Dispose();
        try
        {
            network.Create();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public IPAddress AddressOf(int silo) => Address(silo + 1);

    /// <summary>The launcher that executes a program in the silo's namespace, in the same process.</summary>
    public IReadOnlyList<string> LauncherOf(int silo) => ["ip", "netns", "exec", NamespaceOf(silo)];

    /// <summary>Cuts a silo from all other silos, in both directions.</summary>
    public void CutFromSilos(int silo)
    {
        for (var other = 0; other < _silos; other++)
        {
            if (other == silo) continue;
            Cut(silo, AddressOf(other));
            Cut(other, AddressOf(silo));
        }
    }

    /// <summary>Cuts a silo from the database: all it sends there is lost.</summary>
    public void CutFromDatabase(int silo) => Cut(silo, DatabaseAddress);

    /// <summary>Heals all cuts.</summary>
    public void Heal()
    {
        lock (_cuts)
        {
            foreach (var (silo, to) in _cuts) Ip($"-n {NamespaceOf(silo)} neigh del {to} dev eth0");
            _cuts.Clear();
        }
    }

    /// <summary>Removes the namespaces. Processes that still run in them lose their network.</summary>
    public void Dispose()
    {
        if (_isRemoved) return;
        _isRemoved = true;
        for (var silo = 0; silo < _silos; silo++)
        {
            TryIp($"link del {LinkOf(silo)}");
            TryIp($"netns del {NamespaceOf(silo)}");
        }
        TryIp($"link del {Bridge}");
    }

    private void Create()
    {
        Ip($"link add {Bridge} type bridge");
        Ip($"addr add {Address(FrontEnds)}/24 dev {Bridge}");
        Ip($"addr add {DatabaseAddress}/24 dev {Bridge}");
        Ip($"link set {Bridge} up");
        for (var silo = 0; silo < _silos; silo++)
        {
            var name = NamespaceOf(silo);
            Ip($"netns add {name}");
            Ip($"link add {LinkOf(silo)} type veth peer name eth0 netns {name}");
            Ip($"link set {LinkOf(silo)} master {Bridge} up");
            Ip($"-n {name} addr add {AddressOf(silo)}/24 dev eth0");
            Ip($"-n {name} link set eth0 up");
            Ip($"-n {name} link set lo up");
        }
    }

    private void Cut(int silo, IPAddress to)
    {
        lock (_cuts)
        {
            Ip($"-n {NamespaceOf(silo)} neigh replace {to} lladdr {UnusedLinkAddress} nud permanent dev eth0");
            _cuts.Add((silo, to));
        }
    }

    private string NamespaceOf(int silo) => $"boxoffice-{_id}-{silo}";

    private string LinkOf(int silo) => $"box{_id}v{silo}";

    /// <summary>In 198.18.0.0/15, which is reserved for network tests (RFC 2544).</summary>
    private IPAddress Address(int last) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"198.18.{_subnet}.{last}"));

    private static bool TryOnce()
    {
        using var network = new SiloNetwork(1);
        try
        {
            network.Create();
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Ip(string arguments)
    {
        if (TryIp(arguments) is { } failure) throw new InvalidOperationException($"ip {arguments}: {failure}");
    }

    private static string? TryIp(string arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        return ip.ExitCode == 0 ? null : error;
    }
}
