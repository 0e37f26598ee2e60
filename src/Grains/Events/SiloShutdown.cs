namespace BoxOffice.Grains.Events;

/// <summary>
/// Keeps a stopping silo answering until front-ends have left its gateway; they poll every second. Otherwise answers in
/// flight would be lost when the gateway closes, and buyers would wait for a timeout.
/// </summary>
public sealed class SiloShutdown(TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>
{
    // Two polls of the front-ends, one of which may be late.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private volatile bool _hasBegun;

    /// <summary>True once the silo is stopping.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>
    /// Subscribes to the last stage, which is the first that stops. The next stage announces the stop to the other
    /// silos, which then replace this silo's events; a later one releases them.
    /// </summary>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(SiloShutdown), ServiceLifecycleStage.Active, _ => Task.CompletedTask, WaitAsync);

    private async Task WaitAsync(CancellationToken stop)
    {
        _hasBegun = true;
        await Task.Delay(Length, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
