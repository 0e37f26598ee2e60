namespace BoxOffice.Clients.Tests;

/// <summary>What linters of OpenAPI documents find in ours.</summary>
public sealed class LinterTests(ServedDocument served)
{
    [Fact]
    public async Task Redocly_finds_no_error_and_no_warning()
    {
        using var tools = await NodeTools.OpenAsync(served.Json);

        await tools.RunAsync("redocly", "lint", "openapi.json", "--max-problems", "1000", "--format", "stylish");
    }

    [Fact]
    public async Task Spectral_finds_no_error_and_no_warning()
    {
        using var tools = await NodeTools.OpenAsync(served.Json);

        await tools.RunAsync("spectral", "lint", "openapi.json", "--fail-severity", "warn");
    }
}
