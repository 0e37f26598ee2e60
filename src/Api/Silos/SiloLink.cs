namespace BoxOffice.Api.Silos;

/// <summary>A way to the grains through one silo.</summary>
/// <param name="gateway">The silo's gateway, as <c>address:port</c>; empty for the silo in this process.</param>
/// <param name="grains">Makes references whose calls go through that silo.</param>
/// <param name="door">Joins reserve calls for events of that silo; null: each event is asked by itself.</param>
public sealed class SiloLink(string gateway, IGrainFactory grains, SiloDoor? door = null)
{
    private volatile bool _isSilent;
    private volatile bool _isLeaving;

    /// <summary>Where the silo is reached.</summary>
    public string Gateway => gateway;

    /// <summary>Makes references to grains.</summary>
    public IGrainFactory Grains => grains;

    /// <summary>The way of reserve calls for events that the silo owns; null when there is no better one than <see cref="Grains"/>.</summary>
    public SiloDoor? Door => door;

    /// <summary>True when the silo did not answer when it was last asked.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    /// <summary>True when the silo said that it leaves its cluster: what goes through its gateway may stay unanswered.</summary>
    public bool IsLeaving
    {
        get => _isLeaving;
        set => _isLeaving = value;
    }
}
