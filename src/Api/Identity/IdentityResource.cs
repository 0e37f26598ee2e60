namespace BoxOffice.Api.Identity;

/// <summary>Tables in the program's file.</summary>
internal static class IdentityResource
{
    /// <summary>The lines of a table.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(
            typeof(IdentityResource).Assembly.GetManifestResourceStream($"BoxOffice.Api.Identity.{name}")!);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
