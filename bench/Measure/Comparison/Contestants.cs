using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>A contestant before its start.</summary>
/// <param name="Name">The short name of tables.</param>
/// <param name="What">A short description.</param>
/// <param name="StartAsync">Starts it. The argument is the size of its connection pool, if it has one.</param>
internal sealed record Entry(string Name, string What, Func<int, Task<Contestant>> StartAsync);

/// <summary>All contestants.</summary>
internal static class Contestants
{
    /// <summary>BoxOffice: a front-end, a silo and PostgreSQL. It is compared with all others.</summary>
    public const string Ours = "U";

    /// <summary>BoxOffice in one process, with SQLite.</summary>
    public const string Embedded = "U-embedded";

    /// <summary>Redis at its fastest, and not comparable: a crash loses what the others keep.</summary>
    public const string Lossy = "R2";

    /// <summary>
    /// BoxOffice with all telemetry: metrics are gathered twice, for a collector and for scraping.
    /// </summary>
    public const string Observed = "U-observed";

    /// <summary>BoxOffice with metrics, traces and logs for a collector.</summary>
    public const string Exported = "U-exported";

    /// <summary>BoxOffice with metrics for scraping.</summary>
    public const string Scraped = "U-scraped";

    /// <summary>
    /// BoxOffice started a second time, unchanged: differences smaller than between these two starts mean nothing.
    /// </summary>
    public const string Again = "U-again";

    public static readonly IReadOnlyList<Entry> All =
    [
        new("E0", "an empty endpoint", async _ => await PeerContestant.StartAsync("E0", "e0")),
        new("E1", "checks the token, answers JSON; keeps nothing", async _ =>
            await PeerContestant.StartAsync("E1", "e1")),
        new("P1", "PostgreSQL, one conditional UPDATE and INSERT", async pool =>
            await PeerContestant.StartOnPostgresAsync("P1", "p1", pool)),
        new("P2", "PostgreSQL, SELECT FOR UPDATE", async pool =>
            await PeerContestant.StartOnPostgresAsync("P2", "p2", pool)),
        new("R1", "Redis, a script; every write is forced to disk", async _ =>
            await PeerContestant.StartOnRedisAsync("R1", "r1", "always")),
        new(Lossy, "Redis, forced to disk once a second: may lose a second", async _ =>
            await PeerContestant.StartOnRedisAsync(Lossy, "r1", "everysec")),
        new("O1", "Orleans, WriteStateAsync for each call", async pool =>
            await PeerContestant.StartOnPostgresAsync("O1", "o1", pool)),
        new(Ours, "BoxOffice: one front-end, one silo, PostgreSQL", async _ =>
            await BoxOfficeContestant.StartClusterAsync(Ours)),
        new(Embedded, "BoxOffice in one process, SQLite", async _ =>
            await BoxOfficeContestant.StartEmbeddedAsync(Embedded)),
        new("U-uncoalesced", "U, one grain call for each reservation", async _ =>
            await BoxOfficeContestant.StartClusterAsync(
                "U-uncoalesced", ("CoalescerBatchMax", "1"), ("CoalescerCallsMax", "256"))),
        new("U-ungrouped", "U, one entry in each INSERT", async _ =>
            await BoxOfficeContestant.StartClusterAsync("U-ungrouped", ("BatchEntriesMax", "1"))),
        new(Again, "U once more, started apart: what chance makes of a comparison", async _ =>
            await BoxOfficeContestant.StartClusterAsync(Again)),
        new(Observed, "U, both of the following", async _ =>
            await BoxOfficeContestant.StartClusterAsync(Observed, [.. Exporting(), .. Scraping()])),
        new(Exported, "U, its metrics, traces and logs exported", async _ =>
            await BoxOfficeContestant.StartClusterAsync(Exported, Exporting())),
        new(Scraped, "U, its metrics gathered to be scraped", async _ =>
            await BoxOfficeContestant.StartClusterAsync(Scraped, Scraping())),
    ];

    /// <summary>
    /// True for variants of BoxOffice that show the effect or cost of a part, by its absence or presence.
    /// </summary>
    public static bool IsVariant(string name) =>
        name != Embedded && name.StartsWith(Ours + "-", StringComparison.Ordinal);

    /// <summary>True for contestants that a short run includes by default.</summary>
    public static bool IsInShort(string name) => !IsVariant(name) && name != Lossy;

    /// <summary>True for BoxOffice and its variants: oversold or lost tickets are then its faults.</summary>
    public static bool IsOurs(string name) => name.StartsWith(Ours, StringComparison.Ordinal);

    // Nothing listens at this port: telemetry is gathered, sampled and serialized as for a collector, which would use a
    // core itself.
    private static (string Key, string Value)[] Exporting() =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{Port()}")];

    private static (string Key, string Value)[] Scraping() => [("Metrics", "true"), ("MetricsPort", Port())];

    private static string Port() => ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture);
}
