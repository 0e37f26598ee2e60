using System.Globalization;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Audit;

/// <summary>
/// Records what was refused: failed logins, and calls without the right. A flood of them fills neither the log nor the
/// memory: the same act is recorded once, and then once a minute with the number of its repetitions; of more different
/// ones than <see cref="ApiOptions.AuditRefusalsMax"/> only the number is recorded. No call waits for it.
/// </summary>
internal sealed partial class RefusedActs(
    OperatorAudit audit, IOptions<ApiOptions> options, TimeProvider time, ILogger<RefusedActs> logger)
    : BackgroundService
{
    private static readonly TimeSpan WrittenEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatedEvery = TimeSpan.FromMinutes(1);

    // Different acts beyond the limit, together.
    private static readonly AuditAct Others = new("", "REFUSED", "", "", "MANY");

    private readonly Lock _gate = new();
    private readonly Dictionary<AuditAct, Count> _counts = [];

    /// <summary>Counts a refused act; it is recorded within a second.</summary>
    public void Note(AuditAct act)
    {
        lock (_gate)
        {
            var isFull = _counts.Count >= options.Value.AuditRefusalsMax;
            // The target is the first one's: a caller who tries many is one caller.
            var key = act with { Target = "" };
            if (isFull && !_counts.ContainsKey(key)) (act, key) = (Others, Others);
            if (!_counts.TryGetValue(key, out var count)) _counts[key] = count = new(act.Target, time.GetUtcNow());
            count.Waiting++;
        }
    }

    /// <summary>Records the rest.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(isLast: true);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(WrittenEvery, time, stoppingToken);
            await WriteAsync(isLast: false);
        }
    }

    private async Task WriteAsync(bool isLast)
    {
        var due = TakeDue(isLast);
        for (var written = 0; written < due.Count; written++)
        {
            var (act, waiting) = due[written];
            try
            {
                KeyValuePair<string, string?>[] detail = waiting == 1
                    ? []
                    : [new("count", waiting.ToString(CultureInfo.InvariantCulture))];
                await audit.WriteEndedAsync(act, detail);
            }
            catch (Exception e)
            {
                var rest = due[written..]; // they would fail as well
                LogNotWritten(e, rest.Sum(each => each.Waiting));
                Return(rest);
                return;
            }
        }
    }

    private List<(AuditAct Act, long Waiting)> TakeDue(bool isLast)
    {
        var now = time.GetUtcNow();
        var due = new List<(AuditAct, long)>();
        lock (_gate)
        {
            foreach (var (key, count) in _counts.Where(each => isLast || each.Value.DueAt <= now).ToArray())
            {
                if (count.Waiting == 0) _counts.Remove(key);
                else due.Add((key with { Target = count.Target }, count.Waiting));
                (count.Waiting, count.DueAt) = (0, now + RepeatedEvery);
            }
        }
        return due;
    }

    private void Return(List<(AuditAct Act, long Waiting)> rest)
    {
        lock (_gate)
        {
            // None of them was removed: they are due again in a minute.
            foreach (var (act, waiting) in rest) _counts[act with { Target = "" }].Waiting += waiting;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "{Count} refused calls to operators' paths are not in the audit log, which could not be written. They are "
        + "written again in a minute")]
    private partial void LogNotWritten(Exception exception, long count);

    private sealed class Count(string target, DateTimeOffset dueAt)
    {
        /// <summary>Of the first one.</summary>
        public string Target { get; } = target;

        /// <summary>When those that wait are recorded.</summary>
        public DateTimeOffset DueAt { get; set; } = dueAt;

        /// <summary>Acts that are not recorded yet.</summary>
        public long Waiting { get; set; }
    }
}
