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
Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
// .NET ends at once on these signals; this way what was started ends too.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
switch (args.FirstOrDefault())
{
    case null: await WithPostgresAsync(Replay.RunAsync); break; // about a minute
    case "peers": await SideBySide.RunAsync(args[1..]); break; // see eng/bench.sh
    case "overload": await Overload.RunAsync(args[1..]); break; // about five minutes
    case "dashboard": await WithPostgresAsync(postgres => DashboardCost.RunAsync(postgres, args.ElementAtOrDefault(1))); break; // about four minutes
    case "failover": await WithPostgresAsync(postgres => Failover.RunAsync(postgres, args[1..])); break; // about six minutes; or only the faults named
    case "scale-out": await WithPostgresAsync(postgres => ScaleOut.RunAsync(postgres, Count(5))); break; // about six minutes, as root; or so many rounds
    case "many-events": await WithPostgresAsync(postgres => ManyEvents.RunAsync(postgres, silos: Count(1))); break; // about five minutes; or with so many silos
    case var unknown: throw new ArgumentException($"There is no measurement named {unknown}.");
}

int Count(int usual) => args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : usual;

static async Task WithPostgresAsync(Func<PostgresServer, Task> measureAsync)
{
    await using var postgres = await PostgresServer.StartNewAsync("max_connections=300");
    await measureAsync(postgres);
}

static void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    Environment.Exit(1);
}
