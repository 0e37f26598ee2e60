using System.Data.Common;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace BoxOffice.Peers;

/// <summary>The measured endpoint: BoxOffice's route, token and responses in front of every peer.</summary>
internal static class ReserveEndpoint
{
    private const string Route = "/ticket/reserve/{eventId}";

    public static void MapReserve(this WebApplication app)
    {
        // No rate limit: the peer is measured, and not what one member may do.
        if (app.Services.GetRequiredService<IPeer>() is EmptyEndpoint)
            app.MapPost(Route, static () => { }).AllowAnonymous();
        else app.MapPost(Route, ReserveAsync).RequireAuthorization();
    }

    private static async Task<Results<Ok<Answer<ReservationAnswer>>, Problem>> ReserveAsync(
        string eventId, HttpContext context, IPeer peer)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        try
        {
            var sale = await peer.ReserveAsync(eventId, context.MemberId());
            if (sale.Status != ReserveStatus.Reserved) return Problems.Of(new ReserveResult(sale.Status));
            return TypedResults.Ok(new Answer<ReservationAnswer>(new(
                Identifiers.ReservationId(
                    eventId, sale.Sequence), eventId, 1, ReservationState.Confirmed, sale.Sequence, null)));
        }
        catch (Exception e) when (e is DbException or RedisException or TimeoutException or OrleansException)
        {
            return Problems.OutcomeUnknown(); // the store did not answer: it may have been sold
        }
    }
}
