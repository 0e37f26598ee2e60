using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Tests;

/// <summary>The parts of a front-end for reserve calls, over silos that a test controls.</summary>
internal sealed class FrontEnd
{
    private FrontEnd(SiloConnection silo, ApiOptions options, TimeProvider time)
    {
        var given = Options.Create(options);
        Router = new(silo);
        Latches = new(Router, given, time);
        Retry = new(Router, given, time);
        Coalescer = new(new(Router, Retry, Latches, given, time), Retry, Latches, given, time);
    }

    public Router Router { get; }

    public RetryPolicy Retry { get; }

    public SoldOutLatches Latches { get; }

    public ReserveCoalescer Coalescer { get; }

    public static FrontEnd Over(SiloConnection silo, ApiOptions? options = null, TimeProvider? time = null) =>
        new(silo, options ?? new(), time ?? TimeProvider.System);

    public static FrontEnd Over(IGrainFactory events, ApiOptions? options = null, TimeProvider? time = null) =>
        Over(new SiloConnection("", events), options, time);

    public static FrontEnd Over(ITicketEventGrain grain, ApiOptions? options = null, TimeProvider? time = null) =>
        Over(new FakeGrains(grain), options, time);
}
