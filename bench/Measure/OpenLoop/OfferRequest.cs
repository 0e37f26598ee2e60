namespace BoxOffice.Measure.OpenLoop;

/// <summary>What a generator is to send.</summary>
/// <param name="Url">To whom: http, an IPv4 address and a port.</param>
/// <param name="Path">Of every request.</param>
/// <param name="TokensFile">A token on each line, which take turns; none is sent when null.</param>
/// <param name="PerSecond">Requests that are due each second, at random (Poisson); 0: every connection is opened at once, and sends one.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Connections">Most requests under way at once.</param>
/// <param name="LeadSeconds">At the start, in which latencies do not count: connections and caches come to be.</param>
/// <param name="PatienceSeconds">How long a buyer waits for a connection.</param>
/// <param name="AnswerSeconds">How long the last answers may take after the end.</param>
/// <param name="Method">POST or GET.</param>
/// <param name="Seed">Of the random times.</param>
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
