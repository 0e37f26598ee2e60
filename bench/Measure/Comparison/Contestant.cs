using System.ComponentModel;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>Processes whose time is told apart from that of others.</summary>
/// <param name="Name">front-end, silo or store.</param>
/// <param name="Ids">Of the processes; their children count too.</param>
internal sealed record ProcessGroup(string Name, IReadOnlyList<int> Ids);

/// <summary>Somebody who sells tickets at <c>POST /ticket/reserve/{eventId}</c>, and lets himself be measured.</summary>
internal abstract class Contestant(string name) : IAsyncDisposable
{
    /// <summary>Tokens, so that no member meets the limit of calls.</summary>
    protected const int Members = 10_000;

    public string Name => name;

    public abstract Uri Url { get; }

    /// <summary>Members' tokens, one a line.</summary>
    public string TokensFile { get; } = Path.GetTempFileName();

    /// <summary>Without a store, nothing but the generator's word says what was accepted.</summary>
    public virtual bool HasStore => true;

    public abstract IReadOnlyList<ProcessGroup> Processes { get; }

    /// <summary>Its PostgreSQL; null when it has none.</summary>
    public virtual WriteAheadLog? Log => null;

    /// <summary>None of its processes does anything until <see cref="GoOn"/>.</summary>
    public void StandStill() => SendToAll(Signal.Stop);

    /// <summary>They go on as if nothing had been, but for the time.</summary>
    public void GoOn() => SendToAll(Signal.Continue);

    /// <summary>Puts an event on sale.</summary>
    public abstract Task OpenAsync(string eventId, int capacity);

    /// <summary>How many tickets of an event are sold, counted in the store.</summary>
    public abstract Task<long> SoldAsync(string eventId);

    /// <summary>Reservations in one write, on average; null when nobody knows.</summary>
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
