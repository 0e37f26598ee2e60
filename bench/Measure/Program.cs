using BoxOffice.Measure;
using BoxOffice.Testing;

// dotnet run --project bench/Measure [-- name of a measurement]
// Needs wrk (apt-get install wrk) and PostgreSQL's programs.
Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
await using var postgres = await PostgresServer.StartNewAsync();
switch (args.FirstOrDefault())
{
    case null: await Replay.RunAsync(postgres); await Throughput.RunAsync(postgres); break; // about five minutes
    case "dashboard": await DashboardCost.RunAsync(postgres, args.ElementAtOrDefault(1)); break; // about four minutes
    case "failover": await Failover.RunAsync(postgres, args[1..]); break; // about six minutes; or only the faults named
    case var unknown: throw new ArgumentException($"There is no measurement named {unknown}.");
}
