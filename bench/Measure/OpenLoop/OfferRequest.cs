namespace BoxOffice.Measure.OpenLoop;

/// <summary>The load that a generator sends.</summary>
/// <param name="Url">The server: http, an IPv4 address and a port.</param>
/// <param name="Path">The path of every request.</param>
/// <param name="TokensFile">A file with a token on each line, used in turn; null: no token is sent.</param>
/// <param name="PerSecond">Requests due each second, at random times (Poisson); 0: all connections open at once, and
/// each sends one request.</param>
/// <param name="Seconds">The duration.</param>
/// <param name="Connections">Maximum of concurrent requests.</param>
/// <param name="LeadSeconds">Seconds at the start whose latencies do not count: connections open, and caches
/// fill.</param>
/// <param name="PatienceSeconds">How long a due request waits for a free connection.</param>
/// <param name="AnswerSeconds">How long the generator waits for answers after the end.</param>
/// <param name="Method">POST or GET.</param>
/// <param name="Seed">The seed of the random times.</param>
internal sealed record OfferRequest(
    Uri Url,
    string Path,
    string? TokensFile = null,
    double PerSecond = 0,
    double Seconds = 4,
    int Connections = 512,
    double LeadSeconds = 0.5,
    double PatienceSeconds = 10,
    double AnswerSeconds = 15,
    string Method = "POST",
    int Seed = 1);
