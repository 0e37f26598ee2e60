using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>Tokens that end before they expire.</summary>
public sealed class SessionTests(Hosts hosts)
{
    private const string Password = "a word of my own";

    [Theory, BothForms]
    public async Task A_logout_ends_its_token_and_no_other(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10);
        var (phone, desk) = (await SignedUpAsync(stage), await LoggedInAsync(stage, Password));

        var logout = await phone.PostAsync("/member/logout");

        Assert.Equal(HttpStatusCode.OK, logout.Status);
        Assert.Equal("UNAUTHENTICATED", (await phone.ReserveAsync(stage.EventId)).Code);
        Assert.Equal(HttpStatusCode.OK, (await desk.ReserveAsync(stage.EventId)).Status);
        Assert.Equal("UNAUTHENTICATED", (await phone.PostAsync("/member/logout")).Code);
        Assert.Equal("UNAUTHENTICATED", (await stage.Nobody.PostAsync("/member/logout")).Code);
    }

    [Theory, BothForms]
    public async Task Many_logouts_of_one_member_end_all_tokens_of_that_member(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var first = await SignedUpAsync(stage);
        for (var i = 0; i < 9; i++) await (await LoggedInAsync(stage, Password)).PostAsync("/member/logout");

        Assert.Equal("UNAUTHENTICATED", (await first.GetAsync("/ticket/reservations")).Code);
        Assert.Equal(
            HttpStatusCode.OK, (await (await LoggedInAsync(stage, Password)).GetAsync("/ticket/reservations")).Status);
    }

    [Theory, BothForms]
    public async Task A_new_password_ends_all_tokens_but_the_one_in_the_answer(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var member = await SignedUpAsync(stage);

        var wrong = await member.PostAsync("/member/password", new { old = "another word", @new = "a better word" });
        var weak = await member.PostAsync("/member/password", new { old = Password, @new = "password" });
        var changed = await member.PostAsync("/member/password", new { old = Password, @new = "a better word" });

        Assert.Equal(("BAD_CREDENTIALS", "WEAK_PASSWORD"), (wrong.Code, weak.Code));
        var url = (await hosts[form]).Url;
        var next = new Client(url, changed.Data.GetProperty("accessToken").GetString());
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("/ticket/reservations")).Status);
        Assert.Equal("UNAUTHENTICATED", (await member.GetAsync("/ticket/reservations")).Code);
        Assert.Equal("BAD_CREDENTIALS", (await stage.Nobody.PostAsync(
            "/member/login", new { id = stage.Name, password = Password })).Code);
        Assert.NotNull((await LoggedInAsync(stage, "a better word")).Token);
    }

    [Theory, BothForms]
    public async Task An_operator_ends_all_tokens_of_a_member_also_one_of_a_load_test(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var (member, fan) = (await SignedUpAsync(stage), await stage.MemberAsync());

        var revoked = await stage.Operator.PostAsync($"/admin/members/{stage.Name}/revoke");
        var ofFan = await stage.Operator.PostAsync($"/admin/members/{stage.Name}-solo1/revoke");
        var unknown = await stage.Operator.PostAsync("/admin/members/no-such-member/revoke");
        var byMember = await fan.PostAsync($"/admin/members/{stage.Name}/revoke");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (revoked.Status, ofFan.Status));
        Assert.Equal("MEMBER_NOT_FOUND", unknown.Code);
        Assert.Equal("UNAUTHENTICATED", byMember.Code);
        Assert.Equal("UNAUTHENTICATED", (await member.GetAsync("/ticket/reservations")).Code);
        Assert.NotNull((await LoggedInAsync(stage, Password)).Token);
    }

    [Theory, BothForms]
    public async Task A_revoked_token_stays_revoked_after_a_restart(Form form)
    {
        await using var host = await hosts.StartAsync(form);
        var nobody = new Client(host.Url);
        var ann = new { id = "ann", password = Password };
        await nobody.PostAsync("/member/signup", ann);
        var login = await nobody.PostAsync("/member/login", ann);
        var member = new Client(host.Url, login.Data.GetProperty("accessToken").GetString());
        await (await Client.OperatorAsync(host.Url)).PostAsync("/admin/members/ann/revoke");

        await host.StartAgainAsync();

        Assert.Equal("UNAUTHENTICATED", (await member.ReserveAsync("1")).Code);
        Assert.Equal(HttpStatusCode.OK, (await nobody.PostAsync("/member/login", ann)).Status);
    }

    private static async Task<Client> SignedUpAsync(Stage stage)
    {
        await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Password });
        return await LoggedInAsync(stage, Password);
    }

    private static async Task<Client> LoggedInAsync(Stage stage, string password)
    {
        var login = await stage.Nobody.PostAsync("/member/login", new { id = stage.Name, password });
        return stage.Nobody.As(login.Data.GetProperty("accessToken").GetString()!);
    }
}
