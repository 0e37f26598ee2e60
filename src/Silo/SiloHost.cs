using BoxOffice.Grains;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;

namespace BoxOffice.Silo;

/// <summary>One silo of a cluster, as a process.</summary>
public static class SiloHost
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(30);

    /// <summary>Reads the configuration, prepares the database and builds the silo.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="configure">What a program adds to the silo, after everything else.</param>
    /// <exception cref="StartupException">It cannot start as it is configured.</exception>
    public static async Task<IHost> BuildAsync(string[] args, Action<ISiloBuilder>? configure = null)
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

        builder.Services.AddBoxOffice(options);
        builder.UseOrleans(silo =>
        {
            silo.UseCluster(options, connectionString);
            if (options.Dashboard) silo.AddDashboard();
            configure?.Invoke(silo);
        });
        await StartupConfiguration.PrepareDatabaseAsync(connectionString, options, isSilo: true, DatabasePatience, TimeProvider.System);
        return builder.Build();
    }

    /// <summary>Starts the silo, says that it is ready, and returns when it was told to stop.</summary>
    public static async Task RunAsync(IHost host)
    {
        var options = host.Services.GetRequiredService<IOptions<BoxOfficeOptions>>().Value;
        await host.StartAsync();
        Console.WriteLine($"BoxOffice silo is ready: silo port {options.SiloPort}, gateway port {options.GatewayPort}, cluster {options.ClusterId}.");
        await host.WaitForShutdownAsync();
    }
}
