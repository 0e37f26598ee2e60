using BoxOffice.Testing;

namespace BoxOffice.Clients.Tests;

/// <summary>A client in TypeScript, as openapi-typescript makes it from the served document.</summary>
public sealed class TypeScriptClientTests(ServedDocument served)
{
    [Fact]
    public async Task A_generated_client_compiles_sells_and_is_refused_with_codes_that_it_knows()
    {
        using var tools = await NodeTools.OpenAsync(served.Json);

        await tools.RunAsync("openapi-typescript", "openapi.json", "--output", "api.d.ts");
        await tools.RunAsync("tsc", "--project", "tsconfig.json");
        await tools.RunScriptAsync(
            "built/sale.js", served.Host.Url.ToString().TrimEnd('/'), BoxOfficeHost.OperatorPassword);
    }
}
