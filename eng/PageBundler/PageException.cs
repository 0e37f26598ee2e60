namespace BoxOffice.Pages;

/// <summary>The source of a page has a form that the bundler does not take. The message names the file.</summary>
/// <param name="message">The file, what is wrong, and what to write instead.</param>
public sealed class PageException(string message) : Exception(message);
