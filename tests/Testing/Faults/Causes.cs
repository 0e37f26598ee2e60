namespace BoxOffice.Testing.Faults;

/// <summary>Which calls bound an entry in time: it was not decided before any of them asked for it, and was durable when one was told.</summary>
internal sealed class Causes
{
    private readonly Dictionary<long, int> _indexes = [];
    private readonly Operation?[] _firstSent;
    private readonly Operation?[] _firstTold;

    public Causes(IReadOnlyList<StoredEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++) _indexes[entries[i].Sequence] = i;
        (_firstSent, _firstTold) = (new Operation?[entries.Count], new Operation?[entries.Count]);
    }

    /// <summary>By the entry's index: the first call that can have caused it.</summary>
    public IReadOnlyList<Operation?> FirstSent => _firstSent;

    /// <summary>By the entry's index: the first call that was told of it.</summary>
    public IReadOnlyList<Operation?> FirstTold => _firstTold;

    /// <summary>The entry was caused by this call, or by one that was sent later.</summary>
    public void SentBy(long sequence, Operation first)
    {
        if (_indexes.TryGetValue(sequence, out var index)) _firstSent[index] = first;
    }

    /// <summary>This call was told of the entry.</summary>
    public void ToldTo(long sequence, Operation told)
    {
        if (!_indexes.TryGetValue(sequence, out var index)) return;
        if (_firstTold[index] is not { } first || told.CompletedAt < first.CompletedAt) _firstTold[index] = told;
    }

    /// <summary>True when somebody knew of the entry before this moment.</summary>
    public bool WasToldBefore(long sequence, TimeSpan moment) =>
        _indexes.TryGetValue(sequence, out var index) && _firstTold[index]?.CompletedAt < moment;
}
