namespace BoxOffice.Testing.Faults;

/// <summary>
/// The calls that bound an entry in time: it was decided after the first call that asked for it was sent, and durable
/// before the first answer that reported it.
/// </summary>
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

    /// <summary>By the entry's index: the first call that can have caused the entry.</summary>
    public IReadOnlyList<Operation?> FirstSent => _firstSent;

    /// <summary>By the entry's index: the first call whose answer reported the entry.</summary>
    public IReadOnlyList<Operation?> FirstTold => _firstTold;

    /// <summary>Records that this call, or one sent later, caused the entry.</summary>
    public void SentBy(long sequence, Operation first)
    {
        if (_indexes.TryGetValue(sequence, out var index)) _firstSent[index] = first;
    }

    /// <summary>Records that the answer of this call reported the entry.</summary>
    public void ToldTo(long sequence, Operation told)
    {
        if (!_indexes.TryGetValue(sequence, out var index)) return;
        if (_firstTold[index] is not { } first || told.CompletedAt < first.CompletedAt) _firstTold[index] = told;
    }

    /// <summary>True when an answer before this moment reported the entry.</summary>
    public bool WasToldBefore(long sequence, TimeSpan moment) =>
        _indexes.TryGetValue(sequence, out var index) && _firstTold[index]?.CompletedAt < moment;
}
