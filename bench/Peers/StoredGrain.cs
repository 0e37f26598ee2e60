using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Members;
using BoxOffice.Grains.Schema;

namespace BoxOffice.Peers;

/// <summary>
/// o1: the design of Orleans' tutorials. A grain for each event changes its state and stores all of it before it
/// answers, one call after the other. The conditions favour it: the silo is in this process, so that no call crosses a
/// network, and the state is two numbers; with a list of buyers each write would be longer than the last.
/// </summary>
internal sealed class StoredGrain(IGrainFactory grains) : IPeer
{
    // Orleans' storage parses keys that look like a number or a Guid, so different keys may collide: "0e1" is "e1" to
    // it. The prefix prevents that.
    private const string KeyPrefix = "event-";

    public Task OpenAsync(string eventId, int capacity) => For(eventId).Open(capacity);

    public ValueTask<Sale> ReserveAsync(string eventId, string memberId) => new(For(eventId).Reserve());

    public Task<EventNumbers?> NumbersAsync(string eventId) => For(eventId).Numbers();

    private IStoredEventGrain For(string eventId) => grains.GetGrain<IStoredEventGrain>(KeyPrefix + eventId);
}

/// <summary>The grain of an event.</summary>
[Alias("BoxOffice.Peers.IStoredEventGrain")]
internal interface IStoredEventGrain : IGrainWithStringKey
{
    /// <summary>Puts the event on sale, and resets its sales.</summary>
    [Alias("Open")]
    Task Open(int capacity);

    /// <summary>Sells one ticket.</summary>
    [Alias("Reserve")]
    Task<Sale> Reserve();

    /// <summary>The stored numbers; null when there is no such event.</summary>
    [Alias("Numbers")]
    Task<EventNumbers?> Numbers();
}

/// <summary>Stores the remaining tickets after every sale.</summary>
[GrainType("peer-event")]
internal sealed class StoredEventGrain(
    [PersistentState("peer-event", StoredEventGrain.Storage)] IPersistentState<StoredEvent> record)
    : Grain, IStoredEventGrain
{
    public const string Storage = "peers";

    public Task Open(int capacity)
    {
        record.State = new() { Capacity = capacity, Remaining = capacity };
        return StoreAsync();
    }

    public async Task<Sale> Reserve()
    {
        if (!record.RecordExists) return Sale.EventNotFound;
        if (record.State.Remaining == 0) return Sale.SoldOut;
        record.State.Remaining--;
        record.State.Sold++;
        await StoreAsync();
        return new(ReserveStatus.Reserved, record.State.Sold);
    }

    public async Task<EventNumbers?> Numbers()
    {
        await record.ReadStateAsync(); // from the store, not from memory
        return record.RecordExists
            ? new(record.State.Capacity, record.State.Remaining, record.State.Sold, Durable: true)
            : null;
    }

    private async Task StoreAsync()
    {
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle(); // memory is ahead of the store: discard it
            throw;
        }
    }
}

/// <summary>The stored state of an event.</summary>
internal sealed class StoredEvent
{
    public int Capacity { get; set; }

    public int Remaining { get; set; }

    public int Sold { get; set; }
}

/// <summary>Hosts o1's silo.</summary>
internal static class StoredGrainRegistration
{
    private const string ServiceId = "boxoffice-peers"; // part of the stored keys

    public static async Task AddStoredGrainAsync(this WebApplicationBuilder builder, PeerOptions options)
    {
        var ports = StartupConfiguration.ReadBoxOffice(builder.Configuration);
        Ports.RequireFreeForSilo(ports);
        var database = await PeerDatabase.OpenAsync(builder.Configuration, options);
        await PostgresSchema.InstallAsync(database);
        builder.Services.AddSingleton(_ => database); // created by the container, which then disposes of it
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(ports.SiloPort, ports.GatewayPort, null, ServiceId, ServiceId)
            .AddAdoNetGrainStorage(StoredEventGrain.Storage, storage =>
            {
                storage.Invariant = "Npgsql";
                storage.DataSource = database;
                storage.GrainStorageSerializer = new JsonGrainStorageSerializer();
            }));
        builder.Services.AddSingleton<IPeer, StoredGrain>();
    }
}
