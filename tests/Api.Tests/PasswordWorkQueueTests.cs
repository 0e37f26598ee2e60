using BoxOffice.Api.Identity;

namespace BoxOffice.Api.Tests;

public sealed class PasswordWorkQueueTests
{
    private static readonly PasswordCaller Known = new(IsKnown: true);
    private static readonly PasswordCaller Unknown = new(IsKnown: false);

    private readonly List<string> _done = [];

    [Fact]
    public void Callers_at_known_addresses_and_all_others_take_turns()
    {
        using var queue = new PasswordWorkQueue(lengthMax: 3);
        foreach (var name in new[] { "a", "b", "c" }) Add(queue, Unknown, name);
        foreach (var name in new[] { "x", "y" }) Add(queue, Known, name);

        queue.Run();

        Assert.Equal(["a", "x", "b", "y", "c"], _done);
    }

    [Fact]
    public void A_queue_that_is_full_of_others_has_room_for_callers_at_known_addresses()
    {
        using var queue = new PasswordWorkQueue(lengthMax: 2);

        Assert.True(Add(queue, Unknown, "a"));
        Assert.True(Add(queue, Unknown, "b"));
        Assert.False(Add(queue, Unknown, "c"));
        Assert.True(Add(queue, Known, "x"));
        Assert.Equal((2, 1, 3), (queue.LengthFor(Unknown), queue.LengthFor(Known), queue.Length));
    }

    [Fact]
    public void Who_failed_less_often_passes_first_and_takes_the_place_of_who_failed_more_often()
    {
        using var queue = new PasswordWorkQueue(lengthMax: 3);
        Add(queue, new(Failures: 2), "rival");
        Add(queue, new(Failures: 2), "second rival");
        Add(queue, new(Failures: 1), "mistyped");

        Assert.False(Add(queue, new(Failures: 2), "third rival"));
        Assert.True(Add(queue, Unknown, "new"));

        queue.Run();
        Assert.Equal(["second rival refused", "new", "mistyped", "rival"], _done);
    }

    private bool Add(PasswordWorkQueue queue, PasswordCaller caller, string name) => queue.TryAdd(
        caller,
        () =>
        {
            _done.Add(name);
            if (queue.Length == 0) queue.Dispose(); // ends Run
        },
        () => _done.Add($"{name} refused"));
}
