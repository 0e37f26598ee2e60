using System.Globalization;
using System.Text;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Live;

/// <summary>An open-ended answer: an event's numbers whenever they change, and heartbeats in between.</summary>
/// <param name="broadcasts">The owner of the broadcast, which the stream leaves when it ends.</param>
/// <param name="broadcast">The event's broadcast, which the stream has joined.</param>
/// <param name="first">The first frame.</param>
internal sealed class AvailabilityStream(Broadcasts broadcasts, Broadcast broadcast, Frame first) : IResult
{
    public const string MediaType = "text/event-stream";

    // Jitter: when a front-end stops, its listeners must not all reconnect at once.
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
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would buffer the stream
        if (HeadRequest.Is(context)) return;
        await response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"retry: {Random.Shared.Next(ReconnectMinMs, ReconnectMaxMs)}\n\n")), gone);
        // A listener that reconnects has seen this version already.
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
