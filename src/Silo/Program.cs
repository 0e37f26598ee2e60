using BoxOffice.Grains;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

try
{
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory, // appsettings.json stands beside the program, wherever it is started
    });
    var options = StartupConfiguration.ReadBoxOffice(builder.Configuration);
    var connectionString = builder.Configuration.GetConnectionString(BoxOfficeOptions.ConnectionStringName)
        ?? throw new StartupException("ConnectionStrings__boxoffice is not set: a silo needs its cluster's PostgreSQL.");
    Ports.RequireFreeForSilo(options);

    var clock = await StartupConfiguration.PrepareDatabaseAsync(
        connectionString, options, isSilo: true, patience: TimeSpan.FromSeconds(30), TimeProvider.System);
    builder.Services.AddBoxOffice(options, connectionString, clock);
    builder.UseOrleans(silo =>
    {
        silo.UseCluster(options, connectionString);
        if (options.Dashboard) silo.AddDashboard();
    });

    var host = builder.Build();
    await host.StartAsync();
    Console.WriteLine($"BoxOffice silo is ready: silo port {options.SiloPort}, gateway port {options.GatewayPort}, cluster {options.ClusterId}.");
    await host.WaitForShutdownAsync();
    return 0;
}
catch (StartupException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
