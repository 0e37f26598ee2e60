using BoxOffice.Api.Collections;

namespace BoxOffice.Api.Tests;

public sealed class ActiveMapTests
{
    private readonly ActiveMap<string, Counter> _counters = new(lifetime => new(lifetime));

    [Fact]
    public void A_value_in_use_is_shared_and_an_ended_one_is_replaced()
    {
        var first = _counters.Use("gala", 0, static (counter, _) => counter.Enter());
        var second = _counters.Use("gala", 0, static (counter, _) => counter.Enter());
        first.Leave();
        Assert.True(_counters.Contains("gala"));
        second.Leave();
        Assert.Equal(0, _counters.Count);
        var third = _counters.Use("gala", 0, static (counter, _) => counter.Enter());

        Assert.Same(first, second);
        Assert.NotSame(first, third);
        Assert.Equal([third], _counters.Values);
    }

    [Fact]
    public void An_ended_value_does_not_remove_its_successor()
    {
        var first = _counters.Use("gala", 0, static (counter, _) => counter.Enter());
        first.Leave();
        var second = _counters.Use("gala", 0, static (counter, _) => counter.Enter());

        first.EndAgain();

        Assert.Equal([second], _counters.Values);
    }

    [Fact]
    public async Task Under_contention_no_ended_value_is_used_and_each_key_has_one_value_at_a_time()
    {
        const int Threads = 8;
        const int Each = 50_000;
        var inUse = new int[2];
        var maxima = new int[2];

        await Parallel.ForAsync(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, (_, _) =>
        {
            for (var i = 0; i < Each; i++)
            {
                var key = i % inUse.Length;
                var counter = _counters.Use(key == 0 ? "gala" : "ball", 0, static (counter, _) => counter.Enter());
                var count = counter.WhileFirst(() => Interlocked.Increment(ref inUse[key]));
                maxima[key] = Math.Max(maxima[key], count);
                counter.Leave(() => Interlocked.Decrement(ref inUse[key]));
            }
            return ValueTask.CompletedTask;
        });

        Assert.Equal([1, 1], maxima);
        Assert.Equal(0, _counters.Count);
        Assert.Empty(_counters.Values);
    }

    /// <summary>A value that ends when its last user leaves.</summary>
    private sealed class Counter(ActiveMap<string, Counter>.Lifetime lifetime)
    {
        private int _users;
        private bool _isCounted;

        public Counter Enter()
        {
            Assert.False(lifetime.HasEnded, "an ended value is used");
            _users++;
            return this;
        }

        /// <summary>Counts this value as one in use, once.</summary>
        public int WhileFirst(Func<int> count)
        {
            lock (lifetime.Gate)
            {
                if (_isCounted) return 0;
                _isCounted = true;
                return count();
            }
        }

        public void Leave(Action? uncount = null)
        {
            lock (lifetime.Gate)
            {
                if (--_users > 0) return;
                if (_isCounted) uncount?.Invoke();
                lifetime.End();
            }
        }

        public void EndAgain()
        {
            lock (lifetime.Gate) lifetime.End();
        }
    }
}
