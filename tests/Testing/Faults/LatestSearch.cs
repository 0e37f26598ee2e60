namespace BoxOffice.Testing.Faults;

/// <summary>Stands of one kind, by their place in the journal, each with the moment until which it may have lasted.</summary>
internal sealed class LatestSearch
{
    private readonly List<int> _places = [];
    private readonly List<TimeSpan> _ends = [];
    private TimeSpan[]? _tree;

    /// <summary>Adds a stand; places come in order.</summary>
    public void Add(int place, TimeSpan end)
    {
        _places.Add(place);
        _ends.Add(end);
    }

    /// <summary>True when a stand between two places, both included, may have lasted until a moment. O(log n).</summary>
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
