namespace BoxOffice.Api.Contracts;

/// <summary>Is called for every problem that is answered, before its headers are sent.</summary>
internal interface IProblemObserver
{
    /// <summary>The request is answered with a problem.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">The problem's code.</param>
    void Answering(HttpContext context, string code);
}
