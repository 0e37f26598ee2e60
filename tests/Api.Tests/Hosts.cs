using System.Reflection;
using BoxOffice.Api.Tests;
using BoxOffice.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Hosts))]

namespace BoxOffice.Api.Tests;

/// <summary>The two ways to run; the contract is the same.</summary>
public enum Form
{
    Embedded,
    Cluster,
}

/// <summary>Runs a theory in both forms.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothFormsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>>
        GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<Form>(Form.Embedded), new TheoryDataRow<Form>(Form.Cluster)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>One running host of each form, shared by all tests; each test opens events of its own.</summary>
public sealed class Hosts : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartNewAsync());
    private readonly Lazy<Task<BoxOfficeHost>> _embedded = new(() => BoxOfficeHost.StartEmbeddedAsync());
    private readonly Lazy<Task<BoxOfficeHost>> _cluster;
    private int _names;

    public Hosts() => _cluster = new(async () =>
        await BoxOfficeHost.StartClusterAsync(await (await _postgres.Value).CreateDatabaseAsync()));

    public Task<BoxOfficeHost> this[Form form] => form == Form.Embedded ? _embedded.Value : _cluster.Value;

    /// <summary>A host of its own for one test that needs other settings.</summary>
    public async Task<BoxOfficeHost> StartAsync(Form form, params (string Key, string Value)[] settings) =>
        form == Form.Embedded
        ? await BoxOfficeHost.StartEmbeddedAsync(settings)
        : await BoxOfficeHost.StartClusterAsync(await (await _postgres.Value).CreateDatabaseAsync(), settings);

    /// <summary>A stage of its own for one test: an operator, and names that no other test uses.</summary>
    public async Task<Stage> StageAsync(Form form)
    {
        var url = (await this[form]).Url;
        return new(url, await Client.OperatorAsync(url), $"t{Interlocked.Increment(ref _names)}x");
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded.IsValueCreated) await (await _embedded.Value).DisposeAsync();
        if (_cluster.IsValueCreated) await (await _cluster.Value).DisposeAsync();
        if (_postgres.IsValueCreated) await (await _postgres.Value).DisposeAsync();
    }
}

/// <summary>A test's own operator and names.</summary>
/// <param name="Url">The API's URL.</param>
/// <param name="Operator">An operator.</param>
/// <param name="Name">The test's own prefix for ids.</param>
public sealed record Stage(Uri Url, Client Operator, string Name)
{
    public string EventId => Name;

    public Client Nobody => new(Url);

    public async Task<Client> MemberAsync() => (await Operator.MembersAsync($"{Name}-solo", 1))[0];

    public Task<Client[]> MembersAsync(int count) => Operator.MembersAsync($"{Name}-member", count);

    /// <summary>Opens this test's event.</summary>
    public async Task OpenAsync(
        int capacity, int maxPerMember = 1, int holdSeconds = 0, DateTimeOffset? opensAt = null,
        DateTimeOffset? closesAt = null)
    {
        var reply = await Operator.PostAsync("/admin/events",
            new { id = EventId, name = "A night", capacity, maxPerMember, holdSeconds, opensAt, closesAt });
        Assert.Equal(System.Net.HttpStatusCode.Created, reply.Status);
    }

    public async Task<System.Text.Json.JsonElement> NumbersAsync() =>
        (await Nobody.GetAsync($"/ticket/events/{EventId}")).Data;

    public async Task<System.Text.Json.JsonElement> ReconcileAsync() =>
        (await Operator.GetAsync($"/admin/events/{EventId}/reconcile")).Data;
}
