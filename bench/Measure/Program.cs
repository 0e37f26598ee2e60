using System.Globalization;
using System.Runtime.InteropServices;
using BoxOffice.Measure;
using BoxOffice.Measure.Comparison;
using BoxOffice.Measure.OpenLoop;
using BoxOffice.Testing;

// dotnet run --project bench/Measure [-- name of a measurement]
// Needs wrk (apt-get install wrk) and PostgreSQL's programs; eng/bench.sh installs what is missing.
if (args is ["offer", var request])
{
    Offer.Run(request);
    return;
}
Console.WriteLine(
    $"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}, "
    + $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
// .NET ends at once on these signals. These handlers let started processes end too.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await MeasureAsync();
}
catch (Exception e)
{
    // Unlike a crash, an orderly exit also ends processes that were not disposed of.
    Console.Error.WriteLine(e);
    Environment.Exit(1);
}

Task MeasureAsync() => args.FirstOrDefault() switch
{
    // about a minute; with --entries 20000000 about fifteen
    null or "replay" => WithPostgresAsync(postgres => Replay.RunAsync(postgres, args)),
    // about three minutes
    "snapshots" => WithPostgresAsync(postgres => SnapshotCost.RunAsync(postgres, rounds: Count(9))),
    "peers" => SideBySide.RunAsync(args[1..]), // see eng/bench.sh
    "overload" => Overload.RunAsync(args[1..]), // about five minutes
    // about four minutes
    "dashboard" => WithPostgresAsync(postgres => DashboardCost.RunAsync(postgres, args.ElementAtOrDefault(1))),
    // about six minutes; or only the named faults
    "failover" => WithPostgresAsync(postgres => Failover.RunAsync(postgres, args[1..])),
    // about six minutes, as root; or with this number of rounds
    "scale-out" => WithPostgresAsync(postgres => ScaleOut.RunAsync(postgres, Count(5))),
    // about five minutes; or with this number of silos
    "many-events" => WithPostgresAsync(postgres => ManyEvents.RunAsync(postgres, silos: Count(1))),
    "append" => WithPostgresAsync(AppendCost.RunAsync), // about a minute
    "memory" => WithPostgresAsync(Memory.RunAsync), // about two minutes
    "pages" => PageLoads.RunAsync(), // about three minutes
    // about two minutes; or with this number of rounds
    "reads" => WithPostgresAsync(postgres => AnonymousReads.RunAsync(postgres, rounds: Count(1))),
    "listeners" => WithPostgresAsync(Listeners.RunAsync), // about eight minutes
    "quick-check" => QuickCheck.RunAsync(entries: Count(10_000_000)), // about five minutes; or this number of entries
    "soak" => WithPostgresAsync(postgres => Soak.RunAsync(postgres, minutes: Count(10))), // ten minutes; or this number
    var unknown => throw new ArgumentException($"There is no measurement named {unknown}."),
};

int Count(int usual) => args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : usual;

static async Task WithPostgresAsync(Func<PostgresServer, Task> measureAsync)
{
    await using var postgres = await UsedPostgres.StartAsync();
    await measureAsync(postgres);
}

static void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    Environment.Exit(1);
}
