using System.Threading.Channels;
using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Members;

/// <summary>
/// Notes for "my tickets" who reserved, for all events of a silo. Others of them sell meanwhile, and after a rush thousands are
/// quiet in the same moment: so it does one part after the other, in turn, and after each rests a hundred times as long as it took,
/// five seconds at most.
/// </summary>
/// <remarks>What is not noted when the silo ends is noted by the event's next owner: it begins with all that it sold.</remarks>
public sealed partial class MemberIndexer(IEventIndex index, TimeProvider time, ILogger<MemberIndexer> logger) : BackgroundService
{
    /// <summary>After a failure, and the longest after a part: of one that took 50 ms or more.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromSeconds(5);

    // A hundredth of one connection: some 5,000 entries a second, of all events of the silo, when a part takes 20 ms. A million are noted in some minutes,
    // and until then their owner is asked; with a tenth, the database spent a quarter more on each sale of the next event.
    private const int RestFactor = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _upTo = new(StringComparer.Ordinal);

    // Unbounded, yet bounded: an event of this silo stands in line once.
    private readonly Channel<string> _line = Channel.CreateUnbounded<string>(new() { SingleReader = true });

    /// <summary>Notes the members of an event some time, until a sequence that is durable.</summary>
    public void Gather(string eventId, long upTo)
    {
        lock (_gate)
        {
            if (_upTo.TryAdd(eventId, upTo)) _line.Writer.TryWrite(eventId);
            else _upTo[eventId] = Math.Max(upTo, _upTo[eventId]);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var eventId in _line.Reader.ReadAllAsync(stoppingToken))
        {
            long upTo;
            lock (_gate) _upTo.Remove(eventId, out upTo);
            await Task.Delay(await GatherPartAsync(eventId, upTo), time, stoppingToken);
        }
    }

    /// <summary>Notes a part, leaves the rest for later, and tells how long to rest.</summary>
    private async Task<TimeSpan> GatherPartAsync(string eventId, long upTo)
    {
        var begunAt = time.GetTimestamp();
        try
        {
            if (await index.IndexMembersAsync(eventId, upTo) < upTo) Gather(eventId, upTo);
            var rest = RestFactor * time.GetElapsedTime(begunAt);
            return rest < RestMax ? rest : RestMax;
        }
        catch (Exception e)
        {
            LogNotGathered(e, eventId);
            Gather(eventId, upTo);
            return RestMax;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The members of event {EventId} could not be noted")]
    private partial void LogNotGathered(Exception exception, string eventId);
}
