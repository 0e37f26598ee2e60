using System.Globalization;
using System.Runtime.InteropServices;
using BoxOffice.Measure;
using BoxOffice.Testing;

// dotnet run --project bench/Measure [-- name of a measurement]
// Needs wrk (apt-get install wrk) and PostgreSQL's programs.
Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
// .NET ends at once on these signals; this way what was started ends too.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await using var postgres = await PostgresServer.StartNewAsync("max_connections=300");
switch (args.FirstOrDefault())
{
    case null: await Replay.RunAsync(postgres); await Throughput.RunAsync(postgres); break; // about five minutes
    case "dashboard": await DashboardCost.RunAsync(postgres, args.ElementAtOrDefault(1)); break; // about four minutes
    case "failover": await Failover.RunAsync(postgres, args[1..]); break; // about six minutes; or only the faults named
    case "scale-out": await ScaleOut.RunAsync(postgres, Count(5)); break; // about six minutes, as root; or so many rounds
    case "many-events": await ManyEvents.RunAsync(postgres, silos: Count(1)); break; // about five minutes; or with so many silos
    case var unknown: throw new ArgumentException($"There is no measurement named {unknown}.");
}

int Count(int usual) => args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : usual;

static void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    Environment.Exit(1);
}
