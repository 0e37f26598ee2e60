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
        failure is NotAppliedException or BusyException or EventBrokenException or LimitExceededException or GatewayTooBusyException;

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
    /// The answer to a call that changes nothing, asked through one silo after the other.
    /// Fails with the last failure when there is no answer within <see cref="ApiOptions.ResponseTimeout"/>.
    /// </summary>
    /// <param name="key">The grain's key, for the way.</param>
    /// <param name="call">Makes the call.</param>
    public Task<T> AskAsync<T>(string key, Func<IGrainFactory, Task<T>> call) => RepeatAsync(key, (grains, _) => call(grains), Wait.Never);

    /// <summary>
    /// The same for a call that changes something and has the same effect however often it is made. Each attempt has a deadline.
    /// When the outcome is unknown in the end, that is told once no attempt can be carried out any more: what the client does
    /// next must not be undone by one that was delayed.
    /// </summary>
    /// <param name="key">The grain's key, for the way.</param>
    /// <param name="call">Makes the call, which the grain carries out until the given moment.</param>
    /// <param name="isReversible">
    /// True when another call may take the change back, such as pause and resume: then a success is also told only once no earlier
    /// attempt can be carried out after that other call.
    /// </param>
    public Task<T> ChangeAsync<T>(string key, Func<IGrainFactory, DateTimeOffset, Task<T>> call, bool isReversible = false) =>
        RepeatAsync(key, call, isReversible ? Wait.Always : Wait.WhenUnknown);

    private async Task<T> RepeatAsync<T>(string key, Func<IGrainFactory, DateTimeOffset, Task<T>> call, Wait wait)
    {
        var start = time.GetTimestamp();
        long? doubtBegunAt = null;
        for (var attempt = 1; ; attempt++)
        {
            var (pause, begunAt) = (PauseAfter(attempt), time.GetTimestamp());
            try
            {
                var answer = await AttemptAsync(key, attempt, call);
                if (wait == Wait.Always && doubtBegunAt is { } earlier) await WhenNoLongerValidAsync(earlier);
                return answer;
            }
            catch (Exception e)
            {
                if (!IsNothingDone(e)) doubtBegunAt = begunAt;
                if (!MayHelp(e) || time.GetElapsedTime(start) + pause >= options.Value.ResponseTimeout)
                {
                    if (wait != Wait.Never && doubtBegunAt is { } doubt) await WhenNoLongerValidAsync(doubt);
                    if (doubtBegunAt is not null && IsNothingDone(e))
                        throw new OutcomeUnknownException($"An earlier attempt may have been carried out. {e.Message}");
                    throw;
                }
            }
            await Task.Delay(pause, time);
        }
    }

    /// <summary>When an answer waits until no attempt in doubt can be carried out any more.</summary>
    private enum Wait
    {
        Never,
        WhenUnknown,
        Always,
    }

    private async Task WhenNoLongerValidAsync(long begunAt)
    {
        var rest = options.Value.AttemptValidity + ApiOptions.ClockDifferenceMax - time.GetElapsedTime(begunAt);
        if (rest > TimeSpan.Zero) await Task.Delay(rest, time);
    }

    private async Task<T> AttemptAsync<T>(string key, int attempt, Func<IGrainFactory, DateTimeOffset, Task<T>> call)
    {
        try
        {
            return await call(links.For(key, attempt).Grains, ValidUntil).WaitAsync(options.Value.AttemptTimeout, time);
        }
        catch (Exception e) when (MayHelp(e))
        {
            links.Forget(key);
            throw;
        }
    }
}
