using BoxOffice.Measure;
using BoxOffice.Testing;

// The figures of the README: dotnet run --project bench/Measure
// Needs wrk (apt-get install wrk) and PostgreSQL's programs; takes about five minutes.
Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
await using var postgres = await PostgresServer.StartNewAsync();

Console.WriteLine("\n| journal | round | entries | replayed in | memory for 100,000 reservations |\n|---|---|---|---|---|");
await Replay.RunAsync(await postgres.CreateDatabaseAsync());

Console.WriteLine("\n| form | what | median | ratio to the empty endpoint of the same round |\n|---|---|---|---|");
await using (var embedded = await BoxOfficeHost.StartEmbeddedAsync()) await Throughput.RunAsync("embedded", embedded);
await using (var cluster = await BoxOfficeHost.StartClusterAsync(await postgres.CreateDatabaseAsync())) await Throughput.RunAsync("cluster", cluster);
