using System.Security.Cryptography;
using System.Text.Json;
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
/// The list of events, page by page. Requests for the same page share its reads, and different pages share the numbers
/// of their events: see <see cref="SharedReads{TKey, TValue}"/> and <see cref="EventStatuses"/>.
/// </summary>
internal sealed class EventPages
{
    /// <summary>Different pages at one time. Buyers read one or two; made-up ids must not fill the memory.</summary>
    public const int PagesMax = 1_000;

    private readonly SharedReads<(string After, int CountMax), EventPage> _pages;
    private readonly EventStatuses _statuses;
    private readonly RetryPolicy _retry;
    private readonly ApiOptions _options;
    private readonly TimeProvider _time;
    private int _longest;

    public EventPages(EventStatuses statuses, RetryPolicy retry, IOptions<ApiOptions> options, TimeProvider time)
    {
        _pages = new(ReadNowAsync, statuses.PauseAsync);
        (_statuses, _retry, _options, _time) = (statuses, retry, options.Value, time);
    }

    /// <summary>Pages that are read, or were within the last <see cref="EventStatuses.Pause"/>.</summary>
    public int Count => _pages.Count;

    /// <summary>Most events that a page of this length had so far.</summary>
    public int LengthOf(int countMax) => Math.Min(countMax, Volatile.Read(ref _longest));

    /// <summary>
    /// Events in the order of their ids, without those that do not answer within
    /// <see cref="EventStatuses.Patience"/>; null when <paramref name="mayOrder"/> refuses. Fails with
    /// <see cref="BusyException"/> when too many different pages are requested, and like
    /// <see cref="RetryPolicy.AskAsync"/> when the journal does not answer within
    /// <see cref="ApiOptions.ResponseTimeout"/>.
    /// </summary>
    /// <param name="after">An event's id, or empty for the beginning.</param>
    /// <param name="countMax">At least 1.</param>
    /// <param name="isLatestEnough">Whether the page may be as old as <see cref="EventStatuses.Pause"/>.</param>
    /// <param name="mayOrder">Asked when the page must be read for this call.</param>
    public async Task<EventPage?> ReadAsync(
        string after, int countMax, bool isLatestEnough = false, Func<bool>? mayOrder = null)
    {
        var id = (after, countMax);
        if (!_pages.Contains(id) && _pages.Count >= PagesMax)
            throw new BusyException("Too many different pages are requested.");
        return _pages.ReadAsync(id, isLatestEnough, mayOrder) is { } read
            ? await read.WaitAsync(_options.ResponseTimeout, _time)
            : null;
    }

    private async Task<EventPage> ReadNowAsync((string After, int CountMax) page)
    {
        var ids = await _retry.AskAsync(
            page.After, grains => grains.GetGrain<IJournalGrain>(0).Events(page.After, page.CountMax));
        if (ids.Length > LengthOf(page.CountMax)) Volatile.Write(ref _longest, ids.Length);
        var events = await Task.WhenAll(ids.Select(_statuses.NextAsync));
        return new([.. events.OfType<EventAnswer>()]);
    }
}
