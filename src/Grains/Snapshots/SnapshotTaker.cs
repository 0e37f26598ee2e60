using System.Threading.Channels;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Snapshots;

/// <summary>
/// Takes snapshots for all events of a silo, one part after the other, from the journal and not from an event's memory:
/// so it takes no turn of an event, and a snapshot has only what is durable. After each part it pauses fifty times as
/// long as the part took, ten seconds at most.
/// </summary>
/// <remarks>
/// Before a part is added to the stored ones, their end is compared with the journal. Two silos that take one at once
/// write the same bytes.
/// </remarks>
public sealed partial class SnapshotTaker(
    IJournalReader journal,
    ILedgerSnapshots snapshots,
    IOptions<BoxOfficeOptions> options,
    TimeProvider time,
    ILogger<SnapshotTaker> logger) : BackgroundService
{
    /// <summary>After a failure, and the longest after a part: of one that took 200 ms or more.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromSeconds(10);

    // Two hundredths of one connection and of one core, which is all that a running sale pays. A part of 100,000
    // entries takes some 0.2 s: 10,000 entries a second. While the sale is faster, it falls behind and catches up
    // afterwards; the missing entries are replayed.
    private const int RestFactor = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _upTo = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal); // of events that have a part

    // Unbounded, yet bounded: an event of this silo is in the queue once.
    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>(new() { SingleReader = true });

    /// <summary>Queues an event for the parts that are missing, up to a sequence that is durable.</summary>
    public void Take(string eventId, long durable)
    {
        if (durable < options.Value.SnapshotEntries) return;
        lock (_gate)
        {
            if (durable - _taken.GetValueOrDefault(eventId) < options.Value.SnapshotEntries) return;
            if (_upTo.TryAdd(eventId, durable)) _queue.Writer.TryWrite(eventId);
            else _upTo[eventId] = durable;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SaleMetrics.SnapshotsBegin();
        await foreach (var eventId in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            long upTo;
            lock (_gate) _upTo.Remove(eventId, out upTo);
            await Task.Delay(await TakePartAsync(eventId, upTo, stoppingToken), time, stoppingToken);
        }
    }

    /// <summary>Takes a part, queues the rest, and returns how long to pause.</summary>
    private async Task<TimeSpan> TakePartAsync(string eventId, long upTo, CancellationToken stop)
    {
        var begunAt = time.GetTimestamp();
        try
        {
            var taken = await TakeNextAsync(journal, snapshots, eventId, upTo, options.Value.SnapshotEntries, stop);
            lock (_gate) _taken[eventId] = taken;
            Take(eventId, upTo);
            var rest = RestFactor * time.GetElapsedTime(begunAt);
            return rest < RestMax ? rest : RestMax;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LogNotTaken(e, eventId);
            lock (_gate) _taken[eventId] = upTo; // the event is queued again when it has as many more
            return RestMax;
        }
    }

    /// <summary>
    /// Takes the next part of an event, when the journal has enough for it. Returns the sequence at which the last part
    /// ends.
    /// </summary>
    public static async Task<long> TakeNextAsync(
        IJournalReader journal,
        ILedgerSnapshots snapshots,
        string eventId,
        long upTo,
        int entries,
        CancellationToken stop = default)
    {
        var chain = await SnapshotChain.ReadAsync(journal, snapshots, eventId, stop).ConfigureAwait(false);
        var (after, start) = chain.Count == 0 ? (0, 0) : (chain[^1].Sequence, chain[^1].End);
        if (upTo - after < entries) return after;
        var writer = new PartWriter(eventId, after, start, entries);
        await foreach (var page in journal.ReadAsync(eventId, after, after + entries, stop).ConfigureAwait(false))
        {
            foreach (var entry in page) writer.Add(entry);
        }
        if (!writer.IsFull) return after; // the journal is shorter than the caller believed
        var (part, bytes) = writer.Write();
        await snapshots.WriteAsync(eventId, part, bytes).ConfigureAwait(false);
        SaleMetrics.SnapshotTaken();
        return part.Sequence;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot of event {EventId} was not taken. Its next "
        + "activation replays more of the journal and takes longer; nothing else is affected")]
    private partial void LogNotTaken(Exception exception, string eventId);
}
