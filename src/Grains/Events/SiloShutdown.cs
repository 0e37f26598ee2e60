namespace BoxOffice.Grains.Events;

/// <summary>
/// Lets a silo that stops go on answering until the front-ends, which ask once a second, have left its gateway. Otherwise the
/// answers that are on their way when it closes would be lost, and their buyers left to wait.
/// </summary>
public sealed class SiloShutdown(TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>
{
    // Two of the front-ends' questions, one of which may come late.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private volatile bool _hasBegun;

    /// <summary>True once the silo is stopping.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>
    /// The last stage is the first that stops. Only the next one tells the other silos, which then would begin to replace
    /// this silo's events, and a later one lets them go.
    /// </summary>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(SiloShutdown), ServiceLifecycleStage.Active, _ => Task.CompletedTask, WaitAsync);

    private async Task WaitAsync(CancellationToken stop)
    {
        _hasBegun = true;
        await Task.Delay(Length, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
