using BitFaster.Caching.Lru;

namespace BoxOffice.Api.Routing;

/// <summary>
/// Chooses the silo for a call. Calls for an event go straight to the silo that owns it, once an answer has named it: a
/// silo that hangs delays its own events only, and no call is forwarded from silo to silo.
/// </summary>
public sealed class Router
{
    private const int OwnersMax = 100_000; // an operator's events; the least recently used are evicted

    private readonly ConcurrentLru<string, Owner> _owners = new(OwnersMax);
    private volatile SiloConnection[] _all;

    /// <summary>Starts with the silo in this process, or with none.</summary>
    public Router(params SiloConnection[] all) => _all = all;

    /// <summary>All silos that were reachable when last checked.</summary>
    public IReadOnlyList<SiloConnection> All => _all;

    /// <summary>
    /// The silo for one attempt: the owner at first, then one after the other; silent and leaving silos come last.
    /// </summary>
    /// <param name="key">The grain's key: the same key begins with the same silo.</param>
    /// <param name="attempt">From 1.</param>
    /// <exception cref="NotAppliedException">No silo can be reached.</exception>
    public SiloConnection For(string key, int attempt = 1)
    {
        if (attempt == 1 && OwnerOf(key) is { } owner) return owner.Silo;
        var all = _all;
        if (all.Length == 0) throw new NotAppliedException("No silo can be reached.");
        var first = (uint)string.GetHashCode(key, StringComparison.Ordinal) + (uint)attempt;
        var inTurn = Enumerable.Range(0, all.Length).Select(i => all[(first + i) % all.Length]);
        return inTurn.FirstOrDefault(silo => !silo.IsSilent && !silo.IsLeaving) ?? inTurn.First();
    }

    /// <summary>
    /// The silo that owns the event and takes its calls in one batch with those of others; null when there is none, and
    /// for an event that answers slowly: the others must not wait for it.
    /// </summary>
    public SiloConnection? BatchOwnerOf(string eventId) =>
        OwnerOf(eventId) is { IsSlow: false, Silo: { Batches: not null } silo } ? silo : null;

    /// <summary>
    /// Takes from an answer that the silo behind this gateway owns the event, and whether the event is slow.
    /// </summary>
    public void Learn(string eventId, string gateway, bool isSlow = false)
    {
        if (OwnerOf(eventId) is { } known && known.Silo.Gateway == gateway && known.IsSlow == isSlow) return;
        if (Array.Find(_all, silo => silo.Gateway == gateway) is { } owner)
            _owners.AddOrUpdate(eventId, new(owner, isSlow));
    }

    /// <summary>A call for this event failed: it may have another owner by now.</summary>
    public void Forget(string eventId) => _owners.TryRemove(eventId);

    /// <summary>Replaces the list of silos.</summary>
    public void Replace(SiloConnection[] all) => _all = all;

    private Owner? OwnerOf(string key) =>
        _owners.TryGet(key, out var owner) && !owner.Silo.IsLeaving && _all.Contains(owner.Silo) ? owner : null;

    private sealed record Owner(SiloConnection Silo, bool IsSlow);
}

/// <summary>A front-end's connection to a silo.</summary>
/// <param name="gateway">The silo's gateway, as <c>address:port</c>; empty for the silo in this process.</param>
/// <param name="grains">Makes references whose calls go through that silo.</param>
/// <param name="batches">Takes batches for several events of that silo; null: each event is called by itself.</param>
public sealed class SiloConnection(string gateway, IGrainFactory grains, IReserveBatchGrain? batches = null)
{
    /// <summary>The silo's gateway.</summary>
    public string Gateway => gateway;

    /// <summary>Makes references to grains, whose calls go through the silo.</summary>
    public IGrainFactory Grains => grains;

    /// <summary>
    /// Takes batches for several events that the silo owns; null: each event is called through <see cref="Grains"/>.
    /// </summary>
    public IReserveBatchGrain? Batches => batches;

    /// <summary>True when the silo did not answer the last ping.</summary>
    public bool IsSilent { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>
    /// True when the silo has announced that it leaves its cluster: calls through its gateway may stay unanswered.
    /// </summary>
    public bool IsLeaving { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }
}
