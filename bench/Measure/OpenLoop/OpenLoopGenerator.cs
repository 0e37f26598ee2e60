using System.Diagnostics;
using System.Net;
using System.Text;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>
/// An open-loop generator: sends requests when they are due, whether or not earlier ones were answered, and measures
/// each from that moment. So a stall of the server counts for all requests that were due meanwhile. Single-threaded.
/// </summary>
internal sealed class OpenLoopGenerator : IDisposable
{
    private static readonly TimeSpan LookMax = TimeSpan.FromMilliseconds(100);

    private readonly OfferRequest _request;
    private readonly Epoll _epoll = new();
    private readonly OpenLoopConnection[] _connections;
    private readonly byte[][] _messages;
    private readonly Queue<OpenLoopConnection> _idle = new();
    private readonly OfferTally _tally;
    private readonly Random _random;
    private readonly long _patience;
    private int _opening;
    private int _underWay;
    private int _next;

    public OpenLoopGenerator(OfferRequest request)
    {
        _request = request;
        _random = new(request.Seed);
        _patience = Ticks(request.PatienceSeconds);
        var to = new IPEndPoint(IPAddress.Parse(request.Url.Host), request.Url.Port);
        _connections =
            [.. Enumerable.Range(0, request.Connections).Select(number => new OpenLoopConnection(number, to, _epoll))];
        _messages = [.. TokensOf(request).Select(token => Encoding.ASCII.GetBytes(MessageOf(request, token)))];
        _next = _random.Next(_messages.Length);
        _tally = new();
    }

    private bool IsBurst => _request.PerSecond == 0;

    /// <summary>Sends the load, waits for the answers, and reports.</summary>
    public OfferReport Run() => IsBurst ? RunAtOnce() : RunSteadily();

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Close();
        _epoll.Dispose();
    }

    /// <summary>Opens all connections at once, and sends one request over each.</summary>
    private OfferReport RunAtOnce()
    {
        var start = Stopwatch.GetTimestamp();
        _tally.Begin(start, start);
        foreach (var connection in _connections) Open(connection);
        while ((_opening > 0 || _underWay > 0) && Stopwatch.GetTimestamp() - start < Ticks(_request.AnswerSeconds))
        {
            Look(LookMax);
            while (_idle.TryDequeue(out var connection)) if (!TrySend(connection, start)) connection.Close();
        }
        return _tally.Report(_underWay, notConnected: _opening);
    }

    private OfferReport RunSteadily()
    {
        foreach (var connection in _connections) Open(connection);
        var opened = Stopwatch.GetTimestamp();
        while (_opening > 0 && Stopwatch.GetTimestamp() - opened < _patience) Look(LookMax);

        var start = Stopwatch.GetTimestamp();
        var end = start + Ticks(_request.Seconds);
        _tally.Begin(start, start + Ticks(_request.LeadSeconds));
        for (var due = start + Gap(); ;)
        {
            var now = Stopwatch.GetTimestamp();
            while (due <= now && due < end && _idle.TryDequeue(out var connection))
            {
                if (!TrySend(connection, due)) Open(connection);
                due += Gap();
            }
            for (; due < end && due + _patience < now; due += Gap()) _tally.GaveUp++;
            if ((due >= end && _underWay == 0) || now > end + Ticks(_request.AnswerSeconds)) break;
            Look(_idle.Count > 0 && due < end ? Stopwatch.GetElapsedTime(now, Math.Max(now, due)) : LookMax);
        }
        return _tally.Report(_underWay, notConnected: _opening);
    }

    private void Look(TimeSpan atMost)
    {
        var count = _epoll.Wait(atMost < LookMax ? atMost : LookMax);
        for (var i = 0; i < count; i++)
        {
            var connection = _connections[_epoll.Number(i)];
            var (wasOpen, wasUnderWay) = (connection.IsOpen, connection.DueAt is not null);
            var news = Take(connection);
            if (!wasOpen && news != ConnectionNews.None) _opening--;
            var isDone = IsBurst || !wasUnderWay; // one that breaks without a request is not reopened
            switch (news)
            {
                case ConnectionNews.Broken:
                    if (!wasOpen) _tally.NotConnected++;
                    if (isDone) connection.Close();
                    else Open(connection);
                    break;
                case ConnectionNews.Answered when IsBurst: connection.Close(); break;
                case ConnectionNews.Answered when connection.Answer.IsLast: Open(connection); break;
                case ConnectionNews.Answered or ConnectionNews.Opened: _idle.Enqueue(connection); break;
            }
        }
    }

    private bool TrySend(OpenLoopConnection connection, long due)
    {
        _next = (_next + 1) % _messages.Length;
        _underWay++;
        _tally.Sent(due);
        if (connection.TrySend(_messages[_next], due)) return true;
        _underWay--;
        _tally.Failed++;
        return false;
    }

    /// <summary>Reads a connection, and counts its answer or its failure.</summary>
    private ConnectionNews Take(OpenLoopConnection connection)
    {
        var due = connection.DueAt;
        var news = ConnectionNews.Broken;
        try
        {
            news = connection.Look();
        }
        catch (FormatException)
        {
            // The peer does not speak HTTP.
        }
        if (due is not { } at || news is not (ConnectionNews.Answered or ConnectionNews.Broken)) return news;
        _underWay--;
        if (news == ConnectionNews.Broken) _tally.Failed++;
        else _tally.Answered(at, connection.Answer, connection.AnswerBytes);
        return news;
    }

    private void Open(OpenLoopConnection connection)
    {
        if (connection.TryOpen()) _opening++;
        else _tally.NotConnected++;
    }

    /// <summary>The time to the next request. Buyers are independent: an exponential distribution.</summary>
    private long Gap() => (long)(-Math.Log(1 - _random.NextDouble()) / _request.PerSecond * Stopwatch.Frequency);

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static IEnumerable<string> TokensOf(OfferRequest request) =>
        request.TokensFile is { } file ? File.ReadLines(file).Where(line => line.Length > 0) : [""];

    private static string MessageOf(OfferRequest request, string token) =>
        $"{request.Method} {request.Path} HTTP/1.1\r\nHost: {request.Url.Authority}\r\n"
        + (token.Length == 0 ? "" : $"x-access-token: {token}\r\n")
        + (request.Method == "POST" ? "Content-Length: 0\r\n\r\n" : "\r\n");
}
