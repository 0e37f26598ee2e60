using System.Diagnostics;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Journal;

/// <summary>One event's batch on its way to the database. Batches of several events share a transaction.</summary>
internal sealed class PendingAppend(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
{
    // Asynchronous: the grain continues on its own scheduler, not inside the writer's loop.
    private readonly TaskCompletionSource<AppendStatus> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose trace is kept; usually null.</summary>
    public Activity? Caller { get; } = Tracing.Caller;

    public string EventId => eventId;

    /// <summary>The entry that the first one follows.</summary>
    public JournalHead After => after;

    public IReadOnlyList<JournalEntry> Entries => entries;

    public Task<AppendStatus> Done => _done.Task;

    public void End(AppendStatus status) => _done.TrySetResult(status);
}
