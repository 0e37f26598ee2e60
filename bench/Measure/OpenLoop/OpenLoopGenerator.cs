using System.Diagnostics;
using System.Net;
using System.Text;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>
/// Sends requests when they are due, whether or not earlier ones were answered, and measures each from that moment: a server
/// that stalls is charged for everybody who came meanwhile. One thread.
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
        _connections = [.. Enumerable.Range(0, request.Connections).Select(number => new OpenLoopConnection(number, to, _epoll))];
        _messages = [.. TokensOf(request).Select(token => Encoding.ASCII.GetBytes(MessageOf(request, token)))];
        _next = _random.Next(_messages.Length);
        _tally = new();
    }

    private bool IsBurst => _request.PerSecond == 0;

    /// <summary>Sends, waits for the answers, and tells.</summary>
    public OfferReport Run() => IsBurst ? RunAtOnce() : RunSteadily();

    public void Dispose()
    {
        foreach (var one in _connections) one.Close();
        _epoll.Dispose();
    }

    /// <summary>Everybody comes in the same moment, connects, asks once and waits.</summary>
    private OfferReport RunAtOnce()
    {
        var start = Stopwatch.GetTimestamp();
        _tally.Begin(start, start);
        foreach (var one in _connections) Open(one);
        while ((_opening > 0 || _underWay > 0) && Stopwatch.GetTimestamp() - start < Ticks(_request.AnswerSeconds))
        {
            Look(LookMax);
            while (_idle.TryDequeue(out var one)) if (!TrySend(one, start)) one.Close();
        }
        return _tally.Report(_underWay, notConnected: _opening);
    }

    private OfferReport RunSteadily()
    {
        foreach (var one in _connections) Open(one);
        var opened = Stopwatch.GetTimestamp();
        while (_opening > 0 && Stopwatch.GetTimestamp() - opened < _patience) Look(LookMax);

        var start = Stopwatch.GetTimestamp();
        var end = start + Ticks(_request.Seconds);
        _tally.Begin(start, start + Ticks(_request.LeadSeconds));
        for (var due = start + Gap(); ;)
        {
            var now = Stopwatch.GetTimestamp();
            while (due <= now && due < end && _idle.TryDequeue(out var one))
            {
                if (!TrySend(one, due)) Open(one);
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
            var one = _connections[_epoll.Number(i)];
            var (wasOpen, wasUnderWay) = (one.IsOpen, one.DueAt is not null);
            var news = Take(one);
            if (!wasOpen && news != ConnectionNews.None) _opening--;
            var isDone = IsBurst || !wasUnderWay; // a door that is closed without a word is not knocked at again
            switch (news)
            {
                case ConnectionNews.Broken:
                    if (!wasOpen) _tally.NotConnected++;
                    if (isDone) one.Close();
                    else Open(one);
                    break;
                case ConnectionNews.Answered when IsBurst: one.Close(); break;
                case ConnectionNews.Answered when one.Answer.IsLast: Open(one); break;
                case ConnectionNews.Answered or ConnectionNews.Opened: _idle.Enqueue(one); break;
            }
        }
    }

    private bool TrySend(OpenLoopConnection one, long due)
    {
        _next = (_next + 1) % _messages.Length;
        _underWay++;
        _tally.Sent(due);
        if (one.TrySend(_messages[_next], due)) return true;
        _underWay--;
        _tally.Failed++;
        return false;
    }

    /// <summary>Looks at a connection, and counts what came or was lost.</summary>
    private ConnectionNews Take(OpenLoopConnection one)
    {
        var due = one.DueAt;
        var news = ConnectionNews.Broken;
        try
        {
            news = one.Look();
        }
        catch (FormatException)
        {
            // Whatever speaks there does not speak HTTP.
        }
        if (due is not { } at || news is not (ConnectionNews.Answered or ConnectionNews.Broken)) return news;
        _underWay--;
        if (news == ConnectionNews.Broken) _tally.Failed++;
        else _tally.Answered(at, one.Answer, one.AnswerBytes);
        return news;
    }

    private void Open(OpenLoopConnection one)
    {
        if (one.TryOpen()) _opening++;
        else _tally.NotConnected++;
    }

    /// <summary>To the next request: independent buyers, so an exponential distribution.</summary>
    private long Gap() => (long)(-Math.Log(1 - _random.NextDouble()) / _request.PerSecond * Stopwatch.Frequency);

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static IEnumerable<string> TokensOf(OfferRequest request) =>
        request.TokensFile is { } file ? File.ReadLines(file).Where(line => line.Length > 0) : [""];

    private static string MessageOf(OfferRequest request, string token) =>
        $"{request.Method} {request.Path} HTTP/1.1\r\nHost: {request.Url.Authority}\r\n"
        + (token.Length == 0 ? "" : $"x-access-token: {token}\r\n")
        + (request.Method == "POST" ? "Content-Length: 0\r\n\r\n" : "\r\n");
}
