using BoxOffice.Measure;
using BoxOffice.Testing;

// The figures of the README: dotnet run --project bench/Measure [-- replay | throughput | failover [SIGTERM SIGKILL SIGSTOP]]
// Needs wrk (apt-get install wrk) and PostgreSQL's programs. Without a name: replay and throughput, about five minutes.
Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
await using var postgres = await PostgresServer.StartNewAsync();
var what = args.FirstOrDefault();
if (what is null or "replay") await Replay.RunAsync(await postgres.CreateDatabaseAsync());
if (what is null or "throughput") await Throughput.RunAsync(postgres);
if (what is "failover") await Failover.RunAsync(await postgres.CreateDatabaseAsync(), args.Length > 1 ? args[1..] : ["SIGTERM", "SIGKILL", "SIGSTOP"]);
