using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Routing;

/// <summary>
/// Retries a call while its caller waits. An attempt that got no answer is in doubt: it may be carried out until its
/// deadline has passed on every clock. Until then only a final answer of a later attempt is returned.
/// </summary>
public sealed class RetryPolicy(Router router, IOptions<ApiOptions> options, TimeProvider time)
{
    private const int FirstPauseMs = 50;
    private const int PauseMaxMs = 400;

    /// <summary>Until when an attempt that begins now may be carried out, by the event's clock.</summary>
    public DateTimeOffset ValidUntil => time.GetUtcNow() + options.Value.AttemptValidity;

    /// <summary>
    /// The pause after a failed attempt, from 1: 50 ms, doubling up to 400 ms, each between half and all of it.
    /// </summary>
    public static TimeSpan PauseAfter(int attempt)
    {
        var most = Math.Min(FirstPauseMs << Math.Min(attempt - 1, 8), PauseMaxMs);
        return TimeSpan.FromMilliseconds((most / 2) + Random.Shared.Next((most / 2) + 1)); // jitter
    }

    /// <summary>
    /// The answer to a call that changes nothing, or the same when made twice, tried through one silo after the other.
    /// Fails with the last failure when there is no answer within <see cref="ApiOptions.ResponseTimeout"/>.
    /// </summary>
    /// <param name="key">The grain's key, for routing.</param>
    /// <param name="call">Makes the call.</param>
    public Task<T> AskAsync<T>(string key, Func<IGrainFactory, Task<T>> call) =>
        RunAsync(attempt => AttemptAsync(key, attempt, call), isFinal: _ => true, doubtLasts: TimeSpan.Zero);

    /// <summary>The same for a call that changes something and has the same effect however often it is made.</summary>
    /// <param name="key">The grain's key, for routing.</param>
    /// <param name="call">Makes the call, which the grain carries out until the given moment.</param>
    /// <param name="isReversible">
    /// True when another call may take the change back, such as pause and resume: then success is returned only once
    /// no attempt in doubt can be carried out after that other call.
    /// </param>
    /// <param name="mayRepeat">False for a call that would be refused because it was carried out before.</param>
    public Task<T> ChangeAsync<T>(
        string key, Func<IGrainFactory, DateTimeOffset, Task<T>> call, bool isReversible = false,
        bool mayRepeat = true) => RunAsync(
            attempt => AttemptAsync(key, attempt, grains => call(grains, ValidUntil)), _ => !isReversible, mayRepeat);

    /// <summary>
    /// Runs attempts until one is answered. An unknown outcome is reported once no attempt can still be carried out.
    /// </summary>
    /// <param name="attempt">Makes an attempt, numbered from 1. It fails when it is not answered in time.</param>
    /// <param name="isFinal">
    /// True when no attempt in doubt can contradict this answer; otherwise the call is retried after the doubt.
    /// </param>
    /// <param name="mayRepeat">False when a call in doubt must not be retried.</param>
    /// <param name="doubtLasts">
    /// Longest that a failed attempt may still be carried out; null: until its deadline has passed on every clock.
    /// </param>
    internal async Task<T> RunAsync<T>(
        Func<int, Task<T>> attempt, Func<T, bool> isFinal, bool mayRepeat = true, TimeSpan? doubtLasts = null)
    {
        var since = time.GetTimestamp();
        var lasts = doubtLasts ?? options.Value.AttemptValidity + ApiOptions.ClockDifferenceMax;
        var doubt = (long)(lasts.TotalSeconds * time.TimestampFrequency);
        long? doubtEnds = null;
        for (var number = 1; ; number++)
        {
            var begunAt = time.GetTimestamp();
            try
            {
                var answer = await attempt(number);
                if (doubtEnds is not { } end || begunAt >= end || isFinal(answer)) return answer;
                await UntilAsync(end);
            }
            catch (Exception e)
            {
                if (!CallFailure.IsNothingDone(e)) doubtEnds = time.GetTimestamp() + doubt;
                var pause = PauseAfter(number);
                var isTooLate = time.GetElapsedTime(since) + pause >= options.Value.ResponseTimeout;
                if (isTooLate || !CallFailure.MayHelp(e) || (doubtEnds is not null && !mayRepeat))
                {
                    if (doubtEnds is not { } end) throw;
                    await UntilAsync(end);
                    if (!CallFailure.IsNothingDone(e)) throw;
                    throw new OutcomeUnknownException($"An earlier attempt may have been carried out. {e.Message}");
                }
                await Task.Delay(pause, time);
            }
        }
    }

    private async Task<T> AttemptAsync<T>(string key, int attempt, Func<IGrainFactory, Task<T>> call)
    {
        try
        {
            return await call(router.For(key, attempt).Grains).WaitAsync(options.Value.AttemptTimeout, time);
        }
        catch (Exception e) when (CallFailure.MayHelp(e))
        {
            router.Forget(key);
            throw;
        }
    }

    private Task UntilAsync(long moment) =>
        Task.Delay(TimeSpan.FromTicks(Math.Max(0, time.GetElapsedTime(time.GetTimestamp(), moment).Ticks)), time);
}
