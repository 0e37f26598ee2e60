using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Tests;

public sealed class ReserveTallyGrainTests
{
    private readonly Clock _time = new();

    [Fact]
    public async Task A_front_end_that_reports_again_is_not_counted_twice_and_another_is_added()
    {
        var grain = await ActivateAsync();

        await grain.Report("a", Sold(3));
        await grain.Report("a", Sold(5));
        await grain.Report("b", Sold(7));

        Assert.Equal(12, (await grain.Read()).All.Codes["RESERVED"]);
    }

    [Fact]
    public async Task Front_ends_that_have_ended_still_count()
    {
        var grain = await ActivateAsync();

        for (var i = 0; i < 200; i++) await grain.Report($"front-end {i}", Sold(1));

        Assert.Equal(200, (await grain.Read()).All.Codes["RESERVED"]);
    }

    [Fact]
    public async Task Recent_is_what_came_in_the_last_ten_to_fifteen_seconds()
    {
        var grain = await ActivateAsync();
        for (var second = 1; second <= 60; second++)
        {
            _time.Move(TimeSpan.FromSeconds(1));
            await grain.Report("a", Sold(second));
        }

        var report = await grain.Read();

        Assert.Equal(60, report.All.Codes["RESERVED"]);
        Assert.InRange(report.RecentFor.TotalSeconds, 10, 15);
        Assert.Equal(report.RecentFor.TotalSeconds, report.Recent.Codes["RESERVED"], 1.0);
    }

    [Fact]
    public async Task Long_after_a_sale_nothing_is_recent()
    {
        var grain = await ActivateAsync();
        await grain.Report("a", Sold(9));

        _time.Move(TimeSpan.FromMinutes(1));
        await grain.Read();
        _time.Move(TimeSpan.FromSeconds(15));

        Assert.Empty((await grain.Read()).Recent.Codes);
    }

    private async Task<ReserveTallyGrain> ActivateAsync()
    {
        var grain = new ReserveTallyGrain(_time);
        await grain.OnActivateAsync(default);
        return grain;
    }

    private static ReserveTally Sold(int count) =>
        ReserveTally.None with { Codes = new Dictionary<string, long> { ["RESERVED"] = count } };

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Move(TimeSpan by) => _now += by;
    }
}
