using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>One of the contestants, before it is started.</summary>
/// <param name="Name">Short, as in every table.</param>
/// <param name="What">What it does, in a few words.</param>
/// <param name="StartAsync">Starts it; those that need a pool of connections get its size.</param>
internal sealed record Entry(string Name, string What, Func<int, Task<Contestant>> StartAsync);

/// <summary>Everybody who can be compared.</summary>
internal static class Contestants
{
    /// <summary>What is compared with all others: a front-end, a silo and PostgreSQL.</summary>
    public const string Ours = "U";

    /// <summary>The same in one process, with SQLite.</summary>
    public const string Embedded = "U-embedded";

    /// <summary>Redis as it is fast, and not comparable: a crash loses what the others keep.</summary>
    public const string Lossy = "R2";

    /// <summary>Ours with everything on that tells how it fares: metrics are gathered twice, for a collector and to be scraped.</summary>
    public const string Observed = "U-observed";

    /// <summary>Ours with metrics, traces and logs for a collector.</summary>
    public const string Exported = "U-exported";

    /// <summary>Ours with metrics that can be scraped.</summary>
    public const string Scraped = "U-scraped";

    /// <summary>Ours once more, with nothing different: how far two starts of the same are apart is what no comparison of two starts can tell.</summary>
    public const string Again = "U-again";

    public static readonly IReadOnlyList<Entry> All =
    [
        new("E0", "an empty endpoint", async _ => await PeerContestant.StartAsync("E0", "e0")),
        new("E1", "checks the token, answers JSON; keeps nothing", async _ => await PeerContestant.StartAsync("E1", "e1")),
        new("P1", "PostgreSQL, one conditional UPDATE and INSERT", async pool => await PeerContestant.StartOnPostgresAsync("P1", "p1", pool)),
        new("P2", "PostgreSQL, SELECT FOR UPDATE", async pool => await PeerContestant.StartOnPostgresAsync("P2", "p2", pool)),
        new("R1", "Redis, a script; every write is forced to disk", async _ => await PeerContestant.StartOnRedisAsync("R1", "r1", "always")),
        new(Lossy, "Redis, forced to disk once a second: may lose a second", async _ => await PeerContestant.StartOnRedisAsync(Lossy, "r1", "everysec")),
        new("O1", "Orleans, WriteStateAsync for each call", async pool => await PeerContestant.StartOnPostgresAsync("O1", "o1", pool)),
        new(Ours, "BoxOffice: one front-end, one silo, PostgreSQL", async _ => await BoxOfficeContestant.StartClusterAsync(Ours)),
        new(Embedded, "BoxOffice in one process, SQLite", async _ => await BoxOfficeContestant.StartEmbeddedAsync(Embedded)),
        new("U-uncoalesced", "U, one grain call for each reservation", async _ => await BoxOfficeContestant.StartClusterAsync(
            "U-uncoalesced", ("CoalescerBatchMax", "1"), ("CoalescerCallsMax", "256"))),
        new("U-ungrouped", "U, one entry in each INSERT", async _ => await BoxOfficeContestant.StartClusterAsync("U-ungrouped", ("BatchEntriesMax", "1"))),
        new(Again, "U once more, started apart: what chance makes of a comparison", async _ => await BoxOfficeContestant.StartClusterAsync(Again)),
        new(Observed, "U, both of the following", async _ => await BoxOfficeContestant.StartClusterAsync(Observed, [.. Exporting(), .. Scraping()])),
        new(Exported, "U, its metrics, traces and logs exported", async _ => await BoxOfficeContestant.StartClusterAsync(Exported, Exporting())),
        new(Scraped, "U, its metrics gathered to be scraped", async _ => await BoxOfficeContestant.StartClusterAsync(Scraped, Scraping())),
    ];

    /// <summary>Those that show what a part of BoxOffice brings or costs, by doing without it or with it.</summary>
    public static bool IsVariant(string name) => name != Embedded && name.StartsWith(Ours + "-", StringComparison.Ordinal);

    /// <summary>Those whom a short run has without naming them.</summary>
    public static bool IsInShort(string name) => !IsVariant(name) && name != Lossy;

    /// <summary>Those that are BoxOffice itself: what they oversell or lose is our fault.</summary>
    public static bool IsOurs(string name) => name.StartsWith(Ours, StringComparison.Ordinal);

    // Nobody listens there: everything is gathered, sampled and serialised as for a collector, which would take a core of its own.
    private static (string Key, string Value)[] Exporting() => [("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{Port()}")];

    private static (string Key, string Value)[] Scraping() => [("Metrics", "true"), ("MetricsPort", Port())];

    private static string Port() => ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture);
}
