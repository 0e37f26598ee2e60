using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>The endpoints that make members and tokens for load tests.</summary>
public sealed class LoadTestTests(Hosts hosts)
{
    private static readonly object Members = new { prefix = "fan", first = 1, count = 2, password = "load test" };
    private static readonly object Tokens = new { prefix = "fan", first = 1, count = 2 };

    [Theory]
    [InlineData(Form.Cluster, "")]
    [InlineData(Form.Cluster, "false")]
    [InlineData(Form.Embedded, "false")]
    public async Task There_are_none_unless_they_are_turned_on(Form form, string setting)
    {
        await using var host = await hosts.StartAsync(form, ("LoadTest", setting));
        var boss = await Client.OperatorAsync(host.Url);

        Reply[] replies =
            [await boss.PostAsync("/admin/members", Members), await boss.PostAsync("/admin/tokens", Tokens)];

        Assert.All(replies, reply => Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (reply.Status, reply.Code)));
        Assert.False((await boss.GetAsync("/admin/cluster")).Data.GetProperty("loadTest").GetBoolean());
        Assert.DoesNotContain("LOAD TEST", host.Api.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_embedded_store_has_them_on_from_its_own_first_start_until_the_setting_says_otherwise()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("LoadTest", ""));
        var isOnAtFirst = await IsOnAsync(host);
        var output = host.Api.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await host.StartAgainAsync(("LoadTest", ""));
        var isOnAfterARestart = await IsOnAsync(host);
        await host.StartAgainAsync(("LoadTest", "false"));
        var isOnWhenTurnedOff = await IsOnAsync(host);
        await host.StartAgainAsync(("LoadTest", ""));
        var isOnAfterwards = await IsOnAsync(host);

        Assert.Equal(
            (true, true, false, false), (isOnAtFirst, isOnAfterARestart, isOnWhenTurnedOff, isOnAfterwards));
        Assert.Equal(2, output.Count(line => line.Contains("LOAD TEST is on", StringComparison.Ordinal)));
        Assert.Contains(output.Take(4), line => line.Contains("LOAD TEST is on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_was_made_elsewhere_has_them_off()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("LoadTest", ""));
        await host.StopAsync();
        File.Delete(Path.Combine(host.StoreDirectory!, "load-test")); // as in a store of an earlier version
        await host.StartAsync();

        Assert.False(await IsOnAsync(host));
    }

    [Theory, BothForms]
    public async Task A_token_is_issued_for_no_member_who_signed_up(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var real = $"{stage.Name}2";
        var signedUp = await stage.Nobody.PostAsync("/member/signup", new { id = real, password = "a word of my own" });

        // also when a cohort has the id, which does not change whose it is
        var before = await stage.Operator.PostAsync("/admin/tokens", new { prefix = stage.Name, first = 1, count = 3 });
        await stage.Operator.PostAsync(
            "/admin/members", new { prefix = stage.Name, first = 1, count = 3, password = "load test" });
        var after = await stage.Operator.PostAsync("/admin/tokens", new { prefix = stage.Name, first = 2, count = 1 });
        var beside = await stage.Operator.PostAsync("/admin/tokens", new { prefix = stage.Name, first = 3, count = 5 });

        Assert.Equal(HttpStatusCode.Created, signedUp.Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, before.Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, after.Status);
        Assert.Contains(real, after.Text, StringComparison.Ordinal);
        Assert.Equal(5, beside.Data.GetProperty("tokens").GetArrayLength());
    }

    [Theory, BothForms]
    public async Task A_token_is_issued_for_no_operator(Form form)
    {
        var boss = (await hosts.StageAsync(form)).Operator;

        var reply = await boss.PostAsync("/admin/tokens", new { prefix = "operator", first = 1, count = 1 });

        Assert.Equal(HttpStatusCode.OK, reply.Status); // operator1 is another member
        Assert.Equal("FORBIDDEN", (await new Client((await hosts[form]).Url,
            reply.Data.GetProperty("tokens")[0].GetString()).GetAsync("/admin/cluster")).Code);
    }

    [Theory, BothForms]
    public async Task An_id_with_a_token_cannot_be_signed_up_with(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Operator.MembersAsync(stage.Name, 2);

        var signUp = await stage.Nobody.PostAsync(
            "/member/signup", new { id = $"{stage.Name}1", password = "a word of my own" });
        var logIn = await stage.Nobody.PostAsync("/member/login", new { id = $"{stage.Name}1", password = "" });
        var created = await stage.Operator.PostAsync(
            "/admin/members", new { prefix = stage.Name, first = 1, count = 2, password = "load test" });
        var logInLater = await stage.Nobody.PostAsync(
            "/member/login", new { id = $"{stage.Name}1", password = "load test" });

        Assert.Equal(("MEMBER_EXISTS", "BAD_CREDENTIALS"), (signUp.Code, logIn.Code));
        Assert.Equal(2, created.Data.GetProperty("created").GetInt32());
        Assert.Equal(HttpStatusCode.OK, logInLater.Status);
    }

    private static async Task<bool> IsOnAsync(BoxOfficeHost host)
    {
        var boss = await Client.OperatorAsync(host.Url);
        var isOn = (await boss.PostAsync("/admin/tokens", Tokens)).Status == HttpStatusCode.OK;
        Assert.Equal(isOn, (await boss.GetAsync("/admin/cluster")).Data.GetProperty("loadTest").GetBoolean());
        return isOn;
    }
}
