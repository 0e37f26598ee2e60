using BoxOffice.Grains;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// Where a crowd goes: as <see cref="ApiOptions.RehearsalUrl"/> says, or to this front-end by itself. A request cannot name it, or
/// an operator's token would let somebody send thousands of calls to any machine that this one reaches.
/// </summary>
internal sealed class CrowdUrl(IOptions<ApiOptions> options, IServer server)
{
    /// <summary>Reads the setting; null when it is not set.</summary>
    /// <exception cref="StartupException">It is not where a front-end or a balancer could be.</exception>
    public static Uri? Parse(string? setting)
    {
        if (string.IsNullOrEmpty(setting)) return null;
        var isUrl = Uri.TryCreate(setting, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url is { UserInfo: "", Query: "", Fragment: "", Host: not "" };
        return isUrl ? url : throw new StartupException($"Configuration: BoxOffice:RehearsalUrl: '{setting}' is not a URL such as http://balancer:8080.");
    }

    /// <summary>Null when it is not set and this front-end listens nowhere that a crowd could reach.</summary>
    public Uri? Find() => Parse(options.Value.RehearsalUrl) ?? OfListeners(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    /// <summary>The first address without TLS, for a certificate is made out to another name; "any address" is reached at loopback.</summary>
    public static Uri? OfListeners(IEnumerable<string> addresses)
    {
        var some = addresses.Select(BindingAddress.Parse).Where(one => !one.IsUnixPipe && !one.IsNamedPipe).ToList();
        if ((some.Find(one => one.Scheme == "http") ?? some.FirstOrDefault()) is not { } address) return null;
        var host = address.Host is "0.0.0.0" or "[::]" or "+" or "*" ? "127.0.0.1" : address.Host;
        return new($"{address.Scheme}://{host}:{address.Port}{address.PathBase}");
    }
}
