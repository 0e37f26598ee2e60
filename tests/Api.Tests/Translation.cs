using System.Text.RegularExpressions;

namespace BoxOffice.Api.Tests;

/// <summary>
/// Compares the translation of a Markdown document with the original, section by section: structure, code, links,
/// pictures and figures must be the same.
/// </summary>
internal static partial class Translation
{
    private static readonly string[] Numerals =
        ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    private static readonly string[] Months =
    [
        "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ];

    // In the order of the report.
    private static readonly (string Name, Func<Section, IEnumerable<string>> Of)[] Parts =
    [
        ("the list's", section => ListPattern().Matches(section.Text).Select(match => match.Value)),
        ("the block of code", section => section.Blocks),
        ("the code",
            section =>
                CodePattern().Matches(section.Text)
                    .Select(match => SpacesPattern().Replace(match.Value, " "))
                    .Distinct()),
        ("the link",
            section => LinkPattern().Matches(section.Text).Select(link => WithoutLanguage(link.Groups[1].Value))),
        ("the picture's", section => PicturePattern().Matches(section.Text).Select(match => match.Value)),
        ("in its tables the", section => Rows(section.Text)),
        ("the figure", section => Figures(section.Prose)),
    ];

    /// <summary>A sentence for each difference; empty when there is none.</summary>
    public static List<string> Differences(string original, string translation)
    {
        var (ours, theirs) = (Sections(original), Sections(translation));
        if (!ours.Select(section => section.Level).SequenceEqual(theirs.Select(section => section.Level)))
            return [$"The headings are {Headings(ours)} in the original, and {Headings(theirs)} in the translation."];
        return [.. ours.Zip(theirs, Differences).SelectMany(found => found)];
    }

    private static IEnumerable<string> Differences(Section original, Section translation)
    {
        foreach (var (name, of) in Parts)
        {
            var (ours, theirs) = (of(original).ToList(), of(translation).ToList());
            // A number that the original has in a word may be a figure there: "three silos" as 사일로 3개.
            var mayBeAdded = name == "the figure" ? ours.Concat(Spelled(original.Prose)) : ours;
            foreach (var lost in Without(ours, theirs))
                yield return $"\"{translation.Title}\" lacks {name} {lost}, which is in \"{original.Title}\".";
            foreach (var added in Without(theirs, mayBeAdded))
                yield return $"\"{translation.Title}\" has {name} {added}, which is not in \"{original.Title}\".";
        }
    }

    /// <summary>The items that are in the first more often than in the second.</summary>
    private static List<string> Without(IEnumerable<string> some, IEnumerable<string> others)
    {
        var rest = some.ToList();
        foreach (var other in others) rest.Remove(other);
        return rest;
    }

    private static List<Section> Sections(string document)
    {
        var sections = new List<Section>();
        var isInBlock = false;
        foreach (var line in document.Split('\n'))
        {
            var isFence = line.StartsWith("```", StringComparison.Ordinal);
            if (isFence && !isInBlock) sections[^1].Blocks.Add("");
            if (isFence || isInBlock) sections[^1].Blocks[^1] += CommentPattern().Replace(line, "#") + "\n";
            else if (HeadingPattern().Match(line) is { Success: true } heading)
                sections.Add(new(heading.Groups[1].Length, heading.Groups[2].Value));
            else sections[^1].Text += line + "\n";
            if (isFence) isInBlock = !isInBlock;
        }
        return sections;
    }

    /// <summary>The figures of each row, in the order of its cells.</summary>
    private static IEnumerable<string> Rows(string text) => RowPattern().Matches(text).Select((row, i) =>
        $"row {i + 1} with {string.Join(" | ", row.Value.Split('|').Select(FiguresOfCell))}");

    private static string FiguresOfCell(string cell) => string.Join(' ', Figures(CodePattern().Replace(cell, "")));

    private static IEnumerable<string> Figures(string prose) =>
        FigurePattern()
            .Matches(MonthPattern().Replace(prose, month => $"{Array.IndexOf(Months, month.Value)}"))
            .Select(match => match.Value);

    private static IEnumerable<string> Spelled(string prose) =>
        WordPattern().Matches(prose.ToLowerInvariant())
            .Select(word => Array.IndexOf(Numerals, word.Value))
            .Select(number => $"{number}");

    /// <summary>
    /// A translation links to translations, whose headings, and so the names of their places, are translated too.
    /// </summary>
    private static string WithoutLanguage(string target) =>
        PlacePattern().Replace(
            target.Contains("://", StringComparison.Ordinal)
                ? target
                : target.Replace(".ko.md", ".md", StringComparison.Ordinal),
            "#…");

    private static string Headings(List<Section> sections) =>
        string.Join(", ", sections.Select(section => $"\"{new string('#', section.Level)} {section.Title}\""));

    /// <summary>A heading with the text below it, up to the next one.</summary>
    private sealed class Section(int level, string title)
    {
        public int Level => level;

        public string Title => title;

        /// <summary>Without the blocks of code.</summary>
        public string Text { get; set; } = "";

        /// <summary>Blocks of code, without the words of comments.</summary>
        public List<string> Blocks { get; } = [];

        /// <summary>The prose, without tables.</summary>
        public string Prose =>
            RowPattern().Replace(
                PicturePattern().Replace(LinkPattern().Replace(CodePattern().Replace(Text, ""), "]"), ""), "");
    }

    [GeneratedRegex(@"^(#+) (.+)$")]
    private static partial Regex HeadingPattern();

    // A comment is prose; a program's output begins with a brace.
    [GeneratedRegex(@"(?<=^|\s)# (?!\{).*$")]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"^(?:-|\d+\.)(?= )", RegexOptions.Multiline)]
    private static partial Regex ListPattern();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacesPattern();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("#.+$")]
    private static partial Regex PlacePattern();

    // Only that there are words instead of the picture, not which.
    [GeneratedRegex(@"(?:src|srcset|media|width)=""[^""]*""|alt=""(?=[^""])")]
    private static partial Regex PicturePattern();

    [GeneratedRegex(@"^\|.*\|$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    // Not those of a name: p99, k6, SHA512.
    [GeneratedRegex(@"(?<![A-Za-z\d.,])\d+(?:,\d{3})*(?:\.\d+)*")]
    private static partial Regex FigurePattern();

    [GeneratedRegex(@"(?<=\d )(?:January|February|March|April|May|June|July|August|September|October|"
        + "November|December)")]
    private static partial Regex MonthPattern();

    [GeneratedRegex(@"\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b")]
    private static partial Regex WordPattern();
}
