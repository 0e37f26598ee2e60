using System.Text;
using System.Text.Json;
using BoxOffice.Api.Contracts;
using Microsoft.AspNetCore.Http;

namespace BoxOffice.Api.Tests;

public sealed class ProblemTests
{
    [Fact]
    public async Task Equal_refusals_are_equal_but_for_the_trace()
    {
        var problem = new Problem(409, "SOLD_OUT", "Sold out.", true);

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 100).Select(number => Task.Run(() => AnswerAsync(problem, $"0HN{number}:00000001"))));

        for (var i = 0; i < answers.Length; i++)
        {
            using var json = JsonDocument.Parse(answers[i]);
            Assert.Equal($"0HN{i + 1}:00000001", json.RootElement.GetProperty("traceId").GetString());
            Assert.Equal("SOLD_OUT", json.RootElement.GetProperty("code").GetString());
        }
        Assert.Single(
            answers.Select((answer, i) => answer.Replace($"0HN{i + 1}:", "", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public async Task What_is_special_about_a_refusal_is_in_no_other_of_its_kind()
    {
        var told = new List<int>();
        for (var available = 1; available <= 3; available++)
        {
            var result = new ReserveResult(
                ReserveStatus.Insufficient, null, new Refusal(DateTimeOffset.UnixEpoch, Available: available));
            using var json = JsonDocument.Parse(await AnswerAsync(Problems.Of(result), "a"));
            told.Add(json.RootElement.GetProperty("available").GetInt32());
        }

        Assert.Equal([1, 2, 3], told);
    }

    private static async Task<string> AnswerAsync(Problem problem, string trace)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { TraceIdentifier = trace, Response = { Body = body } };
        await problem.ExecuteAsync(context);
        Assert.Equal(
            (409, Problem.MediaType, body.Length),
            (context.Response.StatusCode, context.Response.ContentType, context.Response.ContentLength));
        return Encoding.UTF8.GetString(body.ToArray());
    }
}
