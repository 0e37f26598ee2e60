namespace BoxOffice.Testing.Faults;

/// <summary>
/// States of one kind, by their index in the journal, each with the latest moment at which it may have been current.
/// </summary>
internal sealed class LatestSearch
{
    private readonly List<int> _places = [];
    private readonly List<TimeSpan> _ends = [];
    private TimeSpan[]? _tree;

    /// <summary>Adds a state. Indexes must ascend.</summary>
    public void Add(int place, TimeSpan end)
    {
        _places.Add(place);
        _ends.Add(end);
    }

    /// <summary>
    /// True when a state between two indexes, both included, may have been current at a moment. O(log n).
    /// </summary>
    public bool AnyLasts(int from, int to, TimeSpan until)
    {
        var first = FirstAtOrAfter(from);
        var last = FirstAtOrAfter(to + 1);
        return first < last && Latest(first, last) >= until;
    }

    private int FirstAtOrAfter(int place)
    {
        var index = _places.BinarySearch(place);
        return index < 0 ? ~index : index;
    }

    /// <summary>The latest end in a half-open range: a segment tree, root at 1, leaves at n.</summary>
    private TimeSpan Latest(int from, int to)
    {
        _tree ??= MakeTree();
        var latest = TimeSpan.MinValue;
        for (var (left, right) = (from + _ends.Count, to + _ends.Count); left < right; left /= 2, right /= 2)
        {
            if (left % 2 == 1) latest = Later(latest, _tree[left++]);
            if (right % 2 == 1) latest = Later(latest, _tree[--right]);
        }
        return latest;
    }

    private TimeSpan[] MakeTree()
    {
        var tree = new TimeSpan[2 * _ends.Count];
        _ends.CopyTo(tree, _ends.Count);
        for (var i = _ends.Count - 1; i > 0; i--) tree[i] = Later(tree[2 * i], tree[(2 * i) + 1]);
        return tree;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
