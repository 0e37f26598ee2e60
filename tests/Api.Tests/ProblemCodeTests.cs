using System.Globalization;
using System.Text.RegularExpressions;
using BoxOffice.Api.Contracts;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed partial class ProblemCodeTests
{
    [Fact]
    public void The_documented_codes_are_those_that_the_source_answers()
    {
        var source = string.Concat(new[] { "Problems", "AccountProblems" }.Select(file =>
            File.ReadAllText(ProgramProcess.InRepository($"src/Api/Contracts/{file}.cs"))));

        var answered = MadeProblem().Matches(source).Select(made => (
            made.Groups["status"].Value is var status && status == "status"
                ? 400
                : int.Parse(status, CultureInfo.InvariantCulture),
            made.Groups["code"].Value,
            bool.Parse(made.Groups["terminal"].Value))).Distinct().Order().ToList();

        Assert.True(answered.Count > 40, "the problems are found");
        Assert.Equal(answered, ProblemCode.All.Select(code => (code.Status, code.Code, code.IsTerminal)).Order());
    }

    [GeneratedRegex(
        """new\(\s*(?<status>\d{3}|status), "(?<code>[A-Z_]+)",.*?(?<terminal>true|false)\)""",
        RegexOptions.Singleline)]
    private static partial Regex MadeProblem();
}
