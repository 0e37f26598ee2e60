using BoxOffice.Grains.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.TestingHost;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>One silo in this process, with a journal that the test controls.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string EventId = "gala";

    private readonly InProcessTestCluster _cluster;

    private Cluster(InProcessTestCluster cluster, FaultyJournal journal) => (_cluster, Journal) = (cluster, journal);

    public FaultyJournal Journal { get; }

    public ITicketEventGrain Event => _cluster.Client.GetGrain<ITicketEventGrain>(EventId);

    public IRehearsalGrain Rehearsals => _cluster.Client.GetGrain<IRehearsalGrain>(0);

    public IJournalGrain Reader => _cluster.Client.GetGrain<IJournalGrain>(0);

    public ISiloDoorGrain Door => _cluster.Client.GetGrain<ISiloDoorGrain>(0);

    public ITicketEventGrain EventOf(string id) => _cluster.Client.GetGrain<ITicketEventGrain>(id);

    public static async Task<Cluster> StartAsync(FaultyJournal? journal = null, BoxOfficeOptions? options = null, TimeProvider? time = null)
    {
        journal ??= new FaultyJournal();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IReservationJournal>(journal);
            silo.Services.AddSingleton(Options.Create(options ?? new()));
            silo.Services.AddSingleton<Farewell>().AddSingleton<LateAnswers>().AddMemberGatherer();
            if (time is not null) silo.Services.AddSingleton(time);
            silo.AddMemoryGrainStorage(MemberGrain.Storage, storage => storage.GrainStorageSerializer = new JsonGrainStorageSerializer());
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, journal);
    }

    /// <summary>A cluster with the event on sale.</summary>
    public static async Task<Cluster> OnSaleAsync(int capacity, int maxPerMember = 1, int holdSeconds = 0, BoxOfficeOptions? options = null)
    {
        var cluster = await StartAsync(options: options);
        await cluster.Event.Open(new("Gala", capacity, maxPerMember, holdSeconds), "operator");
        return cluster;
    }

    /// <summary>One call for one ticket.</summary>
    public async Task<ReserveResult> ReserveAsync(string memberId, string? key = null) =>
        (await Event.Reserve([new(memberId, key, 1)], DateTimeOffset.MaxValue)).Results[0];

    public async ValueTask DisposeAsync()
    {
        Journal.Release();
        await _cluster.DisposeAsync();
    }
}
