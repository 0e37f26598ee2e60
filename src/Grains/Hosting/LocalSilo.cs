using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// The address of this silo, with a generation from the cluster's clock. Orleans takes the generation from the
/// machine's clock: a silo that was started with a clock that was ahead, and restarted with a correct one, was dead for
/// all others until that time had come.
/// </summary>
internal sealed class LocalSilo : ILocalSiloDetails
{
    // Orleans counts generations in seconds since then. Silos of the version before use their machine's clock.
    private static readonly DateTimeOffset Epoch = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="generation">See <see cref="NextGeneration"/>.</param>
    /// <param name="silo">Its name.</param>
    /// <param name="cluster">Its cluster.</param>
    /// <param name="endpoint">Where it is reached.</param>
    public LocalSilo(
        int generation, IOptions<SiloOptions> silo, IOptions<ClusterOptions> cluster,
        IOptions<EndpointOptions> endpoint)
    {
        var at = endpoint.Value;
        (Name, ClusterId) = (silo.Value.SiloName, cluster.Value.ClusterId);
        SiloAddress = SiloAddress.New(at.AdvertisedIPAddress!, at.SiloPort, generation);
        GatewayAddress = SiloAddress.New(at.AdvertisedIPAddress!, at.GatewayPort, 0);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string ClusterId { get; }

    /// <inheritdoc/>
    public string DnsHostName { get; } = Dns.GetHostName();

    /// <inheritdoc/>
    public SiloAddress SiloAddress { get; }

    /// <inheritdoc/>
    public SiloAddress GatewayAddress { get; }

    /// <summary>A generation later than all that the cluster has seen at this silo's address.</summary>
    /// <param name="latest">The latest that is in the cluster's table; null when there is none.</param>
    /// <param name="now">The cluster's time.</param>
    public static int NextGeneration(int? latest, DateTimeOffset now) =>
        Math.Max((latest ?? 0) + 1, (int)(now - Epoch).TotalSeconds);
}
