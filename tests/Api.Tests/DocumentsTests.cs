using System.Reflection;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>
/// Files and links in documents must exist, and a translation must match its original.
/// </summary>
public sealed partial class DocumentsTests
{
    private static readonly string Root = ProgramProcess.InRepository("");

    private static readonly string[] Documents = [.. new[] { "", "docs", "docs/decisions", "tests", "k6" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md"))
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))];

    [Fact]
    public void Every_picture_file_and_place_that_a_document_names_exists()
    {
        var missing = Documents.SelectMany(document => TargetsIn(document)
            .Where(target => !Exists(document, target)).Select(target => $"{document} names {target}"));

        Assert.True(!missing.Any(), string.Join('\n', missing));
        Assert.Contains("README.ko.md", Documents);
        Assert.Contains("docs/decisions/README.md", Documents);
        Assert.Contains("docs/pictures/event-dark.png", TargetsIn("README.md"));
        Assert.Contains(TargetsIn("docs/operations.md"), target => target.StartsWith('#'));
    }

    [Fact]
    public void Every_test_that_a_document_names_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => TestNames().Matches(File.ReadAllText(file)))
                .Select(name => name.Groups[1].Value)
                .ToHashSet();

        var named = Documents.SelectMany(
            document => NamedTests().Matches(File.ReadAllText(Path.Combine(Root, document))))
            .Select(name => name.Groups[1].Value).ToHashSet();

        Assert.Empty(named.Except(tests));
        Assert.True(named.Count > 30, $"only {named.Count} names were found");
    }

    [Fact]
    public void A_test_that_a_document_links_to_is_in_the_file_that_it_links()
    {
        var links =
            Documents.SelectMany(document => LinkedTests().Matches(File.ReadAllText(Path.Combine(Root, document)))
            .Select(link =>
                (Name: link.Groups[1].Value,
                    File: Path.Combine(Root, Path.GetDirectoryName(document)!, link.Groups[2].Value)))).ToList();

        Assert.All(
            links, link => Assert.Contains($" {link.Name}(", File.ReadAllText(link.File), StringComparison.Ordinal));
        Assert.True(links.Count >= 10, $"only {links.Count} links were found");
    }

    [Fact]
    public void Every_picture_is_shown_by_a_document_and_soon_loaded()
    {
        var shown = Documents.SelectMany(document => TargetsIn(document)).Select(Path.GetFileName).ToHashSet();

        foreach (var picture in Directory.EnumerateFiles(Path.Combine(Root, "docs/pictures")))
        {
            Assert.Contains(Path.GetFileName(picture), shown);
            Assert.InRange(new FileInfo(picture).Length, 1_000, 200_000);
        }
    }

    [Theory, InlineData("README.md"), InlineData("README.ko.md")]
    public void The_front_door_is_read_in_some_minutes(string document)
    {
        Assert.InRange(File.ReadAllLines(Path.Combine(Root, document)).Length, 50, 120);
    }

    [Theory]
    [InlineData("README.md"), InlineData("docs/operations.md"), InlineData("docs/telemetry.md")]
    [InlineData("docs/pages.md"), InlineData("k6/README.md")]
    public void A_document_in_Korean_is_in_step_with_the_one_in_English(string document)
    {
        var english = File.ReadAllText(Path.Combine(Root, document));
        var korean = File.ReadAllText(Path.Combine(Root, Path.ChangeExtension(document, ".ko.md")));
        var toKorean = $"[한국어]({Path.GetFileNameWithoutExtension(document)}.ko.md)";
        var toEnglish = $"[English]({Path.GetFileName(document)})";

        var differences = Translation.Differences(
            english, korean.Replace(toEnglish, toKorean, StringComparison.Ordinal));

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Contains($"\n\n{toKorean}\n\n", english, StringComparison.Ordinal);
        Assert.Contains($"\n\n{toEnglish}\n\n", korean, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_document_in_Korean_is_held_against_one_in_English()
    {
        var held = typeof(DocumentsTests).GetMethod(nameof(A_document_in_Korean_is_in_step_with_the_one_in_English))!
            .GetCustomAttributes<InlineDataAttribute>().Select(
                pair => Path.ChangeExtension((string)pair.Data[0]!, ".ko.md"));

        Assert.Equal(
            Documents.Where(document => document.EndsWith(".ko.md", StringComparison.Ordinal)).Order(), held.Order());
    }

    [Theory]
    [InlineData("## 숫자", "### 숫자",
        "The headings are \"# Sale\", \"## Numbers\" in the original, and \"# 예매\", \"### 숫자\" in the translation.")]
    [InlineData("--fast", "--slow",
        "\"예매\" lacks the block of code ```sh\nsell --fast   #\n# {\"sold\":1}\n```\n, which is in \"Sale\".")]
    [InlineData("{\"sold\":1}", "{\"sold\":2}",
        "\"예매\" lacks the block of code ```sh\nsell --fast   #\n# {\"sold\":1}\n```\n, which is in \"Sale\".")]
    [InlineData("`BUSY`", "`LAZY`", "\"예매\" lacks the code `BUSY`, which is in \"Sale\".")]
    [InlineData("(a.md)", "(b.md)", "\"예매\" lacks the link a.md, which is in \"Sale\".")]
    [InlineData("a.ko.md#여기", "b.ko.md#여기", "\"예매\" lacks the link a.md#…, which is in \"Sale\".")]
    [InlineData("b.png", "c.png", "\"예매\" lacks the picture's src=\"b.png\", which is in \"Sale\".")]
    [InlineData("alt=\"그림\"", "alt=\"\"", "\"예매\" lacks the picture's alt=\", which is in \"Sale\".")]
    [InlineData("- 항목", "항목", "\"숫자\" lacks the list's -, which is in \"Numbers\".")]
    [InlineData("9,000명", "9,100명", "\"숫자\" lacks the figure 9,000, which is in \"Numbers\".")]
    [InlineData("세 개", "4개", "\"숫자\" has the figure 4, which is not in \"Numbers\".")]
    [InlineData("11월", "10월", "\"숫자\" lacks the figure 11, which is in \"Numbers\".")]
    [InlineData("| 1.5 | 2.25 |", "| 2.25 | 1.5 |",
        "\"숫자\" lacks in its tables the row 2 with  |  | 1.5 | 2.25 | , which is in \"Numbers\".")]
    public void What_is_out_of_step_in_a_translation_is_told_in_words(string there, string instead, string told)
    {
        const string Original = """
            # Sale
            It is `BUSY`: [more](a.md), [here](a.md#here). <img src="b.png" alt="A picture">
            ```sh
            sell --fast   # at once
            # {"sold":1}
            ```
            ## Numbers
            - On 24 November 2026, 9,000 users and three silos; p99.
            | who | before | after |
            | Ann | 1.5 | 2.25 |
            """;
        const string Korean = """
            # 예매
            [더 보기](a.md), [여기](a.ko.md#여기)에 있듯이 `BUSY`입니다. <img src="b.png" alt="그림">
            ```sh
            sell --fast   # 즉시
            # {"sold":1}
            ```
            ## 숫자
            - 항목: 2026년 11월 24일, 사용자 9,000명과 사일로 세 개, p99.
            | 누구 | 전 | 후 |
            | Ann | 1.5 | 2.25 |
            """;
        Assert.Empty(Translation.Differences(Original, Korean));

        Assert.Contains(
            told, Translation.Differences(Original, Korean.Replace(there, instead, StringComparison.Ordinal)));
    }

    /// <summary>The targets of its links within the repository.</summary>
    private static IEnumerable<string> TargetsIn(string document) =>
        TargetPattern().Matches(CodePattern().Replace(File.ReadAllText(Path.Combine(Root, document)), "`"))
            .Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

    private static bool Exists(string document, string target)
    {
        var (path, place) = target.Split('#') is [var before, var after] ? (before, after) : (target, null);
        var aim = path == "" ? document : Path.Combine(Path.GetDirectoryName(document)!, path);
        return Path.Exists(Path.Combine(Root, aim)) && (place is null || PlacesIn(aim).Contains(place));
    }

    /// <summary>The names that GitHub gives to headings.</summary>
    private static IEnumerable<string> PlacesIn(string document) =>
        HeadingPattern().Matches(File.ReadAllText(Path.Combine(Root, document)))
            .Select(
                match => RubbishPattern()
                    .Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "")
                    .Replace(' ', '-'));

    // Links and pictures of Markdown, and pictures of HTML.
    [GeneratedRegex(@"(?:\]\(|(?:src|srcset)="")([^)""\s]+)")]
    private static partial Regex TargetPattern();

    [GeneratedRegex(@"^```[\s\S]*?^```|(?<!`)`[^`]+`", RegexOptions.Multiline)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex RubbishPattern();

    [GeneratedRegex(@"\b(?:void|Task) ([A-Z]\w*_\w+)\(")]
    private static partial Regex TestNames();

    [GeneratedRegex(@"\[`(\w+_\w+)`\]\(([^)]+\.cs)\)")]
    private static partial Regex LinkedTests();

    [GeneratedRegex(@"`([A-Z][a-z]*(?:_[A-Za-z0-9]+){3,})`")]
    private static partial Regex NamedTests();
}
