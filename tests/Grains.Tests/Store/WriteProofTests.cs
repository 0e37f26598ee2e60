using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests.Store;

/// <summary>
/// Recent writes prove that the journal can be written; only without any is it probed.
/// </summary>
public sealed class WriteProofTests
{
    private readonly TimerTime _time = new();
    private readonly List<bool> _probes = [];
    private readonly WriteProof _proof;
    private Func<Task> _answer = () => Task.CompletedTask;

    public WriteProofTests() => _proof = new(
        hasDoubt =>
        {
            _probes.Add(hasDoubt);
            return _answer();
        }, _time, NullLogger.Instance);

    [Fact]
    public async Task A_journal_that_sells_is_not_probed_at_any_rate_of_pings()
    {
        for (var second = 0; second < 60; second++)
        {
            _proof.Note(AppendStatus.Committed);
            _time.Advance(TimeSpan.FromSeconds(1));
            for (var frontEnd = 0; frontEnd < 100; frontEnd++) await _proof.CheckAsync();
        }

        Assert.Empty(_probes);
    }

    [Fact]
    public async Task An_idle_journal_is_probed_once_in_five_seconds_at_any_rate_of_pings()
    {
        for (var second = 0; second < 60; second++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _proof.CheckAsync()));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(12, _probes.Count);
    }

    [Theory, InlineData(AppendStatus.NotApplied), InlineData(AppendStatus.Unknown)]
    public async Task A_failed_append_is_followed_by_a_thorough_probe(AppendStatus status)
    {
        _proof.Note(AppendStatus.Committed);
        _proof.Note(status);

        await _proof.CheckAsync();

        Assert.Equal([true], _probes);
    }

    [Fact]
    public async Task A_failed_probe_is_the_answer_for_a_second_and_then_it_is_repeated()
    {
        _answer = () => throw new Npgsql.PostgresException("x", "ERROR", "ERROR", Npgsql.PostgresErrorCodes.DiskFull);
        var first = await Assert.ThrowsAsync<NotAppliedException>(_proof.CheckAsync);
        await Assert.ThrowsAsync<NotAppliedException>(_proof.CheckAsync);
        Assert.Single(_probes);

        _answer = () => Task.CompletedTask;
        _time.Advance(TimeSpan.FromSeconds(1));
        await _proof.CheckAsync();

        Assert.Equal(StoreFailure.DiskFull, first.Message);
        Assert.Equal(2, _probes.Count);
    }

    [Fact]
    public async Task A_probe_that_hangs_fails_within_a_second()
    {
        var hung = new TaskCompletionSource();
        _answer = () => hung.Task;

        var check = _proof.CheckAsync();
        _time.Advance(TimeSpan.FromSeconds(0.75));

        Assert.Equal(StoreFailure.NoAnswer, (await Assert.ThrowsAsync<NotAppliedException>(() => check)).Message);
        hung.SetResult();
    }
}
