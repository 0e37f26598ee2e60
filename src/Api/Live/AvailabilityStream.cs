using System.Globalization;
using System.Text;

namespace BoxOffice.Api.Live;

/// <summary>An answer that goes on: an event's numbers whenever they change, and signs of life in between.</summary>
/// <param name="broadcasts">Where it listens; it leaves when it ends.</param>
/// <param name="broadcast">To what.</param>
/// <param name="first">What it begins with.</param>
internal sealed class AvailabilityStream(Broadcasts broadcasts, Broadcast broadcast, Frame first) : IResult
{
    public const string MediaType = "text/event-stream";

    // When a front-end goes, all its listeners come back: not in the same moment.
    private const int ReconnectMinMs = 500;
    private const int ReconnectMaxMs = 2_500;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await WriteAsync(httpContext);
        }
        catch (OperationCanceledException)
        {
            // The listener has gone.
        }
        finally
        {
            broadcasts.Leave(broadcast);
        }
    }

    private async Task WriteAsync(HttpContext context)
    {
        var (response, gone) = (context.Response, context.RequestAborted);
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would hold the numbers back
        await response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"retry: {Random.Shared.Next(ReconnectMinMs, ReconnectMaxMs)}\n\n")), gone);
        // What the listener has seen before it came back need not be written again.
        var written = context.Request.Headers["Last-Event-ID"].ToString();
        var next = first.Id == written ? await broadcast.NextAsync(written, gone) : first;
        while (next is not null)
        {
            await response.BodyWriter.WriteAsync(next.Bytes, gone);
            written = next.Id ?? written;
            next = await broadcast.NextAsync(written, gone);
        }
    }
}
