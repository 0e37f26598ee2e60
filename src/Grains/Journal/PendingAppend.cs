using System.Diagnostics;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Journal;

/// <summary>One event's batch on its way to the database. Batches of several events share a transaction.</summary>
internal sealed class PendingAppend(
    JournalSql table, string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
{
    // Asynchronous: the grain continues on its own scheduler, not inside the writer's loop.
    private readonly TaskCompletionSource<AppendStatus> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The activity of the call that is traced; usually null.</summary>
    public Activity? Caller { get; } = Tracing.Caller;

    /// <summary>The table of the entries.</summary>
    public JournalSql Table => table;

    /// <summary>The event.</summary>
    public string EventId => eventId;

    /// <summary>The entry that the first one follows.</summary>
    public JournalHead After => after;

    /// <summary>The batch, not empty.</summary>
    public IReadOnlyList<JournalEntry> Entries => entries;

    /// <summary>Ends with the outcome.</summary>
    public Task<AppendStatus> Done => _done.Task;

    /// <summary>Sets the outcome.</summary>
    public void End(AppendStatus status) => _done.TrySetResult(status);
}
