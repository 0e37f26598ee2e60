namespace BoxOffice.Grains.Tests.Grain;

public sealed class JournalGrainTests
{
    [Fact]
    public async Task More_reads_than_the_limit_are_rejected_at_once_and_the_ping_still_answers()
    {
        await using var cluster = await Cluster.StartAsync();
        var isAsked = cluster.Journal.HoldLooksAsync();

        var reads = Enumerable.Range(0, Environment.ProcessorCount * 300)
            .Select(_ => cluster.Reader.EventsOf("ann", 10)).ToList();
        await isAsked;
        var refused = await Task.WhenAny(reads);
        var isLeaving = await cluster.Reader.Ping();
        cluster.Journal.Look();
        await Task.WhenAll(reads).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.False(isLeaving);
        await Assert.ThrowsAsync<BusyException>(() => refused);
        Assert.InRange(reads.Count(read => read.IsCompletedSuccessfully), 256, Environment.ProcessorCount * 256);
        Assert.Empty(await cluster.Reader.EventsOf("ann", 10));
    }
}
