using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Limits how many events of a silo replay at once. A silo that takes over a thousand events has six connections to
/// read them, and one event may have millions of entries. So each replay passes the gate again for each part that it
/// reads, and events with waiting reserve calls go before events with waiting reads.
/// </summary>
public sealed class ReplayGate
{
    /// <summary>Replays that read at once: two connections are left for other readers.</summary>
    public const int ReplaysMax = 4;

    // An unknown id costs one read of a head, over the connections that refusals need too: no more than half of them.
    private const int HeadsMax = 2;

    private readonly PriorityGate _replays = new(ReplaysMax);
    private readonly PriorityGate _heads = new(HeadsMax);

    /// <summary>Reads a head, a few at once: whether there is anything to replay.</summary>
    /// <param name="isUrgent">Evaluated each time a place is free: it may change during the wait.</param>
    /// <param name="readAsync">Reads it.</param>
    /// <param name="stop">Ends the waiting.</param>
    public Task<JournalHead> HeadAsync(
        Func<bool> isUrgent, Func<Task<JournalHead>> readAsync, CancellationToken stop) =>
        _heads.PassAsync(isUrgent, readAsync, stop);

    /// <summary>Carries out one part of a replay when it is its turn.</summary>
    /// <param name="isUrgent">Evaluated each time a place is free: it may change during the wait.</param>
    /// <param name="readAsync">The part.</param>
    /// <param name="stop">Ends the waiting.</param>
    public Task<T> PassAsync<T>(Func<bool> isUrgent, Func<Task<T>> readAsync, CancellationToken stop) =>
        _replays.PassAsync(isUrgent, readAsync, stop);
}
