using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Silos;

/// <summary>
/// Asks again, as long as somebody waits, when the cluster is changing: a silo's end is then a delay and not an error.
/// </summary>
public sealed class Repeats(SiloLinks links, IOptions<ApiOptions> options, TimeProvider time)
{
    private const int FirstPauseMs = 50;
    private const int PauseMaxMs = 400;

    /// <summary>Until when an attempt that begins now may be carried out, by the event's clock.</summary>
    public DateTimeOffset ValidUntil => time.GetUtcNow() + options.Value.AttemptValidity;

    /// <summary>True when the failure itself says that nothing was done, and nothing will be.</summary>
    public static bool IsNothingDone(Exception failure) =>
        // The last two are raised by Orleans before the call reaches a grain.
        failure is NotAppliedException or BusyException or LimitExceededException or GatewayTooBusyException;

    /// <summary>True when asking again may help, for what can be asked twice: the event may have a new owner by then.</summary>
    public static bool MayHelp(Exception failure) => failure switch
    {
        BusyException or LimitExceededException or GatewayTooBusyException => false, // asking again would add to the load
        NotAppliedException or OutcomeUnknownException or TimeoutException or OrleansException => true,
        OperationCanceledException => true, // nobody here cancels: a silo gave up placing the event, whose journal stood still
        _ => false,
    };

    /// <summary>How long to wait after a failed attempt, from 1: 50 ms, doubling up to 400 ms, each between half and all of it.</summary>
    public static TimeSpan PauseAfter(int attempt)
    {
        var most = Math.Min(FirstPauseMs << Math.Min(attempt - 1, 8), PauseMaxMs);
        return TimeSpan.FromMilliseconds((most / 2) + Random.Shared.Next((most / 2) + 1)); // not all front-ends at once
    }

    /// <summary>
    /// The answer to a call that has the same effect however often it is made, asked through one silo after the other.
    /// Fails with the last failure when there is no answer within <see cref="ApiOptions.ResponseTimeout"/>.
    /// </summary>
    /// <param name="key">The grain's key, for the way.</param>
    /// <param name="call">Makes the call.</param>
    public async Task<T> AskAsync<T>(string key, Func<IGrainFactory, Task<T>> call)
    {
        var start = time.GetTimestamp();
        var isInDoubt = false;
        for (var attempt = 1; ; attempt++)
        {
            var pause = PauseAfter(attempt);
            try
            {
                return await AttemptAsync(key, attempt, call);
            }
            catch (Exception e) when (MayHelp(e) && time.GetElapsedTime(start) + pause < options.Value.ResponseTimeout)
            {
                isInDoubt |= !IsNothingDone(e);
            }
            catch (Exception e) when (isInDoubt && IsNothingDone(e))
            {
                throw new OutcomeUnknownException($"An earlier attempt may have been carried out. {e.Message}");
            }
            await Task.Delay(pause, time);
        }
    }

    private async Task<T> AttemptAsync<T>(string key, int attempt, Func<IGrainFactory, Task<T>> call)
    {
        try
        {
            return await call(links.For(key, attempt).Grains).WaitAsync(options.Value.AttemptTimeout, time);
        }
        catch (Exception e) when (MayHelp(e))
        {
            links.Forget(key);
            throw;
        }
    }
}
