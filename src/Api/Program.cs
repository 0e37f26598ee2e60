using BoxOffice.Api.Endpoints;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Rehearsal;
using BoxOffice.Api.Startup;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;

if (args is [CrowdProgram.Argument]) return await CrowdProgram.RunAsync();
try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory, // appsettings.json is beside the program
    });
    OperatorAccount.RequireStrongPassword(builder.Configuration); // before anything is stored
    // The only difference between the two forms: which journal, which clustering, and who hosts the grains.
    var connectionString = builder.Configuration.GetConnectionString(BoxOfficeOptions.ConnectionStringName);
    if (connectionString is { Length: > 0 })
        await builder.AddClusterAsync(connectionString);
    else
        builder.AddEmbedded();
    builder.AddApi();

    var app = builder.Build();
    app.UseApi();
    var routes = app.MapGroup("").WithOperatorAudit();
    routes.MapMembers();
    routes.MapTickets();
    routes.MapAdmin();
    routes.MapLoadTests();
    routes.MapExports();
    routes.MapAudit();
    routes.MapMeasurements();
    routes.MapRehearsals();
    routes.MapDashboard();
    routes.MapHealth();
    routes.MapPages();
    routes.MapOpenApiDocument();
    if (await app.TryStartAsync()) await app.WaitForShutdownAsync();
    return 0;
}
catch (StartupException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
