using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests.Store;

/// <summary>Whether the journal can be written is known from what was written, and tried only when nothing was.</summary>
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
    public async Task Who_sells_is_not_probed_however_many_ask()
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
    public async Task Who_is_idle_is_probed_once_in_five_seconds_however_many_ask()
    {
        for (var second = 0; second < 60; second++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _proof.CheckAsync()));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(12, _probes.Count);
    }

    [Theory, InlineData(AppendStatus.NotApplied), InlineData(AppendStatus.Unknown)]
    public async Task A_failed_append_is_followed_by_a_probe_that_looks_closer(AppendStatus status)
    {
        _proof.Note(AppendStatus.Committed);
        _proof.Note(status);

        await _proof.CheckAsync();

        Assert.Equal([true], _probes);
    }

    [Fact]
    public async Task A_probe_that_fails_says_why_for_a_second_and_heals_by_itself()
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
    public async Task A_probe_that_hangs_is_trouble_after_less_than_a_second()
    {
        var hung = new TaskCompletionSource();
        _answer = () => hung.Task;

        var check = _proof.CheckAsync();
        _time.Advance(TimeSpan.FromSeconds(0.75));

        Assert.Equal(StoreFailure.NoAnswer, (await Assert.ThrowsAsync<NotAppliedException>(() => check)).Message);
        hung.SetResult();
    }
}
