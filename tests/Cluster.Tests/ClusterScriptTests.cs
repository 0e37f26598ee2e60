using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>
/// <c>eng/cluster.sh</c>, which runs a whole cluster on one machine, with processes that are killed during a sale.
/// </summary>
public sealed class ClusterScriptTests : IAsyncDisposable
{
    private const int PortsWide = 31; // from the balancer's to PostgreSQL's

    // Only this user may enter it, as /root or a ./data of the embedded form: PostgreSQL's user cannot pass.
    private readonly DirectoryInfo _private = Directory.CreateTempSubdirectory("boxoffice-cluster-");
    private readonly string _directory;
    private readonly int _port = FreePorts();
    private int _answered;

    /// <summary>Several events, so that each silo owns some.</summary>
    private static readonly string[] Events = ["mon", "tue", "wed", "thu", "fri", "sat"];

    public ClusterScriptTests() => _directory = Path.Combine(_private.FullName, "cluster");

    private Uri Url => new($"http://127.0.0.1:{_port}");

    [Fact]
    public async Task A_cluster_sells_each_ticket_once_while_its_processes_die_and_scale_and_leaves_nothing_behind()
    {
        await RunAsync("up", NoBuild);
        var processes = ProcessIds();
        var database = new DirectoryInfo(Path.Combine(_directory, "postgres")).ResolveLinkTarget(true);
        var admin = await Client.OperatorAsync(Url);
        foreach (var eventId in Events)
            await admin.PostAsync("/admin/events", new { id = eventId, name = "A night", capacity = 100 });
        var members = await admin.MembersAsync("member", 400);

        var firstKill = new TaskCompletionSource();
        var sale = SellAsync(members, mostCallsAfter: firstKill.Task);
        await Wait.UntilAsync("the sale is under way", () => Task.FromResult(_answered > 100));
        await RunAsync("kill", "api-1");
        firstKill.SetResult();
        await RunAsync("kill", "silo-2");
        var replies = await sale;
        var killed = await RunAsync("status");
        await RunAsync("scale", "1");
        processes = [.. processes.Union(ProcessIds())];
        var alone = await RunAsync("status");
        var again = await SellAsync(members, mostCallsAfter: Task.CompletedTask);
        await RunAsync("scale", "3", "1");
        processes = [.. processes.Union(ProcessIds())];
        var three = await RunAsync("status");
        var truths = await Task.WhenAll(Events.Select(eventId => admin.GetAsync($"/admin/events/{eventId}/reconcile")));
        await RunAsync("down", "--purge");

        Assert.Matches("(?m)^api-1 .* dead .* no$", killed);
        Assert.Matches("(?m)^silo-2 .* dead .* no$", killed);
        Assert.Equal(["silo-1"], Ready(alone, "silo"));
        Assert.Equal(["api-1", "api-2"], Ready(alone, "api"));
        Assert.Equal(["silo-1", "silo-2", "silo-3"], Ready(three, "silo"));
        Assert.Equal(["api-1"], Ready(three, "api"));
        Assert.Equal(600, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(1_800, replies.Count(reply => reply.Code == "SOLD_OUT"));
        Assert.Equal(replies.Select(Answer), again.Select(Answer));
        string[] sums = ["confirmed", "drift", "gaps", "duplicates"];
        Assert.All(truths, truth => Assert.Equal([100, 0, 0, 0], sums.Select(sum => Number(truth, sum))));
        Assert.DoesNotContain(processes, IsAlive);
        Assert.False(Directory.Exists(_directory));
        Assert.Equal(Environment.IsPrivilegedProcess, database is not null);
        Assert.False(database?.Exists ?? false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(_directory)) await RunAsync("down", "--purge");
        _private.Delete(recursive: true);
    }

    private static string NoBuild =>
        AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "--no-build" : "";

    private static string Answer(Reply reply) => reply.Code ?? reply.Data.GetProperty("reservationId").GetString()!;

    private static int Number(Reply reply, string name) => reply.Data.GetProperty(name).GetInt32();

    private static string[] Ready(string status, string kind) =>
        [
            .. status.Split('\n')
                .Where(line => line.StartsWith(kind, StringComparison.Ordinal))
                .Where(line => line.EndsWith(" yes", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[0]),
        ];

    /// <summary>
    /// Every member asks for a ticket of every event, 40 calls at a time. Seven eighths of the calls wait for the task.
    /// </summary>
    private async Task<Reply[]> SellAsync(Client[] members, Task mostCallsAfter)
    {
        var replies = new Reply[members.Length * Events.Length];
        await Parallel.ForAsync(0, replies.Length, new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (i, _) =>
        {
            if (i >= replies.Length / 8) await mostCallsAfter;
            replies[i] = await ReserveUntilAnsweredAsync(members[i / Events.Length], Events[i % Events.Length]);
            Interlocked.Increment(ref _answered);
        });
        return replies;
    }

    /// <summary>Retries the call with its key until it has a definite answer, as a client should.</summary>
    private static async Task<Reply> ReserveUntilAnsweredAsync(Client member, string eventId)
    {
        Reply? reply = null;
        await Wait.UntilAsync("an answer", async () =>
        {
            try
            {
                reply = await member.ReserveAsync(eventId, key: "k");
                // else 503, or 429 because of these retries
                return reply.Status is HttpStatusCode.OK or HttpStatusCode.Conflict;
            }
            catch (HttpRequestException)
            {
                return false; // the connection broke
            }
        }, TimeSpan.FromSeconds(60));
        return reply!;
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var script = ProgramProcess.InRepository("eng/cluster.sh");
        var start = new ProcessStartInfo(script, arguments.Where(argument => argument != ""))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ProgramProcess.ForgetSettings(start);
        start.Environment["BOXOFFICE_CLUSTER_DIR"] = _directory;
        start.Environment["BOXOFFICE_CLUSTER_PORT"] = _port.ToString(CultureInfo.InvariantCulture);
        start.Environment["BoxOffice__OperatorPassword"] = BoxOfficeHost.OperatorPassword;
        start.Environment["BoxOffice__PasswordIterations"] = "1000";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {await output}{await errors}");
        return await output;
    }

    private int[] ProcessIds() => [.. Directory.GetFiles(Path.Combine(_directory, "run"), "*.pid")
        .Select(file => int.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture))];

    /// <summary>False for a zombie, too.</summary>
    private static bool IsAlive(int processId)
    {
        var status = $"/proc/{processId}/status";
        return File.Exists(status) && !File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal);
    }

    /// <summary>
    /// The first of a range of free ports, below those that Linux gives to outgoing connections.
    /// </summary>
    private static int FreePorts()
    {
        var used = IPGlobalProperties.GetIPGlobalProperties()
            .GetActiveTcpListeners().Select(endpoint => endpoint.Port).ToHashSet();
        return Enumerable.Range(0, 500).Select(i => 16_000 + (i * PortsWide))
            .First(port => !Enumerable.Range(port, PortsWide).Any(used.Contains));
    }
}
