using BoxOffice.Api.Timing;

namespace BoxOffice.Api.Tests;

public sealed class EventTallyTests
{
    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once()
    {
        const int Threads = 8;
        const int Each = 20_000;
        var tally = new EventTally();

        await Parallel.ForAsync(0, Threads, (thread, _) =>
        {
            for (var i = 1; i <= Each; i++)
                tally.Add(i % 2 == 0 ? "RESERVED" : "SOLD_OUT", new(1, 2, 3, 4, i), batchCalls: i % 10 == 0 ? 10 : 0);
            return ValueTask.CompletedTask;
        });
        var read = tally.Read();

        Assert.Equal(Threads * Each, tally.Calls);
        Assert.Equal((Threads * Each / 2, Threads * Each / 2), (read.Codes["RESERVED"], read.Codes["SOLD_OUT"]));
        Assert.All(read.Stages, stage => Assert.Equal(Threads * Each, stage.Count));
        Assert.Equal((long)Threads * Each * (Each + 1) / 2, read.Stages[(int)ReserveStage.Total].Sum);
        Assert.Equal(Each, read.Stages[(int)ReserveStage.Total].Max);
        Assert.Equal((Threads * Each / 10, Threads * Each, 10), (read.Batches, read.BatchCalls, read.BatchMax));
        Assert.Equal(ReserveStage.Store, read.Dominant);
    }

    [Fact]
    public void An_unknown_code_is_counted_as_other()
    {
        var tally = new EventTally();

        tally.Add("BRAND_NEW", default, batchCalls: 0);

        Assert.Equal([new("OTHER", 1)], tally.Read().Codes);
    }
}
