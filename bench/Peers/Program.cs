using BoxOffice.Api.Startup;
using BoxOffice.Grains;
using BoxOffice.Peers;

// dotnet run --project bench/Peers -- --peer p1 --urls http://127.0.0.1:0
// Peers.cs lists the peers; PeerOptions.cs what each needs.
try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory, // the front-end's appsettings.json stands beside the program
    });
    builder.AddTokenKeys(kept: null);
    builder.AddHttpPipeline();
    await builder.AddPeerAsync();

    var app = builder.Build();
    app.UseHttpPipeline();
    app.MapReserve();
    app.MapBench();
    app.SayWhenOpen();
    await app.RunAsync();
    return 0;
}
catch (StartupException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
