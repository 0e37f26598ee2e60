using System.ComponentModel.DataAnnotations;

namespace BoxOffice.Peers;

/// <summary>The settings of a peer, in the configuration section <c>Peers</c>.</summary>
internal sealed class PeerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Peers";

    /// <summary>The connection string's name: p1, p2 and o1 need it.</summary>
    public const string ConnectionStringName = "peers";

    /// <summary>Maximum of database connections. 16 keep two cores busy; a measurement sweeps it.</summary>
    [Range(1, 1_000)]
    public int PoolSize { get; set; } = 16;

    /// <summary>Where Redis listens, as <c>host:port</c>: r1 and r2 need it.</summary>
    public string? Redis { get; set => field = string.IsNullOrEmpty(value) ? null : value; }
}
