using System.Collections.Concurrent;
using System.Text.Json;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Live;

/// <summary>What one look saw. All who share it also share its JSON, which is compressed once for all of them.</summary>
/// <param name="Events">In the order of their ids.</param>
internal sealed record EventPage(EventAnswer[] Events)
{
    private readonly Lazy<EncodedContent> _content = new(() => EncodedContent.OfJson(
        JsonSerializer.SerializeToUtf8Bytes(new Answer<EventAnswer[]>(Events), WireJson.Default.AnswerEventAnswerArray)));

    public EncodedContent Content => _content.Value;
}

/// <summary>
/// The list of events, page by page. A crowd looks at it before an on-sale, and each look asks every event of the page: all
/// who want the same page share one, the first that begins after they came, so that nobody is told what was older than the question.
/// </summary>
internal sealed class EventPages(RetryPolicy retry, IOptions<ApiOptions> options, TimeProvider time)
{
    /// <summary>Between two looks at one page: what a crowd costs the events then is little beside a sale, and nobody feels the wait.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a look waits for an event: twice as long as a call waits for a silo, and so short that whoever comes during a look
    /// gets the next one in time.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Different pages of one moment. Buyers look at one or two; whoever makes up ids must not fill the memory.</summary>
    public const int PagesMax = 1_000;

    private readonly ConcurrentDictionary<(string After, int CountMax), Page> _pages = new();

    /// <summary>Pages that somebody looked at in the last moment.</summary>
    public int Count => _pages.Count;

    /// <summary>
    /// Events in the order of their ids, without those that do not answer within <see cref="Patience"/>. Fails with
    /// <see cref="BusyException"/> when too many different pages are wanted, and like <see cref="RetryPolicy.AskAsync"/> when the
    /// journal does not answer within <see cref="ApiOptions.ResponseTimeout"/>.
    /// </summary>
    /// <param name="after">An event's id, or empty for the beginning.</param>
    /// <param name="countMax">At least 1.</param>
    public async Task<EventPage> ReadAsync(string after, int countMax)
    {
        // A page ends when nobody wants it: then a new one takes its place.
        while (true)
        {
            if (PageOf((after, countMax)).NextLook() is { } look) return await look.WaitAsync(options.Value.ResponseTimeout, time);
        }
    }

    private Page PageOf((string After, int CountMax) id)
    {
        if (_pages.TryGetValue(id, out var known)) return known;
        if (_pages.Count >= PagesMax) throw new BusyException("Too many different pages are looked at.");
        return _pages.GetOrAdd(id, static (id, self) => new(self, id), this);
    }

    private Task RestAsync() => Task.Delay(Period, time);

    private async Task<EventPage> LookAsync(string after, int countMax)
    {
        var ids = await retry.AskAsync(after, grains => grains.GetGrain<IJournalGrain>(0).Events(after, countMax));
        var statuses = await Task.WhenAll(ids.Select(StatusOrNothingAsync));
        return new([.. statuses.OfType<EventStatus>().Select(EventAnswer.Of)]);
    }

    /// <summary>One event in trouble must not take the list of all others with it.</summary>
    private async Task<EventStatus?> StatusOrNothingAsync(string eventId)
    {
        try
        {
            return await retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status()).WaitAsync(Patience, time);
        }
        catch (Exception e) when (CallFailure.MayHelp(e) || CallFailure.IsNothingDone(e))
        {
            return null;
        }
    }

    private sealed class Page(EventPages owner, (string After, int CountMax) id)
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource<EventPage>? _next;
        private bool _isLooking;
        private bool _hasEnded;

        /// <summary>What the next look will see; null when this page has ended.</summary>
        public Task<EventPage>? NextLook()
        {
            Task<EventPage> look;
            lock (_gate)
            {
                if (_hasEnded) return null;
                look = (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                if (_isLooking) return look;
                _isLooking = true;
            }
            _ = LookWhileWantedAsync();
            return look;
        }

        private async Task LookWhileWantedAsync()
        {
            while (TakeNext() is { } wanted)
            {
                var rest = owner.RestAsync();
                try
                {
                    wanted.SetResult(await owner.LookAsync(id.After, id.CountMax));
                }
                catch (Exception e)
                {
                    wanted.SetException(e);
                }
                await rest;
            }
        }

        private TaskCompletionSource<EventPage>? TakeNext()
        {
            lock (_gate)
            {
                var wanted = _next;
                _next = null;
                if (wanted is null)
                {
                    _hasEnded = true;
                    owner._pages.TryRemove(new(id, this));
                }
                return wanted;
            }
        }
    }
}
