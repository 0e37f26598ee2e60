using System.Globalization;
using System.Text.RegularExpressions;
using BoxOffice.Testing;
using BoxOffice.Testing.Faults;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>What can become of the database, and of the ways to it.</summary>
internal static partial class DatabaseFaults
{
    // A repeat of what was sold may be answered from memory that long: BoxOfficeOptions.HeadTrustedFor, and time to answer.
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1.5);

    /// <summary>The database ends at once, as in a crash, and comes back. While it is away nothing is sold.</summary>
    public static async Task CrashAsync(Night night)
    {
        await night.Theatre.Postgres.CrashAsync();
        var away = night.History.Now;
        await Wait.UntilAsync("every front-end says that it is not ready", async () =>
            night.History.Now > away + (2 * Trusted) && !(await Task.WhenAll(night.Cluster.FrontEnds.Select(one => one.IsReadyAsync()))).Contains(true));
        // A front-end asks again for as long as a buyer waits, before it says that it cannot.
        await Wait.UntilAsync("a buyer is told so", () => Task.FromResult(Since(away).Any(one => one.Answer?.Http == 503)));
        var back = night.History.Now;
        await night.Theatre.Postgres.StartAsync();

        Assert.DoesNotContain(Since(away).Where(one => one.CompletedAt < back), one => one.IsOk && one.CompletedAt > away + Trusted);
        await night.Cluster.ReadyAsync();

        IEnumerable<Operation> Since(TimeSpan moment) =>
            night.History.Operations.Where(one => one.Call.Verb != Verb.Status && one.CompletedAt > moment);
    }

    /// <summary>The database ends all connections, again and again.</summary>
    public static async Task EndConnectionsAsync(Night night)
    {
        var database = new NpgsqlConnectionStringBuilder(night.Theatre.Database).Database!;
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await night.Theatre.Postgres.TerminateConnectionsAsync(database) > 0, "there was no connection");
            await night.Crowd.DecidedAsync(200);
        }
    }

    /// <summary>What the database replies to silos is lost, again and again: it committed, and nobody knows.</summary>
    public static async Task LoseRepliesAsync(Night night)
    {
        for (var i = 0; i < 3; i++)
        {
            var before = UnknownAppends();
            night.Theatre.Proxy!.SwallowsReplies = true;
            await Wait.UntilAsync("a silo does not know the outcome of an append", () => Task.FromResult(UnknownAppends() > before));
            night.Theatre.Proxy.SwallowsReplies = false;
            await night.Crowd.DecidedAsync(300);
        }

        // The log is throttled: "[2 like this in 5 s]" stands for two more.
        int UnknownAppends() => night.Cluster.Silos
            .SelectMany(silo => UnknownAppend().Matches(silo.Output))
            .Sum(line => int.TryParse(line.Groups["more"].Value, CultureInfo.InvariantCulture, out var more) ? more : 1);
    }

    [GeneratedRegex(@"An append to the journal failed: Unknown[^\n]*?(?:\[(?<more>\d+) like this[^\n]*)?$", RegexOptions.Multiline)]
    private static partial Regex UnknownAppend();
}
