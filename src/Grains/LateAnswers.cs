using System.Collections.Concurrent;

namespace BoxOffice.Grains;

/// <summary>Answers of a silo's events that came, or will come, too late for their message. They are fetched by a number.</summary>
/// <remarks>They are the silo's and not its door's: Orleans ends a door whenever it is idle for a moment, and makes another.</remarks>
public sealed class LateAnswers(TimeProvider time)
{
    /// <summary>How long an answer is kept for a front-end that does not ask for it. One that lives has asked at once.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, Task<JoinedAnswer>> _kept = [];

    /// <summary>Keeps an answer that is to come.</summary>
    /// <returns>Its number. It is random: whoever asks for one of an earlier silo in this place must not get another's answer.</returns>
    public long Keep(Task<JoinedAnswer> answer)
    {
        var number = Random.Shared.NextInt64();
        _kept[number] = answer;
        _ = ForgetAsync(number);
        return number;
    }

    /// <summary>The answer, when it comes; null when the number is not known, or not any more. It can be taken once.</summary>
    public Task<JoinedAnswer>? Take(long number) => _kept.TryRemove(number, out var answer) ? answer : null;

    private async Task ForgetAsync(long number)
    {
        await Task.Delay(KeptFor, time).ConfigureAwait(false);
        _kept.TryRemove(number, out _);
    }
}
