using System.Text.Json;
using BoxOffice.Api.Contracts;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// Compresses the answers of endpoints with lists. Others are not compressed: an answer with a token, or with text of
/// the caller beside a secret, must not be (BREACH), and short ones gain nothing.
/// </summary>
internal static class CompressedAnswers
{
    /// <summary>
    /// Compresses this endpoint's successes of <see cref="EncodedContent.CompressedBytesMin"/> bytes or more.
    /// </summary>
    public static RouteHandlerBuilder CompressLargeAnswers(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(EncodeAsync);

    private static async ValueTask<object?> EncodeAsync(
        EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var answer = await next(call);
        var result = answer is INestedHttpResult nested ? nested.Result : answer;
        if (result is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }) return answer;
        if (result is not IValueHttpResult { Value: { } value }) return answer;
        var json = call.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return EncodedContent.OfJson(JsonSerializer.SerializeToUtf8Bytes(value, json.GetTypeInfo(value.GetType())));
    }
}
