using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>Reads the tree and holds it to the house's rules of form: widths, lengths, names and words.</summary>
public sealed partial class TreeTests
{
    private const int ColumnsMax = 120;
    private const int LinesMax = 250;

    /// <summary>
    /// Names and words that the field has better ones for; what to write instead stands in the glossary.
    /// </summary>
    private static readonly Regex Forbidden = ForbiddenWords();

    private static readonly string[] NamesThem = ["TreeTests.cs", "Passwords.cs"]; // as words, or as passwords

    private static readonly string[] Code = [".cs", ".js", ".mjs", ".css", ".sh"];

    [Fact]
    public void No_line_of_code_is_wider_than_120_columns() => AssertNone(
        from file in Files(Code)
        from line in File.ReadLines(file).Index()
        where line.Item.Length > ColumnsMax && !line.Item.Contains("://", StringComparison.Ordinal)
        select $"{Name(file)}:{line.Index + 1}");

    [Fact]
    public void No_file_of_code_is_longer_than_250_lines() => AssertNone(
        from file in Files(Code)
        let count = File.ReadLines(file).Count()
        where count > LinesMax
        select $"{Name(file)}: {count}");

    [Fact]
    public void Words_are_the_fields() => AssertNone(
        from file in Files([.. Code, ".md", ".sql", ".html"])
        where !NamesThem.Contains(Path.GetFileName(file))
        from line in File.ReadLines(file).Index()
        from word in Forbidden.Matches(line.Item)
        select $"{Name(file)}:{line.Index + 1}: {word.Value}");

    /// <summary>
    /// Methods of grain interfaces are named as Orleans' are, and tests for what they show, with underscores.
    /// </summary>
    [Fact]
    public void What_is_awaited_is_named_Async() => AssertNone(
        from file in Files([".cs"])
        let text = File.ReadAllText(file)
        let isGrain = IsGrain().IsMatch(text)
        from method in AwaitedMethod().Matches(text)
        where !(isGrain && method.Groups["access"].Value == "public")
        where !method.Groups["name"].Value.EndsWith("Async", StringComparison.Ordinal)
        select $"{Name(file)}: {method.Groups["name"].Value}");

    private static void AssertNone(IEnumerable<string> found)
    {
        Assert.NotEmpty(Files(Code)); // this clone's folder hides none
        var all = string.Join('\n', found);
        Assert.True(all.Length == 0, all);
    }

    private static IEnumerable<string> Files(string[] endings)
    {
        string[] folders = ["src", "tests", "bench", "eng", "k6", "docs", ".github"];
        string[] notOurs = ["/bin/", "/obj/", "/node_modules/", "/uplot/", "/results/"];
        var root = ProgramProcess.InRepository(".");
        return folders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(root, "*.md"))
            .Where(file => endings.Contains(Path.GetExtension(file)))
            .Where(file => !notOurs.Any(folder => $"/{Name(file)}".Contains(folder, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
    }

    private static string Name(string file) => Path.GetRelativePath(ProgramProcess.InRepository("."), file);

    [GeneratedRegex(
        @"\bone\s+=>|\b(?:(?i:whoever|whomever|whom|whatever|somebody|anybody|in vain|troubles?)"
        + @"|SiloDoor\w*|JoinedCall|LateAnswers|Repeats|SiloLinks?|WaitingCall|DurableHead|Farewell|PasswordLane"
        + @"|IdleThread|InBulk|MemberGather\w+|ExactDate|FirstStart|AddDoor)\b")]
    private static partial Regex ForbiddenWords();

    [GeneratedRegex(@": (?:Grain|I\w*Grain\w*)\b", RegexOptions.None)]
    private static partial Regex IsGrain();

    [GeneratedRegex(
        @"^\s+(?<access>public|internal|private|protected)(?: static| override| virtual| async| new| sealed)* "
        + @"(?:Task|ValueTask)(?:<[^()=]+>)? (?<name>[A-Za-z0-9]+)(?:<\w+>)?\(",
        RegexOptions.Multiline)]
    private static partial Regex AwaitedMethod();
}
