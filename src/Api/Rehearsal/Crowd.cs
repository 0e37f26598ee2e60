using System.Diagnostics;
using System.Net.Sockets;
using BoxOffice.Api.Identity;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// A synthetic crowd: each buyer comes at a time that is fixed beforehand, on a connection of its own, and asks, always
/// with the same key, until the answer is final or the patience ends. Times count from the time at which a buyer was
/// due, so that a stalled server, and also a crowd that is short of processor time, is charged for all who came
/// meanwhile.
/// </summary>
internal sealed class Crowd : IDisposable
{
    // Buyers who are told to retry do so as people do: soon, but not all at once.
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private readonly CrowdOrder _order;
    private readonly CrowdTally _tally;
    private readonly HttpMessageInvoker _http;
    private readonly Uri _url;
    private readonly TimeSpan _patience;
    private long _startedAt;

    public Crowd(CrowdOrder order)
    {
        (_order, _url) = (order, order.Url);
        _tally = new(order.Order.Buyers);
        _patience = TimeSpan.FromSeconds(order.Order.PatienceSeconds);
        _http = new(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Null when a server answers at the URL; else the failure.</summary>
    public async Task<string?> TryConnectAsync(TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        try
        {
            using var request = Request(HttpMethod.Get, "/alive", new(0, 0));
            using var answer = await _http.SendAsync(request, limit.Token);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            return e is OperationCanceledException ? "no answer" : e.GetBaseException().Message;
        }
    }

    /// <summary>Runs all buyers until each is served or leaves.</summary>
    /// <param name="report">Is called each second with the buyers' progress.</param>
    public async Task<CrowdResult> RunAsync(Action<RehearsalProgress> report)
    {
        _startedAt = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var reporting = ReportAsync(timer, report);
        var buyers = new Task[_order.Order.Buyers];
        var ramp = TimeSpan.FromSeconds(_order.Order.RampSeconds);
        for (var i = 0; i < buyers.Length; i++)
        {
            var due = ramp * i / buyers.Length;
            while (due - Stopwatch.GetElapsedTime(_startedAt) is { Ticks: > TimeSpan.TicksPerMillisecond } early)
                await Task.Delay(early);
            _tally.Arrived(due.TotalSeconds);
            buyers[i] = RunBuyerAsync(new(i, _startedAt + (long)(due.TotalSeconds * Stopwatch.Frequency)));
        }
        await Task.WhenAll(buyers);
        timer.Dispose();
        await reporting;
        return _tally.Result();
    }

    public void Dispose() => _http.Dispose();

    private double Seconds => Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;

    private async Task ReportAsync(PeriodicTimer timer, Action<RehearsalProgress> report)
    {
        while (await timer.WaitForNextTickAsync()) report(_tally.Progress(Seconds));
    }

    private async Task RunBuyerAsync(Buyer buyer)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the next buyer is not delayed
        var reserve = await AskAsync(buyer, $"/ticket/reserve/{_order.EventId}", isReserve: true);
        var time = Stopwatch.GetElapsedTime(buyer.DueAt);
        var last = reserve;
        if (reserve.Reservation is { IsHeld: true } held)
        {
            buyer.IsInDoubt = true; // until it is confirmed
            buyer.DueAt = Stopwatch.GetTimestamp();
            last = await AskAsync(buyer, $"/ticket/reservations/{held.Id}/confirm", isReserve: false);
        }
        if (last.Code is { } refusal) _tally.Refuse(refusal, Seconds, time);
        else if (last.Reservation is { } mine) _tally.Accept(buyer.Number, mine.Sequence, Seconds, time);
        else _tally.Leave(buyer.WasAnswered ? BuyerEnd.GaveUp : BuyerEnd.Failed, buyer.IsInDoubt, Seconds);
    }

    /// <summary>
    /// Asks until the answer is final, or the patience ends, which is <see cref="CrowdAnswer.None"/>.
    /// </summary>
    private async Task<CrowdAnswer> AskAsync(Buyer buyer, string path, bool isReserve)
    {
        var (due, pause) = (buyer.DueAt, PauseMin);
        while (_patience - Stopwatch.GetElapsedTime(buyer.DueAt) is { Ticks: > 0 } left)
        {
            var late = Stopwatch.GetElapsedTime(due);
            var answer = await CallAsync(buyer, path, left);
            buyer.IsInDoubt |= answer?.IsInDoubt ?? true;
            if (answer is not null)
            {
                buyer.WasAnswered = true;
                if (isReserve) _tally.Answered(Stopwatch.GetElapsedTime(due), late);
                if (answer.IsFinal) return answer;
                _tally.Repeated(answer.Code!);
            }
            var wait = answer?.RetryAfter ?? pause;
            wait = Jitter(wait < PauseMax ? wait : PauseMax);
            if (wait >= _patience - Stopwatch.GetElapsedTime(buyer.DueAt)) break; // the retry would be too late
            await Task.Delay(wait);
            (due, pause) = (Stopwatch.GetTimestamp(), pause < PauseMax ? pause * 2 : PauseMax);
        }
        return CrowdAnswer.None;
    }

    /// <summary>Makes one call; null when it has no answer.</summary>
    private async Task<CrowdAnswer?> CallAsync(Buyer buyer, string path, TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        try
        {
            using var request = Request(HttpMethod.Post, path, buyer);
            request.Headers.Add(TokenAuthentication.Header, _order.Tokens[buyer.Number]);
            request.Headers.Add("Idempotency-Key", $"{_order.KeyPrefix}-{buyer.Number}");
            using var response = await _http.SendAsync(request, limit.Token);
            return await CrowdAnswer.ReadAsync(response, limit.Token);
        }
        catch (Exception e) when (
            e is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            _tally.Unanswered(isBroken: e is not OperationCanceledException || !buyer.IsConnected);
            return null;
        }
    }

    /// <summary>
    /// Connections are pooled by a request's host. Each buyer names a host of its own, and so has a connection of its
    /// own, as a browser has; all connect to the same address.
    /// </summary>
    private HttpRequestMessage Request(HttpMethod method, string path, Buyer buyer)
    {
        var request = new HttpRequestMessage(
            method, $"{_url.Scheme}://buyer{buyer.Number}:{_url.Port}{_url.AbsolutePath.TrimEnd('/')}{path}");
        request.Headers.Host = _url.Authority;
        request.Options.Set(Buyer.Option, buyer);
        if (method == HttpMethod.Post
            && _order.Order.Quantity > 1
            && path.StartsWith("/ticket/reserve/", StringComparison.Ordinal))
        {
            var body = $$"""{"quantity":{{_order.Order.Quantity}}}""";
            request.Content = new StringContent(body, null, "application/json");
        }
        return request;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_url.IdnHost, _url.Port, stop);
            if (context.InitialRequestMessage.Options.TryGetValue(Buyer.Option, out var buyer))
                buyer.IsConnected = true;
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static TimeSpan Jitter(TimeSpan wait) => wait * (0.5 + (Random.Shared.NextDouble() / 2));

    /// <summary>A buyer of the crowd, numbered from 0.</summary>
    private sealed class Buyer(int number, long dueAt)
    {
        public static readonly HttpRequestOptionsKey<Buyer> Option = new("buyer");

        public int Number => number;

        /// <summary>When the buyer is due; later, when it wants to confirm.</summary>
        public long DueAt { get; set; } = dueAt;

        public bool IsConnected { get; set; }

        public bool WasAnswered { get; set; }

        /// <summary>True when a call without a definite answer may have been carried out.</summary>
        public bool IsInDoubt { get; set; }
    }
}
