using System.Threading.Channels;
using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Members;

/// <summary>
/// Indexes for "my tickets" who reserved, for all events of a silo. Other events sell meanwhile, and after a rush
/// thousands become quiet at the same time. So it indexes one part after the other, in turn, and after each pauses a
/// hundred times as long as the part took, five seconds at most.
/// </summary>
/// <remarks>
/// What is not indexed when the silo ends is indexed by the event's next owner: it begins with all that the event sold.
/// </remarks>
public sealed partial class MemberIndexer(
    IEventIndex index, TimeProvider time, ILogger<MemberIndexer> logger) : BackgroundService
{
    /// <summary>After a failure, and the longest after a part: of one that took 50 ms or more.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromSeconds(5);

    // A hundredth of one connection: some 5,000 entries a second, of all events of the silo, when a part takes 20 ms. A
    // million are indexed in some minutes, and until then their owner is asked. With a tenth, the database spent a
    // quarter more on each sale of the next event.
    private const int RestFactor = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _upTo = new(StringComparer.Ordinal);

    // Unbounded, yet bounded: an event of this silo is in the queue once.
    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>(new() { SingleReader = true });

    /// <summary>Queues an event's members for indexing, up to a sequence that is durable.</summary>
    public void Add(string eventId, long upTo)
    {
        lock (_gate)
        {
            if (_upTo.TryAdd(eventId, upTo)) _queue.Writer.TryWrite(eventId);
            else _upTo[eventId] = Math.Max(upTo, _upTo[eventId]);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var eventId in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            long upTo;
            lock (_gate) _upTo.Remove(eventId, out upTo);
            await Task.Delay(await IndexPartAsync(eventId, upTo), time, stoppingToken);
        }
    }

    /// <summary>Indexes a part, queues the rest, and returns how long to pause.</summary>
    private async Task<TimeSpan> IndexPartAsync(string eventId, long upTo)
    {
        var begunAt = time.GetTimestamp();
        try
        {
            if (await index.IndexMembersAsync(eventId, upTo) < upTo) Add(eventId, upTo);
            var rest = RestFactor * time.GetElapsedTime(begunAt);
            return rest < RestMax ? rest : RestMax;
        }
        catch (Exception e)
        {
            LogNotIndexed(e, eventId);
            Add(eventId, upTo);
            return RestMax;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The members of event {EventId} could not be indexed. It is "
        + "tried again after some seconds; until then \"my tickets\" asks the event's owner")]
    private partial void LogNotIndexed(Exception exception, string eventId);
}
