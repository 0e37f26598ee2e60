using BoxOffice.Api.Contracts;
using BoxOffice.Api.Rehearsal;

namespace BoxOffice.Api.Tests;

/// <summary>The text about the bottleneck is a function of the figures.</summary>
public sealed class BottleneckTests
{
    private static readonly BottleneckFigures Slow = Figures(edge: 10, queue: 40, turn: 1, store: 9, outside: 20);

    [Fact]
    public void Calls_that_found_no_connection_come_before_everything_else()
    {
        var found = Bottleneck.Of(Slow with { Broken = 12 });

        Assert.Equal(BottleneckPlace.Connections, found.Where);
        Assert.StartsWith("12 of 9,012 calls found no connection, or lost it", found.Words, StringComparison.Ordinal);
        Assert.Equal(
            BottleneckPlace.Connections,
            Bottleneck.Of(Slow with { Answered = 0, TooLate = 9_000, Left = 9_000, Dominant = null }).Where);
    }

    [Fact]
    public void An_answer_that_came_too_late_is_no_lost_connection()
    {
        Assert.Equal(BottleneckPlace.Queue, Bottleneck.Of(Slow with { TooLate = 12, Left = 12 }).Where);
    }

    [Theory]
    [InlineData(49.9, 0, BottleneckPlace.None)]
    [InlineData(50, 0, BottleneckPlace.Queue)]
    [InlineData(5, 1, BottleneckPlace.Queue)] // fast for all buyers but one
    public void Below_a_twentieth_of_a_second_there_is_none_unless_buyers_left(
        double p99Ms, int left, object where)
    {
        Assert.Equal(where, Bottleneck.Of(Slow with { P99Ms = p99Ms, Left = left }).Where);
    }

    [Fact]
    public void Outside_is_where_more_than_half_of_the_time_went()
    {
        var found = Bottleneck.Of(Slow with { OutsideMs = 61, LateMs = 7 });

        Assert.Equal(BottleneckPlace.Outside, found.Where);
        Assert.StartsWith(
            "50 % of a call's 121 ms went by outside the front-ends", found.Words, StringComparison.Ordinal);
        Assert.Contains(
            "A crowd that shares its machine with the servers takes their processor time", found.Words,
            StringComparison.Ordinal);
        Assert.Contains("7 ms of it had passed before the crowd came to call", found.Words, StringComparison.Ordinal);
        Assert.Equal(BottleneckPlace.Queue, Bottleneck.Of(Slow with { OutsideMs = 59 }).Where);
    }

    [Theory]
    [InlineData(40, 10, 1, 9, BottleneckPlace.Edge, "add front-ends")]
    [InlineData(10, 40, 1, 9, BottleneckPlace.Queue, "more silos do not make one event faster")]
    [InlineData(10, 1, 40, 9, BottleneckPlace.Turn, "silo is short of processor time")]
    [InlineData(10, 9, 1, 40, BottleneckPlace.Store, "look at its commits")]
    public void Else_it_is_the_stage_with_most_of_the_time_and_the_words_say_what_to_do(
        double edge, double queue, double turn, double store, object where, string remedy)
    {
        var found = Bottleneck.Of(Figures(edge, queue, turn, store, outside: 20));

        Assert.Equal(where, found.Where);
        Assert.StartsWith("50 % of a call's 80 ms went by", found.Words, StringComparison.Ordinal);
        Assert.Contains("(p99 400 ms)", found.Words, StringComparison.Ordinal);
        Assert.Contains(remedy, found.Words, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', found.Words);
    }

    private static BottleneckFigures Figures(double edge, double queue, double turn, double store, double outside)
    {
        StageAnswer[] parts = [Stage("edge", edge), Stage("queue", queue), Stage("turn", turn), Stage("store", store)];
        var total = Stage("total", edge + queue + turn + store);
        return new([.. parts, total], parts.MaxBy(part => part.MeanMs)!.Stage, outside,
            LateMs: 0, P99Ms: 500, Broken: 0, TooLate: 0, Answered: 9_000, Left: 0);
    }

    private static StageAnswer Stage(string name, double meanMs) =>
        new(name, 9_000, meanMs, meanMs, meanMs * 10, meanMs * 20);
}
