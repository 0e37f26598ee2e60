using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>
/// The calls to play with, <c>docs/boxoffice.http</c>, are sent from top to bottom as an editor would.
/// </summary>
public sealed partial class HttpFileTests(Hosts hosts)
{
    private readonly Dictionary<string, string> _variables = [];
    private readonly Dictionary<string, JsonElement> _answers = [];

    [Theory, BothForms]
    public async Task Every_call_gets_the_status_that_its_comment_expects(Form form)
    {
        var url = (await hosts[form]).Url;
        var parts = File.ReadAllText(ProgramProcess.InRepository("docs/boxoffice.http")).Split("\n###");
        foreach (Match variable in VariablePattern().Matches(parts[0]))
            _variables[variable.Groups[1].Value] = variable.Groups[2].Value;
        _variables["url"] = url.ToString().TrimEnd('/');
        _variables["operatorPassword"] = BoxOfficeHost.OperatorPassword;

        foreach (var part in parts[1..])
        {
            var reply = await SendAsync(new(url), part);
            Assert.True(Expected(part) == (int)reply.Status, $"{part.Split('\n')[0]}: {reply}");
            if (NamePattern().Match(part) is { Success: true } name) _answers[name.Groups[1].Value] = reply.Body;
        }

        Assert.Equal(["login", "operator", "reservation"], _answers.Keys.Order());
        Assert.True(parts.Length > 15, $"only {parts.Length - 1} calls were found");
    }

    private static int Expected(string part) =>
        int.Parse(ExpectPattern().Match(part).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>
    /// A line of the request, its headers, an empty line and the body; lines that begin with # are comments.
    /// </summary>
    private async Task<Reply> SendAsync(Testing.Client client, string part)
    {
        var lines = PlacePattern().Replace(part, place => ValueOf(place.Groups[1].Value)).TrimEnd().Split('\n')[1..]
            .Where(line => line is not ['#', ..]).ToList();
        var end = lines.Append("").ToList().IndexOf("");
        var (head, body) = (lines[..end], string.Join('\n', lines[end..]).Trim());
        var headers = head[1..].Select(line => line.Split(": ", 2)).Where(header => header[0] != "Content-Type")
            .Select(header => (header[0], header[1]));
        var content = body == "" ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(
            HttpMethod.Parse(head[0].Split(' ')[0]), head[0].Split(' ')[1], content, [.. headers]);
    }

    /// <summary>Of a variable, or of an earlier answer: <c>login.response.body.$.data.accessToken</c>.</summary>
    private string ValueOf(string name)
    {
        if (name.Split(".response.body.$.") is not [var answer, var path]) return _variables[name];
        return path.Split('.')
            .Aggregate(_answers[answer], (element, property) => element.GetProperty(property))
            .GetString()!;
    }

    [GeneratedRegex(@"^@(\w+) = (.+)$", RegexOptions.Multiline)]
    private static partial Regex VariablePattern();

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex PlacePattern();

    [GeneratedRegex(@"^# @name (\w+)$", RegexOptions.Multiline)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^# expect (\d+)$", RegexOptions.Multiline)]
    private static partial Regex ExpectPattern();
}
