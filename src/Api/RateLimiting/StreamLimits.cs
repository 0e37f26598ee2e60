using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.RateLimiting;

/// <summary>Limits the streams that one address, and one member, have open at this front-end.</summary>
internal sealed class StreamLimits(IOptions<ApiOptions> options)
{
    private readonly UseCounts _ofAddress = new();
    private readonly UseCounts _ofMember = new();

    /// <summary>Counts a stream until its request ends. A refusal when its caller has too many.</summary>
    public Problem? Take(HttpContext context)
    {
        if (!TryTake(_ofAddress, FailedLogins.AddressOf(context), options.Value.StreamsPerAddressMax, context))
            return Problems.TooManyStreams();
        var member = context.User.Identity?.Name;
        return member is null || TryTake(_ofMember, member, options.Value.StreamsPerMemberMax, context)
            ? null
            : Problems.TooManyStreams();
    }

    private static bool TryTake(UseCounts counts, string caller, int most, HttpContext context)
    {
        if (most == 0) return true;
        if (!counts.TryTake(caller, most)) return false;
        context.Response.RegisterForDispose(new Use(counts, caller));
        return true;
    }

    private sealed class Use(UseCounts counts, string caller) : IDisposable
    {
        public void Dispose() => counts.Release(caller);
    }
}
