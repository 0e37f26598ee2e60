using System.Data.Common;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Snapshots;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Brings one event back: from the parts of its snapshot that agree with the journal, and then from the rest of the journal. It runs
/// beside the activation and has no deadline, so what it has read is never read again because it took too long.
/// </summary>
internal sealed partial class EventReplay(
    string eventId, IJournalReader journal, ILedgerSnapshots snapshots, ReplayGate gate, BoxOfficeOptions options, TimeProvider time, ILogger logger)
{
    // Entries read in one go, while other events wait: a tenth of a second.
    private const int StepEntries = 100_000;

    private volatile bool _isUrgent;

    /// <summary>What was brought back so far; when the journal is broken, as far as it can be replayed.</summary>
    public ReservationLedger Ledger { get; private set; } = new();

    /// <summary>The journal's head when the replay began.</summary>
    public JournalHead Head { get; private set; }

    /// <summary>A timestamp from before the last entries were read: then the journal's head was seen.</summary>
    public long SeenAt { get; private set; }

    /// <summary>Somebody waits for tickets, and not only for numbers.</summary>
    public void IsAskedToSell() => _isUrgent = true;

    /// <summary>
    /// Reads all that is stored. Throws <see cref="LedgerBrokenException"/> when an entry does not follow from those before it, and whatever
    /// the journal throws.
    /// </summary>
    public async Task<ReservationLedger> RunAsync(CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not in the activation's turns
        var begunAt = time.GetTimestamp();
        var head = Head = await HeadAsync(stop).ConfigureAwait(false);
        SeenAt = begunAt;
        if (head == JournalHead.None) // a made-up id costs no more than this
        {
            SaleMetrics.Replayed(0, time.GetElapsedTime(begunAt));
            return Ledger;
        }
        var ledger = Ledger = head.Sequence < options.SnapshotEntries || RehearsalCopy.Is(eventId) ? new() : await LoadAsync(stop).ConfigureAwait(false);
        var loaded = ledger.HeadSequence;
        for (var from = -1L; from + StepEntries <= ledger.HeadSequence || from < 0;)
        {
            (from, SeenAt) = (ledger.HeadSequence, time.GetTimestamp());
            await PassAsync(async () => await ReplayAsync(ledger, from, stop).ConfigureAwait(false), stop).ConfigureAwait(false);
        }
        // Rows may have been taken out meanwhile, by a repair or at the end of a rehearsal: then there is no gap.
        if (ledger.HeadSequence < head.Sequence && (await HeadAsync(stop).ConfigureAwait(false)).Sequence > ledger.HeadSequence)
            throw new LedgerBrokenException("the journal has no gap", new(head.Sequence, default, head.DecidedAt, head.Actor!));
        SaleMetrics.Replayed(ledger.HeadSequence - loaded, time.GetElapsedTime(begunAt));
        return ledger;
    }

    private async Task<bool> ReplayAsync(ReservationLedger ledger, long after, CancellationToken stop)
    {
        await foreach (var page in journal.ReadAsync(eventId, after, after + StepEntries, stop).ConfigureAwait(false))
        {
            foreach (var entry in page) ledger.Replay(entry);
        }
        return true;
    }

    /// <summary>The ledger as far as the snapshot goes; an empty one when there is none, or none that can be used.</summary>
    private async Task<ReservationLedger> LoadAsync(CancellationToken stop)
    {
        var ledger = new ReservationLedger();
        try
        {
            var chain = await PassAsync(() => SnapshotChain.ReadAsync(journal, snapshots, eventId, stop), stop).ConfigureAwait(false);
            var loader = new SnapshotLoader(eventId, snapshots, part => BytesAsync(part, stop));
            if (await loader.LoadAsync(ledger, chain).ConfigureAwait(false) is { } damaged) LogDamaged(eventId, damaged.Sequence);
            return ledger;
        }
        catch (Exception e) when (e is not (OperationCanceledException or DbException or IOException or TimeoutException))
        {
            // It may be loaded by half. Whatever it was, the journal has it all. A database in trouble is no reason to read more of it.
            LogNotLoaded(e, eventId);
            return new();
        }
    }

    private Task<JournalHead> HeadAsync(CancellationToken stop) => gate.HeadAsync(() => _isUrgent, () => journal.HeadAsync(eventId), stop);

    private Task<byte[]?> BytesAsync(SnapshotPart part, CancellationToken stop) =>
        PassAsync(() => snapshots.BytesAsync(eventId, part.Sequence), stop);

    private Task<T> PassAsync<T>(Func<Task<T>> readAsync, CancellationToken stop) => gate.PassAsync(() => _isUrgent, readAsync, stop);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of event {EventId} is damaged in the part that ends at sequence {Sequence}. "
        + "It is deleted from there, and the journal is replayed instead; nothing is lost")]
    private partial void LogDamaged(string eventId, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of event {EventId} could not be loaded. All of its journal is replayed "
        + "instead, which takes longer; nothing is lost")]
    private partial void LogNotLoaded(Exception exception, string eventId);
}
