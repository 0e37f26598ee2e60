using BoxOffice.Api.Contracts;
using BoxOffice.Api.Telemetry;

namespace BoxOffice.Api.Timing;

/// <summary>Counts problems: those of reserve calls with their timing, others by their code alone.</summary>
internal sealed class ProblemObserver(ApiMetrics metrics) : IProblemObserver
{
    /// <inheritdoc/>
    public void Answering(HttpContext context, string code)
    {
        if (ReserveTiming.Of(context) is { } timing) timing.Answer(context.Response, code);
        else metrics.Refused(code);
    }
}
