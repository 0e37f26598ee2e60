using System.Data.Common;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Snapshots;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Replays one event: loads the parts of its snapshot that agree with the journal, then the rest of the journal. It
/// runs beside the activation and has no deadline, so nothing is read twice because it took too long.
/// </summary>
internal sealed partial class EventReplay(
    string eventId,
    IJournalReader journal,
    ILedgerSnapshots snapshots,
    ReplayGate gate,
    BoxOfficeOptions options,
    TimeProvider time,
    ILogger logger)
{
    // Entries read in one pass through the gate, while other events wait: a tenth of a second.
    private const int StepEntries = 100_000;

    private volatile bool _isUrgent;

    /// <summary>What was replayed so far; when the journal is broken, as far as it can be replayed.</summary>
    public ReservationLedger Ledger { get; private set; } = new();

    /// <summary>The journal's head when the replay began.</summary>
    public JournalHead Head { get; private set; }

    /// <summary>A timestamp from before the last entries were read: then the journal's head was seen.</summary>
    public long SeenAt { get; private set; }

    /// <summary>A call waits to reserve, not only to read: this replay passes before others.</summary>
    public void MakeUrgent() => _isUrgent = true;

    /// <summary>
    /// Reads all that is stored. Throws <see cref="LedgerBrokenException"/> when an entry does not follow from those
    /// before it, and the journal's exceptions.
    /// </summary>
    public async Task<ReservationLedger> RunAsync(CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not in the activation's turns
        var begunAt = time.GetTimestamp();
        var head = Head = await HeadAsync(stop).ConfigureAwait(false);
        SeenAt = begunAt;
        if (head == JournalHead.None) // an unknown id costs no more than this
        {
            SaleMetrics.Replayed(0, time.GetElapsedTime(begunAt));
            return Ledger;
        }
        var ledger = Ledger = head.Sequence < options.SnapshotEntries
            ? new()
            : await LoadAsync(stop).ConfigureAwait(false);
        var loaded = ledger.HeadSequence;
        for (var from = -1L; from + StepEntries <= ledger.HeadSequence || from < 0;)
        {
            (from, SeenAt) = (ledger.HeadSequence, time.GetTimestamp());
            await PassAsync(async () => await ReplayAsync(ledger, from, stop).ConfigureAwait(false), stop)
                .ConfigureAwait(false);
        }
        await RequireNoGapAsync(ledger, head, stop).ConfigureAwait(false);
        SaleMetrics.Replayed(ledger.HeadSequence - loaded, time.GetElapsedTime(begunAt));
        return ledger;
    }

    private async Task<bool> ReplayAsync(ReservationLedger ledger, long after, CancellationToken stop)
    {
        var pages = journal.ReadAsync(eventId, after, after + StepEntries, stop);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var entry in page) ledger.Replay(entry);
        }
        return true;
    }

    /// <summary>
    /// A shorter journal has no gap when rows were removed meanwhile, by a repair or at the end of a rehearsal.
    /// </summary>
    private async Task RequireNoGapAsync(ReservationLedger ledger, JournalHead head, CancellationToken stop)
    {
        if (ledger.HeadSequence >= head.Sequence) return;
        if ((await HeadAsync(stop).ConfigureAwait(false)).Sequence <= ledger.HeadSequence) return;
        throw new LedgerBrokenException(
            "the journal has no gap", new(head.Sequence, default, head.DecidedAt, head.Actor!));
    }

    /// <summary>
    /// The ledger as far as the snapshot goes; an empty one when there is none, or none that can be used.
    /// </summary>
    private async Task<ReservationLedger> LoadAsync(CancellationToken stop)
    {
        var ledger = new ReservationLedger();
        try
        {
            var chain = await PassAsync(() => SnapshotChain.ReadAsync(journal, snapshots, eventId, stop), stop)
                .ConfigureAwait(false);
            var loader = new SnapshotLoader(eventId, snapshots, part => BytesAsync(part, stop));
            var damaged = await loader.LoadAsync(ledger, chain).ConfigureAwait(false);
            if (damaged is { } part) LogDamaged(eventId, part.Sequence);
            return ledger;
        }
        catch (Exception e)
            when (e is not (OperationCanceledException or DbException or IOException or TimeoutException))
        {
            // The ledger may be loaded in part; the journal has everything. When the database itself fails, reading
            // more of it would not help, so its exceptions end the replay.
            LogNotLoaded(e, eventId);
            return new();
        }
    }

    private Task<JournalHead> HeadAsync(CancellationToken stop) =>
        gate.HeadAsync(() => _isUrgent, () => journal.HeadAsync(eventId), stop);

    private Task<byte[]?> BytesAsync(SnapshotPart part, CancellationToken stop) =>
        PassAsync(() => snapshots.BytesAsync(eventId, part.Sequence), stop);

    private Task<T> PassAsync<T>(Func<Task<T>> readAsync, CancellationToken stop) =>
        gate.PassAsync(() => _isUrgent, readAsync, stop);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of event {EventId} is damaged in the part that "
        + "ends at sequence {Sequence}. It is deleted from there, and the journal is replayed instead; nothing is "
        + "lost")]
    private partial void LogDamaged(string eventId, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of event {EventId} could not be loaded. All of "
        + "its journal is replayed instead, which takes longer; nothing is lost")]
    private partial void LogNotLoaded(Exception exception, string eventId);
}
