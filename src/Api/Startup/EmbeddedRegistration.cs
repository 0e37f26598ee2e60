using BoxOffice.Api.Endpoints;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Routing;
using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Telemetry;
using Orleans.Dashboard;

namespace BoxOffice.Api.Startup;

/// <summary>The embedded form: a front-end with a silo in its process.</summary>
internal static class EmbeddedRegistration
{
    /// <summary>Adds a silo whose store is a folder.</summary>
    public static void AddEmbedded(this WebApplicationBuilder builder)
    {
        var options = StartupConfiguration.ReadBoxOffice(builder.Configuration);
        var warnings = builder.AddStartupWarnings();
        Ports.RequireFreeForSilo(options);
        var store = EmbeddedStore.Open(options.DataDirectory);
        builder.AddLoadTestMode(warnings, store);
        if (store.AheadOf(MachineClock.Read().UtcNow) is { } ahead)
        {
            warnings.Add(
                $"The journal ends {ahead} after the time of this machine's clock: the clock went back while the "
                + "program was down, or was ahead before. New holds live as long as promised; holds from before may "
                + "end late. Check which of the two times was wrong; health tells clockAheadSeconds until the clock "
                + "has caught up.");
        }
        builder.Services.AddBoxOffice(options);
        builder.Services.AddSingleton(_ => store); // by a factory, so that the container disposes of it
        builder.Services.AddHostedService(_ => store);
        builder.AddTelemetry(options);
        builder.UseOrleans(silo =>
        {
            silo.UseEmbedded(options);
            if (TelemetryExport.IsExported(builder.Configuration)) silo.AddActivityPropagation();
            if (options.Dashboard) silo.AddDashboard(DashboardEndpoints.HideLogs);
        });
        builder.Services.AddSingleton(services => new Router(
            new SiloConnection("", services.GetRequiredService<IGrainFactory>())));
        builder.AddTokenKeys(store.TokenKey);
    }
}
