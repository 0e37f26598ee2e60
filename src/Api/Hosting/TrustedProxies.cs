using System.Net;
using BoxOffice.Grains;
using Microsoft.AspNetCore.HttpOverrides;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// The proxies whose forwarded addresses are trusted. Other callers' headers are ignored: otherwise a password guesser
/// could appear as many addresses.
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
            ForwardLimit = 1, // what the nearest proxy added; the client may have written the rest
        };
        options.KnownProxies.Clear(); // the framework trusts loopback by itself
        options.KnownIPNetworks.Clear();
        const StringSplitOptions Parts = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var proxy in (list ?? "").Split(',', Parts))
        {
            if (IsAddress(proxy)) options.KnownProxies.Add(IPAddress.Parse(proxy));
            else if (System.Net.IPNetwork.TryParse(proxy, out var network)) options.KnownIPNetworks.Add(network);
            else throw new StartupException($"Configuration: BoxOffice:TrustedProxies: '{proxy}' is neither "
                + "an IP address nor a network such as 10.0.0.0/8.");
        }
        return options.KnownProxies.Count + options.KnownIPNetworks.Count == 0 ? null : options;
    }

    // TryParse reads "1" as 0.0.0.1, which is a mistake.
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address)
            && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text);
}
