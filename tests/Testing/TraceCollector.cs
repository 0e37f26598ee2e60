using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace BoxOffice.Testing;

/// <summary>
/// An exported span. Ids are hexadecimal, the parent's is empty for a root; attributes are those with a text or an
/// integer.
/// </summary>
public sealed record Span(string TraceId, string SpanId,
    string ParentId, string Name, string[] LinkedTraceIds, IReadOnlyDictionary<string, string> Attributes);

/// <summary>
/// An OpenTelemetry collector (OTLP over HTTP) that keeps the fields which tests check.
/// </summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly Task _receiving;

    public TraceCollector()
    {
        Url = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ProgramProcess.FreePort()}/"));
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    public Uri Url { get; }

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>The standard variables that export every trace to this collector within 0.1 s.</summary>
    public (string, string)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Url.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_TRACES_SAMPLER", "always_on"), ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var call = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                if (call.Request.Url!.AbsolutePath == "/v1/traces") Read(body.ToArray());
                call.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    // opentelemetry/proto/collector/trace/v1: resource_spans = 1, scope_spans = 2 in it, spans = 2 in that. In a span:
    // attributes = 9, each with key = 1 and value = 2.
    private void Read(byte[] request)
    {
        var spans = Fields(request, 1).SelectMany(resource => Fields(resource, 2))
            .SelectMany(scope => Fields(scope, 2));
        foreach (var span in spans)
        {
            _spans.Enqueue(new(
                Hex(span, 1),
                Hex(span, 2),
                Hex(span, 4),
                Text(span, 5),
                [.. Fields(span, 13).Select(link => Hex(link, 1))],
                Fields(span, 9).ToDictionary(attribute => Text(attribute, 1), attribute =>
                    Value(Fields(attribute, 2).Single()))));
        }
    }

    // string_value = 1, int_value = 3
    private static string Value(byte[] value)
    {
        var at = 1;
        return value[0] switch
        {
            1 << 3 | 2 => Text(value, 1),
            3 << 3 => Number(value, ref at).ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).Single());

    private static string Hex(byte[] message, int field) =>
        Convert.ToHexStringLower(Fields(message, field).FirstOrDefault([]));

    /// <summary>All length-delimited fields with this number (Protocol Buffers, wire type 2).</summary>
    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message, ref at);
            switch (tag & 7)
            {
                case 0: Number(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    var length = (int)Number(message, ref at);
                    if (tag >> 3 == (ulong)field) found.Add(message[at..(at + length)]);
                    at += length;
                    break;
            }
        }
        return found;
    }

    private static ulong Number(byte[] message, ref int at)
    {
        var (number, shift) = (0ul, 0);
        while (true)
        {
            var next = message[at++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return number;
            shift += 7;
        }
    }
}
