using BoxOffice.Grains;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// The URL of a crowd: <see cref="ApiOptions.RehearsalUrl"/>, or this front-end. A request cannot name it: with an
/// operator's token, it could send thousands of calls to any machine that this one reaches.
/// </summary>
internal sealed class CrowdUrl(IOptions<ApiOptions> options, IServer server)
{
    /// <summary>Reads the setting; null when it is not set.</summary>
    /// <exception cref="StartupException">It is not a URL of a front-end or a load balancer.</exception>
    public static Uri? Parse(string? setting)
    {
        if (string.IsNullOrEmpty(setting)) return null;
        var isUrl = Uri.TryCreate(setting, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url is { UserInfo: "", Query: "", Fragment: "", Host: not "" };
        return isUrl ? url : throw new StartupException(
            $"Configuration: BoxOffice:RehearsalUrl: '{setting}' is not a URL such as http://balancer:8080.");
    }

    /// <summary>Null when it is not set and this front-end has no address that a crowd could reach.</summary>
    public Uri? Find() =>
        Parse(options.Value.RehearsalUrl)
            ?? OfListeners(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    /// <summary>
    /// The first address without TLS, because a certificate has another name; "any address" is reached at loopback.
    /// </summary>
    public static Uri? OfListeners(IEnumerable<string> addresses)
    {
        var all = addresses.Select(BindingAddress.Parse)
            .Where(address => !address.IsUnixPipe && !address.IsNamedPipe).ToList();
        if ((all.Find(address => address.Scheme == "http") ?? all.FirstOrDefault()) is not { } first) return null;
        var host = first.Host is "0.0.0.0" or "[::]" or "+" or "*" ? "127.0.0.1" : first.Host;
        return new($"{first.Scheme}://{host}:{first.Port}{first.PathBase}");
    }
}
