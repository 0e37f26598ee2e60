using System.Security.Cryptography;
using System.Text.Json;
using BoxOffice.Api.Collections;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BoxOffice.Api.Live;

/// <summary>What one read returned. Its readers share the JSON, which is compressed once for all of them.</summary>
/// <param name="Events">In the order of their ids.</param>
internal sealed record EventPage(EventAnswer[] Events)
{
    private readonly Lazy<(EncodedContent Content, EntityTagHeaderValue Tag)> _content = new(() => Render(Events));

    public EncodedContent Content => _content.Value.Content;

    /// <summary>Weak: the compressed forms have the same tag.</summary>
    public EntityTagHeaderValue Tag => _content.Value.Tag;

    private static (EncodedContent Content, EntityTagHeaderValue Tag) Render(EventAnswer[] events)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new Answer<EventAnswer[]>(events), WireJson.Default.AnswerEventAnswerArray);
        var digest = Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(..8));
        return (EncodedContent.OfJson(json), new($"\"{digest}\"", isWeak: true));
    }
}

/// <summary>
/// The list of events, page by page. A crowd reads it before an on-sale, and each read asks every event of the page:
/// requests for the same page share one read, the first that begins after they came, so that no answer is older than
/// its request.
/// </summary>
internal sealed class EventPages
{
    /// <summary>
    /// Between two reads of one page: reads by a crowd then cost the events little beside a sale, and the wait is
    /// short.
    /// </summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a read waits for an event: twice as long as a call waits for a silo, and so short that a request that
    /// comes during a read gets the next one in time.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Different pages at one time. Buyers read one or two; made-up ids must not fill the memory.</summary>
    public const int PagesMax = 1_000;

    private readonly ActiveMap<(string After, int CountMax), Page> _pages;
    private readonly RetryPolicy _retry;
    private readonly ApiOptions _options;
    private readonly TimeProvider _time;

    public EventPages(RetryPolicy retry, IOptions<ApiOptions> options, TimeProvider time)
    {
        _pages = new(page => new(this, page));
        (_retry, _options, _time) = (retry, options.Value, time);
    }

    /// <summary>Pages that are read, or were within the last <see cref="Period"/>.</summary>
    public int Count => _pages.Count;

    /// <summary>
    /// Events in the order of their ids, without those that do not answer within <see cref="Patience"/>. Fails with
    /// <see cref="BusyException"/> when too many different pages are requested, and like
    /// <see cref="RetryPolicy.AskAsync"/> when the journal does not answer within
    /// <see cref="ApiOptions.ResponseTimeout"/>.
    /// </summary>
    /// <param name="after">An event's id, or empty for the beginning.</param>
    /// <param name="countMax">At least 1.</param>
    public Task<EventPage> ReadAsync(string after, int countMax)
    {
        var id = (after, countMax);
        if (!_pages.Contains(id) && _pages.Count >= PagesMax)
            return Task.FromException<EventPage>(new BusyException("Too many different pages are requested."));
        var (read, idle) = _pages.Use(id, 0, static (page, _) => page.NextRead());
        if (idle is not null) _ = idle.ReadWhileRequestedAsync();
        return read.WaitAsync(_options.ResponseTimeout, _time);
    }

    private Task PauseAsync() => Task.Delay(Period, _time);

    private async Task<EventPage> ReadNowAsync(string after, int countMax)
    {
        var ids = await _retry.AskAsync(after, grains => grains.GetGrain<IJournalGrain>(0).Events(after, countMax));
        var statuses = await Task.WhenAll(ids.Select(StatusOrNullAsync));
        return new([.. statuses.OfType<EventStatus>().Select(EventAnswer.Of)]);
    }

    /// <summary>An event that fails must not fail the list of all others.</summary>
    private async Task<EventStatus?> StatusOrNullAsync(string eventId)
    {
        try
        {
            var asked = _retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status());
            return await asked.WaitAsync(Patience, _time);
        }
        catch (Exception e) when (CallFailure.MayHelp(e) || CallFailure.IsNothingDone(e))
        {
            return null;
        }
    }

    /// <summary>One page, while it is requested. A page without requests ends.</summary>
    private sealed class Page(EventPages owner, ActiveMap<(string After, int CountMax), Page>.Lifetime lifetime)
    {
        private TaskCompletionSource<EventPage>? _next;
        private bool _isReading;

        /// <summary>
        /// What the next read will return, and this page when the caller must start reading. The caller holds the gate
        /// of the page's lifetime.
        /// </summary>
        public (Task<EventPage> Read, Page? Idle) NextRead()
        {
            var idle = _isReading ? null : this;
            _isReading = true;
            _next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (_next.Task, idle);
        }

        public async Task ReadWhileRequestedAsync()
        {
            while (TakeNext() is { } requested)
            {
                var pause = owner.PauseAsync();
                try
                {
                    requested.SetResult(await owner.ReadNowAsync(lifetime.Key.After, lifetime.Key.CountMax));
                }
                catch (Exception e)
                {
                    requested.SetException(e);
                }
                await pause;
            }
        }

        private TaskCompletionSource<EventPage>? TakeNext()
        {
            lock (lifetime.Gate)
            {
                var requested = _next;
                _next = null;
                if (requested is null) lifetime.End();
                return requested;
            }
        }
    }
}
