using System.ComponentModel;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>Processes whose time is measured together.</summary>
/// <param name="Name">front-end, silo or store.</param>
/// <param name="Ids">The processes' ids; their children count too.</param>
internal sealed record ProcessGroup(string Name, IReadOnlyList<int> Ids);

/// <summary>
/// A system that sells tickets at <c>POST /ticket/reserve/{eventId}</c>, with the processes to measure.
/// </summary>
internal abstract class Contestant(string name) : IAsyncDisposable
{
    /// <summary>Members with tokens: so many that none exceeds the rate limit.</summary>
    protected const int Members = 10_000;

    public string Name => name;

    public abstract Uri Url { get; }

    /// <summary>Members' tokens, one a line.</summary>
    public string TokensFile { get; } = Path.GetTempFileName();

    /// <summary>True when accepted calls can be counted in a store, and not by the generator only.</summary>
    public virtual bool HasStore => true;

    public abstract IReadOnlyList<ProcessGroup> Processes { get; }

    /// <summary>Its PostgreSQL; null when it has none.</summary>
    public virtual WriteAheadLog? Log => null;

    /// <summary>Freezes its processes until <see cref="Thaw"/>.</summary>
    public void Freeze() => SendToAll(Signal.Stop);

    /// <summary>Lets its processes continue.</summary>
    public void Thaw() => SendToAll(Signal.Continue);

    /// <summary>Puts an event on sale.</summary>
    public abstract Task OpenAsync(string eventId, int capacity);

    /// <summary>The number of sold tickets of an event, counted in the store.</summary>
    public abstract Task<long> SoldAsync(string eventId);

    /// <summary>Reservations in one write, on average; null when unknown.</summary>
    public virtual Task<double?> BatchAsync(string eventId) => Task.FromResult<double?>(null);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        File.Delete(TokensFile);
        return ValueTask.CompletedTask;
    }

    private void SendToAll(int signal)
    {
        foreach (var id in ProcessorTime.WithChildren(Processes.SelectMany(group => group.Ids)))
        {
            try
            {
                Signal.Send(id, signal);
            }
            catch (Win32Exception)
            {
                // A child that has just ended.
            }
        }
    }
}
