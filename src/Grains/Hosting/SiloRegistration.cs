using System.Net;
using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Events;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Members;
using BoxOffice.Grains.Schema;
using BoxOffice.Grains.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// Registers a silo of BoxOffice: in a cluster on PostgreSQL, or alone on SQLite. Nothing else differs.
/// </summary>
public static class SiloRegistration
{
    // Places of grains on other silos that a silo remembers. Orleans' default of a million costs a quarter of an idle
    // silo's time, because the Dashboard counts them every second.
    private const int DirectoryCacheMax = 50_000;

    // Part of the key of stored members: it must not change, even when the cluster's name does.
    private const string ServiceId = "boxoffice";

    // PostgreSQL allows 100 connections by default. A silo takes at most 25 (8 for members, 4 for the cluster, 6 to
    // read the journal, 4 to read its heads, 2 to write it, 1 for the clock), a front-end 5: three of each fit.
    private const int MemberConnectionsMax = 8;
    private const int ClusterConnectionsMax = 4;

    private const int ClockConnectionsMax = 1;

    private const string PostgresInvariant = "Npgsql";
    private const string SqliteInvariant = "System.Data.SQLite"; // Orleans' name for Microsoft.Data.Sqlite

    /// <summary>Most connections to PostgreSQL that one process takes.</summary>
    internal static int ConnectionsMax(BoxOfficeOptions options, bool isSilo) => isSilo
        ? MemberConnectionsMax + ClusterConnectionsMax + ClockConnectionsMax + PostgresPools.ConnectionsMax(options)
        : ClusterConnectionsMax + ClockConnectionsMax;

    /// <summary>Registers what a silo without a cluster needs first.</summary>
    public static IServiceCollection AddBoxOffice(this IServiceCollection services, BoxOfficeOptions options)
    {
        var clock = new SaleClock(MachineClock.Read(), options.ClockStepBelievedAfter, TimeProvider.System);
        return services.AddSaleClock(clock, () => new MachineClock()).AddSingleton(Options.Create(options));
    }

    /// <summary>
    /// Registers what every silo and front-end of a cluster needs first: they share the database's clock.
    /// </summary>
    public static IServiceCollection AddBoxOffice(
        this IServiceCollection services, BoxOfficeOptions options, string connectionString, SaleClock clock)
    {
        var pool = WithPool(connectionString, "clock", ClockConnectionsMax);
        return services.AddSaleClock(clock, () => new DatabaseClock(NpgsqlDataSource.Create(pool)))
            .AddSingleton(Options.Create(options));
    }

    // Orleans uses this clock too: with a clock that went back it would activate nothing until that had caught up.
    private static IServiceCollection AddSaleClock(
        this IServiceCollection services, SaleClock clock, Func<IClockSource> source) => services
        .AddSingleton(clock)
        .AddSingleton<TimeProvider>(clock)
        .AddHostedService(provider =>
            new SaleClockKeeper(clock, source(), provider.GetRequiredService<ILogger<SaleClockKeeper>>()));

    /// <summary>
    /// A silo without a cluster, with the journal and the members in files, which must be ready: see <see
    /// cref="SqliteStore"/>.
    /// </summary>
    public static ISiloBuilder UseEmbedded(this ISiloBuilder silo, BoxOfficeOptions options)
    {
        var directory = Path.GetFullPath(options.DataDirectory);
        silo.Services.AddSingleton<SiloShutdown>().AddSingleton<PendingResults>().AddEventServices();
        silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, null, ServiceId, options.ClusterId);
        silo.AddAdoNetGrainStorage(MemberGrain.Storage, storage =>
        {
            storage.Invariant = SqliteInvariant;
            storage.ConnectionString = SqliteStore.MembersOf(directory);
            storage.GrainStorageSerializer = new JsonGrainStorageSerializer();
        });
        silo.Services.AddSingleton(services => new SqliteJournal(
            SqliteStore.JournalOf(directory),
            services.GetRequiredService<IOptions<BoxOfficeOptions>>(),
            services.GetRequiredService<ILogger<SqliteJournal>>()));
        silo.Services.AddSingleton<IReservationJournal>(services => services.GetRequiredService<SqliteJournal>());
        silo.Services.AddSingleton(services => services.GetRequiredService<SqliteJournal>().Rehearsals);
        silo.Services.AddSingleton(services => services.GetRequiredService<SqliteJournal>().Snapshots);
        silo.Services.AddSingleton(services => services.GetRequiredService<SqliteJournal>().Audit);
        return silo;
    }

    /// <summary>One silo of a cluster. The schema must be installed: see <see cref="PostgresSchema"/>.</summary>
    public static ISiloBuilder UseCluster(
        this ISiloBuilder silo, BoxOfficeOptions options, string connectionString, int generation)
    {
        silo.Configure<ClusterOptions>(cluster => Apply(options, cluster));
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = IPAddress.Parse(options.AdvertisedAddress);
            endpoint.SiloPort = options.SiloPort;
            endpoint.GatewayPort = options.GatewayPort;
        });
        silo.Services.Replace(ServiceDescriptor.Singleton<ILocalSiloDetails>(services =>
            ActivatorUtilities.CreateInstance<LocalSilo>(services, generation)));
        silo.Configure<ClusterMembershipOptions>(ClusterTiming.Apply);
        silo.Configure<SiloMessagingOptions>(ClusterTiming.Apply);
        silo.Configure<GrainDirectoryOptions>(directory => directory.CacheSize = DirectoryCacheMax);
        silo.Services.AddSingleton<SiloShutdown>().AddSingleton<PendingResults>().AddEventServices();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services =>
            services.GetRequiredService<SiloShutdown>());
        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = PostgresInvariant;
            clustering.ConnectionString = WithPool(connectionString, "cluster", ClusterConnectionsMax);
        });
        silo.Configure<ExceptionSerializationOptions>(AllowDatabaseExceptions);
        silo.AddAdoNetGrainStorage(MemberGrain.Storage, storage =>
        {
            storage.Invariant = PostgresInvariant;
            storage.ConnectionString = WithPool(connectionString, "members", MemberConnectionsMax);
            storage.GrainStorageSerializer = new JsonGrainStorageSerializer();
        });
        silo.Services.AddSingleton(services => new PostgresJournal(
            connectionString,
            services.GetRequiredService<IOptions<BoxOfficeOptions>>(),
            services.GetRequiredService<ILogger<PostgresJournal>>()));
        silo.Services.AddSingleton<IReservationJournal>(services => services.GetRequiredService<PostgresJournal>());
        silo.Services.AddSingleton(services => services.GetRequiredService<PostgresJournal>().Rehearsals);
        silo.Services.AddSingleton(services => services.GetRequiredService<PostgresJournal>().Snapshots);
        silo.Services.AddSingleton(services => services.GetRequiredService<PostgresJournal>().Audit);
        return silo;
    }

    /// <summary>Registers what the events of a silo share.</summary>
    internal static IServiceCollection AddEventServices(this IServiceCollection services) => services
        .AddSingleton<IEventJournal>(Journal)
        .AddSingleton<IJournalReader>(Journal)
        .AddSingleton<IJournalCounts>(Journal)
        .AddSingleton<IEventIndex>(Journal)
        .AddSingleton<IJournalHealth>(Journal)
        .AddSingleton<EventStorages>()
        .AddSingleton<ReplayGate>()
        .AddSingleton<KnownHeads>()
        .AddHostedService<JournalWatch>()
        .AddSingleton<MemberIndexer>()
        .AddHostedService(provider => provider.GetRequiredService<MemberIndexer>())
        .AddSingleton<SnapshotTaker>()
        .AddHostedService(provider => provider.GetRequiredService<SnapshotTaker>());

    private static IReservationJournal Journal(IServiceProvider services) =>
        services.GetRequiredService<IReservationJournal>();

    /// <summary>A front-end of a cluster.</summary>
    public static IClientBuilder UseCluster(
        this IClientBuilder client, BoxOfficeOptions options, string connectionString)
    {
        client.Configure<ClusterOptions>(cluster => Apply(options, cluster));
        client.Configure<GatewayOptions>(ClusterTiming.Apply);
        client.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = PostgresInvariant;
            clustering.ConnectionString = WithPool(connectionString, "cluster", ClusterConnectionsMax);
        });
        client.Configure<ExceptionSerializationOptions>(AllowDatabaseExceptions);
        return client;
    }

    /// <summary>A front-end's connection to one silo of a cluster, independent of the others.</summary>
    public static IClientBuilder UseSilo(this IClientBuilder client, BoxOfficeOptions options, IPEndPoint gateway)
    {
        client.Configure<ClusterOptions>(cluster => Apply(options, cluster));
        client.UseStaticClustering(gateway);
        client.Configure<ExceptionSerializationOptions>(AllowDatabaseExceptions);
        return client;
    }

    private static void Apply(BoxOfficeOptions options, ClusterOptions cluster) =>
        (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId);

    /// <summary>A pool of its own, because the name differs, and a bounded one.</summary>
    private static string WithPool(string connectionString, string name, int connectionsMax) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = $"boxoffice-{name}",
            MaxPoolSize = connectionsMax,
        }.ConnectionString;

    /// <summary>
    /// Lets database exceptions reach a front-end as they are, instead of as a failure to serialize them.
    /// </summary>
    private static void AllowDatabaseExceptions(ExceptionSerializationOptions exceptions) =>
        exceptions.SupportedNamespacePrefixes.Add("Npgsql");
}
