using System.Globalization;

namespace BoxOffice.Api.Telemetry;

/// <summary>Where the time of one call went, in microseconds, by <see cref="ReserveStage"/>.</summary>
internal readonly record struct StageTimes(long Edge, long Queue, long Turn, long Store, long Total)
{
    /// <summary>The time of a stage.</summary>
    public long this[ReserveStage stage] => stage switch
    {
        ReserveStage.Edge => Edge,
        ReserveStage.Queue => Queue,
        ReserveStage.Turn => Turn,
        ReserveStage.Store => Store,
        _ => Total,
    };

    /// <summary>As the header has it: durations in milliseconds.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, stackalloc char[160],
        $"edge;dur={Edge / 1_000}.{Edge % 1_000:D3}, queue;dur={Queue / 1_000}.{Queue % 1_000:D3}, "
        + $"turn;dur={Turn / 1_000}.{Turn % 1_000:D3}, store;dur={Store / 1_000}.{Store % 1_000:D3}, "
        + $"total;dur={Total / 1_000}.{Total % 1_000:D3}");
}
