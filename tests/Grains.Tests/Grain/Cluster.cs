using System.Collections.Concurrent;
using BoxOffice.Grains.Events;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Members;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>One silo in this process, with a journal that the test controls.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string EventId = "gala";

    private readonly InProcessTestCluster _cluster;
    private readonly CriticalLines _log;

    private Cluster(InProcessTestCluster cluster, FaultyJournal journal, CriticalLines log) =>
        (_cluster, Journal, _log) = (cluster, journal, log);

    /// <summary>The lines of level Critical.</summary>
    public string[] CriticalLog => [.. _log.Lines];

    public FaultyJournal Journal { get; }

    public ITicketEventGrain Event => _cluster.Client.GetGrain<ITicketEventGrain>(EventId);

    public IRehearsalGrain Rehearsals => _cluster.Client.GetGrain<IRehearsalGrain>(0);

    public IJournalGrain Reader => _cluster.Client.GetGrain<IJournalGrain>(0);

    public IReserveBatchGrain Batches => _cluster.Client.GetGrain<IReserveBatchGrain>(0);

    public ITicketEventGrain EventOf(string id) => _cluster.Client.GetGrain<ITicketEventGrain>(id);

    public static async Task<Cluster> StartAsync(
        FaultyJournal? journal = null,
        BoxOfficeOptions? options = null,
        TimeProvider? time = null,
        TimeSpan? activationTimeout = null)
    {
        journal ??= new FaultyJournal();
        var log = new CriticalLines();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IReservationJournal>(journal).AddSingleton<IRehearsalJournal>(journal);
            silo.Services.AddSingleton<ILedgerSnapshots>(journal.Snapshots);
            silo.Services.AddSingleton(Options.Create(options ?? new()));
            silo.Services.AddSingleton<SiloShutdown>().AddSingleton<PendingResults>().AddEventServices();
            if (activationTimeout is { } limit)
                silo.Configure<GrainCollectionOptions>(collection => collection.ActivationTimeout = limit);
            if (time is not null) silo.Services.AddSingleton(time);
            silo.AddMemoryGrainStorage(
                MemberGrain.Storage, storage => storage.GrainStorageSerializer = new JsonGrainStorageSerializer());
            silo.Services.AddLogging(
                logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Critical).AddProvider(log));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, journal, log);
    }

    /// <summary>A cluster with the event on sale.</summary>
    public static async Task<Cluster> OnSaleAsync(
        int capacity, int maxPerMember = 1, int holdSeconds = 0, BoxOfficeOptions? options = null)
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

    private sealed class CriticalLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
