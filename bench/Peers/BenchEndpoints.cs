using System.Globalization;
using System.Net;
using BoxOffice.Api;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace BoxOffice.Peers;

/// <summary>
/// Endpoints that a measurement needs beside the sale. Every caller may create tokens, so they answer this machine
/// only.
/// </summary>
internal static class BenchEndpoints
{
    public static void MapBench(this WebApplication app)
    {
        var bench = app.MapGroup("/bench").AllowAnonymous().AddEndpointFilter(async (context, next) =>
            context.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
                ? await next(context)
                : Problems.Forbidden);
        bench.MapPut("/events/{eventId}", OpenAsync);
        bench.MapGet("/events/{eventId}", GetAsync);
        bench.MapPost("/tokens", IssueTokens);
    }

    private static async Task<Results<Ok<EventNumbers>, Problem>> OpenAsync(string eventId, int capacity, IPeer peer)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        if (capacity < 0) return OutOfBounds(nameof(capacity), "must be 0 or more");
        await peer.OpenAsync(eventId, capacity);
        return await GetAsync(eventId, peer);
    }

    private static async Task<Results<Ok<EventNumbers>, Problem>> GetAsync(string eventId, IPeer peer)
    {
        if (await peer.NumbersAsync(eventId) is not { } numbers) return Problems.EventNotFound;
        return TypedResults.Ok(numbers);
    }

    /// <summary>Creates tokens of member1, member2 …, one on each line.</summary>
    private static Results<ContentHttpResult, Problem> IssueTokens(
        int count, Tokens tokens, IOptions<ApiOptions> options)
    {
        var countMax = options.Value.BulkCountMax;
        if (count < 1 || count > countMax) return OutOfBounds(nameof(count), $"must be 1 to {countMax}");
        var issued = Enumerable.Range(1, count)
            .Select(
                n => tokens.Issue(string.Create(CultureInfo.InvariantCulture, $"member{n}"), MemberRole.Member).Token);
        return TypedResults.Text(string.Join('\n', issued) + "\n");
    }

    private static Problem OutOfBounds(string field, string rule) =>
        Problems.ValidationFailed(new Dictionary<string, string[]> { [field] = [rule] });
}
