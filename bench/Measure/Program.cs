using BoxOffice.Measure;
using BoxOffice.Testing;

// dotnet run --project bench/Measure [-- name of a measurement]
// Needs wrk (apt-get install wrk) and PostgreSQL's programs.
Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
await using var postgres = await PostgresServer.StartNewAsync();
switch (args.FirstOrDefault())
{
    case null: await ReadmeAsync(); break; // about five minutes
    case "dashboard": await DashboardCost.RunAsync(postgres, args.ElementAtOrDefault(1)); break; // about four minutes
    case var unknown: throw new ArgumentException($"There is no measurement named {unknown}.");
}

// The figures of the README's "Numbers".
async Task ReadmeAsync()
{
    Console.WriteLine("\n| journal | round | entries | replayed in | memory for 100,000 reservations |\n|---|---|---|---|---|");
    await Replay.RunAsync(await postgres.CreateDatabaseAsync());

    Console.WriteLine("\n| form | what | median | ratio to the empty endpoint of the same round |\n|---|---|---|---|");
    await using (var embedded = await BoxOfficeHost.StartEmbeddedAsync()) await Throughput.RunAsync("embedded", embedded);
    await using (var cluster = await BoxOfficeHost.StartClusterAsync(await postgres.CreateDatabaseAsync())) await Throughput.RunAsync("cluster", cluster);
}
