using Orleans.Configuration;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// How fast a cluster notices that a silo is gone. The figures depend on each other: the cost of each failure is
/// measured by <c>dotnet run --project bench/Measure -- failover</c>, and is in docs/benchmarks.md.
/// </summary>
/// <remarks>
/// A silo that was killed refuses connections, and is voted dead after three probes. One that is frozen still accepts
/// them: votes against it are held back for three of the longest probes after its last message (dotnet/orleans #9978).
/// Run at least three silos: of two, one can evict the other.
/// </remarks>
public static class ClusterTiming
{
    /// <summary>
    /// How often a silo writes that it is alive. Front-ends skip a gateway that has not for four seconds, before the
    /// silos have agreed that it is dead; the number is in the schema's query.
    /// </summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>Sets the timing of a silo.</summary>
    public static void Apply(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 3;
        membership.NumVotesForDeathDeclaration = 2;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = Heartbeat;
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }

    /// <summary>Sets how long a silo waits for another. A front-end's patience is its own option.</summary>
    public static void Apply(SiloMessagingOptions messaging) => messaging.ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sets how often a front-end asks which silos there are.</summary>
    public static void Apply(GatewayOptions gateway) => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1);
}
