using System.Net;
using BoxOffice.Grains;
using Microsoft.AspNetCore.HttpOverrides;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// The proxies that are believed when they say for whom they call. Nobody else is: a header that anybody could send must
/// not let a guesser appear as many addresses.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>Reads a list such as <c>10.0.0.5, 192.168.7.0/24</c>; null when it is empty.</summary>
    /// <exception cref="StartupException">A part of it is neither an address nor a network.</exception>
    public static ForwardedHeadersOptions? Parse(string? list)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = 1, // what the nearest proxy added; the rest of the header is the client's own words
        };
        options.KnownProxies.Clear(); // the framework trusts loopback by itself
        options.KnownIPNetworks.Clear();
        foreach (var proxy in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IsAddress(proxy)) options.KnownProxies.Add(IPAddress.Parse(proxy));
            else if (System.Net.IPNetwork.TryParse(proxy, out var network)) options.KnownIPNetworks.Add(network);
            else throw new StartupException($"Configuration: BoxOffice:TrustedProxies: '{proxy}' is neither an IP address nor a network such as 10.0.0.0/8.");
        }
        return options.KnownProxies.Count + options.KnownIPNetworks.Count == 0 ? null : options;
    }

    // TryParse reads "1" as 0.0.0.1, which nobody means.
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text);
}
