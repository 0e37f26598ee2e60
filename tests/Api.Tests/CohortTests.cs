using System.Net;

namespace BoxOffice.Api.Tests;

public sealed class CohortTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task Ten_thousand_members_are_registered_in_one_call_and_can_log_in(Form form)
    {
        var stage = await hosts.StageAsync(form);

        var first = await stage.Operator.PostAsync(
            "/admin/members", new { prefix = stage.Name, first = 1, count = 10_000, password = "load test" });
        var again = await stage.Operator.PostAsync(
            "/admin/members", new { prefix = stage.Name, first = 9_001, count = 2_000, password = "load test" });
        var login = await stage.Nobody.PostAsync(
            "/member/login", new { id = $"{stage.Name}10000", password = "load test" });
        var outside = await stage.Nobody.PostAsync(
            "/member/login", new { id = $"{stage.Name}11001", password = "load test" });

        Assert.Equal((HttpStatusCode.OK, 10_000), (first.Status, first.Data.GetProperty("created").GetInt32()));
        Assert.Equal(1_000, again.Data.GetProperty("created").GetInt32());
        Assert.Equal(HttpStatusCode.OK, login.Status);
        Assert.Equal("BAD_CREDENTIALS", outside.Code);
    }

    [Theory, BothForms]
    public async Task A_member_who_signed_up_alone_keeps_the_password_when_a_cohort_comes(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Nobody.PostAsync("/member/signup", new { id = $"{stage.Name}2", password = "a word of my own" });

        var created = await stage.Operator.PostAsync(
            "/admin/members", new { prefix = stage.Name, first = 1, count = 3, password = "load test" });

        Assert.Equal(2, created.Data.GetProperty("created").GetInt32());
        Assert.Equal(
            HttpStatusCode.OK,
            (await stage.Nobody.PostAsync(
                "/member/login", new { id = $"{stage.Name}2", password = "a word of my own" })).Status);
        Assert.Equal(
            "BAD_CREDENTIALS",
            (await stage.Nobody.PostAsync(
                "/member/login", new { id = $"{stage.Name}2", password = "load test" })).Code);
        Assert.Equal(
            "MEMBER_EXISTS",
            (await stage.Nobody.PostAsync(
                "/member/signup", new { id = $"{stage.Name}1", password = "a word of my own" })).Code);
    }

    [Theory, BothForms]
    public async Task Ten_thousand_tokens_are_issued_in_one_call_and_work(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10);

        var members = await stage.Operator.MembersAsync(stage.Name, 10_000);

        Assert.Equal(10_000, members.Length);
        Assert.Equal(HttpStatusCode.OK, (await members[^1].ReserveAsync(stage.EventId)).Status);
    }

    [Theory, BothForms]
    public async Task A_run_of_members_out_of_bounds_is_named_by_field(Form form)
    {
        var stage = await hosts.StageAsync(form);
        (object Run, string Field)[] cases =
        [
            (new { prefix = "a b", first = 1, count = 1, password = "x" }, "prefix"),
            (new { prefix = new string('p', 64), first = 1, count = 1, password = "x" }, "prefix"),
            (new { prefix = "p", first = -1, count = 1, password = "x" }, "first"),
            (new { prefix = "p", first = int.MaxValue, count = 2, password = "x" }, "first"),
            (new { prefix = "p", first = 1, count = 0, password = "x" }, "count"),
            (new { prefix = "p", first = 1, count = 100_001, password = "x" }, "count"),
            (new { prefix = "p", first = 1, count = 1, password = "" }, "password"),
        ];

        foreach (var (run, field) in cases)
        {
            var reply = await stage.Operator.PostAsync("/admin/members", run);
            Assert.Equal("VALIDATION_FAILED", reply.Code);
            Assert.True(reply.Body.GetProperty("errors").TryGetProperty(field, out _), $"{field} in {reply.Text}");
        }
    }
}
