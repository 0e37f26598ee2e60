using System.Collections.Concurrent;

namespace BoxOffice.Api.Silos;

/// <summary>
/// The ways to the silos. Calls for an event go straight to the silo that owns it, as soon as an answer said which; so a
/// silo that hangs delays its own events and nobody else's, and no call is forwarded from silo to silo.
/// </summary>
public sealed class SiloLinks
{
    // Made-up events have no owner; real ones are bounded by what an operator opens. A full map begins anew.
    private const int OwnersMax = 100_000;

    private readonly ConcurrentDictionary<string, Owner> _owners = new(StringComparer.Ordinal);
    private volatile SiloLink[] _all;

    /// <summary>Begins with the silo in this process, or with none.</summary>
    public SiloLinks(params SiloLink[] all) => _all = all;

    /// <summary>All silos that can be reached, as far as is known.</summary>
    public IReadOnlyList<SiloLink> All => _all;

    /// <summary>
    /// The way for one attempt: straight to the owner at first, then through one silo after the other, those that were
    /// silent or are leaving last.
    /// </summary>
    /// <param name="key">The grain's key: the same key begins with the same silo.</param>
    /// <param name="attempt">From 1.</param>
    /// <exception cref="NotAppliedException">No silo can be reached.</exception>
    public SiloLink For(string key, int attempt = 1)
    {
        if (attempt == 1 && _owners.TryGetValue(key, out var owner) && !owner.Silo.IsLeaving) return owner.Silo;
        var all = _all;
        if (all.Length == 0) throw new NotAppliedException("No silo can be reached.");
        var first = (uint)string.GetHashCode(key, StringComparison.Ordinal) + (uint)attempt;
        for (var i = 0u; i < all.Length; i++)
        {
            var link = all[(first + i) % (uint)all.Length];
            if (!link.IsSilent && !link.IsLeaving) return link;
        }
        return all[first % (uint)all.Length];
    }

    /// <summary>
    /// The door of the silo that owns this event; null when that is not known, when it has none, and for an event that is slow:
    /// the others do not wait for it there.
    /// </summary>
    public SiloDoor? DoorOf(string eventId) =>
        _owners.TryGetValue(eventId, out var owner) && !owner.IsSlow && !owner.Silo.IsLeaving ? owner.Silo.Door : null;

    /// <summary>An answer for this event came from the silo behind this gateway; slowly, or not.</summary>
    public void Learn(string eventId, string gateway, bool isSlow = false)
    {
        if (_owners.TryGetValue(eventId, out var known) && known.Silo.Gateway == gateway && known.IsSlow == isSlow) return;
        if (Array.Find(_all, one => one.Gateway == gateway) is not { } silo) return;
        if (_owners.Count >= OwnersMax) _owners.Clear();
        _owners[eventId] = new(silo, isSlow);
    }

    /// <summary>A call for this event failed: it may have another owner by now.</summary>
    public void Forget(string eventId) => _owners.TryRemove(eventId, out _);

    /// <summary>From now on these are the silos.</summary>
    public void Replace(SiloLink[] all)
    {
        _all = all;
        foreach (var (eventId, owner) in _owners)
        {
            if (!all.Contains(owner.Silo)) _owners.TryRemove(new(eventId, owner));
        }
    }

    private readonly record struct Owner(SiloLink Silo, bool IsSlow);
}
