using System.Globalization;
using System.Text.RegularExpressions;
using BoxOffice.Testing;
using BoxOffice.Testing.Faults;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Faults of the database and of its connections.</summary>
internal static partial class DatabaseFaults
{
    // How long an owner may answer retries from memory: BoxOfficeOptions.HeadTrustedFor, and the time of an answer.
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1.5);

    /// <summary>The database crashes and returns. Meanwhile nothing is sold.</summary>
    public static async Task CrashAsync(Night night)
    {
        await night.Setup.Postgres.CrashAsync();
        var away = night.History.Now;
        await Wait.UntilAsync("no front-end is ready", async () =>
            night.History.Now > away + (2 * Trusted)
            && !(await Task.WhenAll(
                night.Cluster.FrontEnds.Select(frontEnd => frontEnd.IsReadyAsync()))).Contains(true));
        // A front-end retries for as long as a buyer waits, before it answers 503.
        await Wait.UntilAsync("a buyer gets 503", () =>
            Task.FromResult(Since(away).Any(operation => operation.Answer?.Http == 503)));
        var back = night.History.Now;
        await night.Setup.Postgres.StartAsync();

        Assert.DoesNotContain(Since(away), operation =>
            operation.IsOk && operation.CompletedAt > away + Trusted && operation.CompletedAt < back);
        await night.Cluster.ReadyAsync();

        IEnumerable<Operation> Since(TimeSpan moment) => night.History.Operations.Where(operation =>
            operation.Call.Verb != Verb.Status && operation.CompletedAt > moment);
    }

    /// <summary>The database ends all connections, five times.</summary>
    public static async Task EndConnectionsAsync(Night night)
    {
        var database = new NpgsqlConnectionStringBuilder(night.Setup.Database).Database!;
        for (var i = 0; i < 5; i++)
        {
            var ended = await night.Setup.Postgres.TerminateConnectionsAsync(database);
            Assert.True(ended > 0, "there was no connection");
            await night.Crowd.DecidedAsync(200);
        }
    }

    /// <summary>The database's replies to silos are lost, three times: it commits, and owners do not know.</summary>
    public static async Task LoseRepliesAsync(Night night)
    {
        for (var i = 0; i < 3; i++)
        {
            var before = UnknownAppends();
            night.Setup.Proxy!.SwallowsReplies = true;
            await Wait.UntilAsync("a silo does not know the outcome of an append", () =>
                Task.FromResult(UnknownAppends() > before));
            night.Setup.Proxy.SwallowsReplies = false;
            await night.Crowd.DecidedAsync(300);
        }

        // The log is throttled: "[2 like this in 5 s]" stands for two more.
        int UnknownAppends() => night.Cluster.Silos
            .SelectMany(silo => UnknownAppend().Matches(silo.Output))
            .Sum(line => line.Groups["more"] is { Success: true, Value: var more }
                ? int.Parse(more, CultureInfo.InvariantCulture)
                : 1);
    }

    [GeneratedRegex(
        @"An append to the journal failed: Unknown[^\n]*?(?:\[(?<more>\d+) like this[^\n]*)?$",
        RegexOptions.Multiline)]
    private static partial Regex UnknownAppend();
}
