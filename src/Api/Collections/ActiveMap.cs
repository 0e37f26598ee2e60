using System.Collections.Concurrent;

namespace BoxOffice.Api.Collections;

/// <summary>
/// Values by key, each of which exists only while it is used. The first use of a key creates its value. A value that
/// has become idle ends its <see cref="Lifetime"/>, which removes it, so that made-up keys do not stay in memory; the
/// next use of the key creates another value.
/// </summary>
/// <param name="create">
/// Creates a value for its lifetime, which has the key. Of two threads that create a value of one key, one is ignored.
/// </param>
internal sealed class ActiveMap<TKey, TValue>(
    Func<ActiveMap<TKey, TValue>.Lifetime, TValue> create) where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lifetime> _lifetimes = new();

    /// <summary>How many values are in use.</summary>
    public int Count => _lifetimes.Count;

    /// <summary>The values in use. They may end while they are read.</summary>
    public IEnumerable<TValue> Values => _lifetimes.Select(lifetime => lifetime.Value.Value);

    /// <summary>True when the key's value is in use.</summary>
    public bool Contains(TKey key) => _lifetimes.ContainsKey(key);

    /// <summary>Uses the key's value, while its lifetime's gate is held: it cannot end meanwhile.</summary>
    public TResult Use<TArgument, TResult>(TKey key, TArgument argument, Func<TValue, TArgument, TResult> use)
    {
        while (true)
        {
            var lifetime = _lifetimes.GetOrAdd(key, static (key, self) => new(self, key), this);
            lock (lifetime.Gate)
            {
                if (!lifetime.HasEnded) return use(lifetime.Value, argument);
            }
        }
    }

    /// <summary>From the creation of a value until it is removed.</summary>
    internal sealed class Lifetime
    {
        private readonly ActiveMap<TKey, TValue> _map;
        private volatile bool _hasEnded;

        internal Lifetime(ActiveMap<TKey, TValue> map, TKey key)
        {
            (_map, Key) = (map, key);
            Value = map.Create(this);
        }

        /// <summary>The value's key.</summary>
        public TKey Key { get; }

        /// <summary>Guards the value's state: held while the value is used, and to be held to end it.</summary>
        public Lock Gate { get; } = new();

        /// <summary>True once the value is not used any more.</summary>
        public bool HasEnded => _hasEnded;

        internal TValue Value { get; }

        /// <summary>
        /// Ends and removes the value. The caller holds <see cref="Gate"/> and knows that the value is idle.
        /// </summary>
        public void End()
        {
            if (_hasEnded) return;
            _hasEnded = true;
            _map._lifetimes.TryRemove(new(Key, this));
        }
    }

    private TValue Create(Lifetime lifetime) => create(lifetime);
}
