using BoxOffice.Testing;

[assembly: AssemblyFixture(typeof(BoxOffice.Clients.Tests.ServedDocument))]

namespace BoxOffice.Clients.Tests;

/// <summary>A running program, and the OpenAPI document that it serves.</summary>
public sealed class ServedDocument : IAsyncLifetime
{
    public BoxOfficeHost Host { get; private set; } = null!;

    /// <summary>The document as it is served.</summary>
    public string Json { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Host = await BoxOfficeHost.StartEmbeddedAsync();
        Json = (await new Client(Host.Url).GetAsync("/openapi/v1.json")).Text;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
