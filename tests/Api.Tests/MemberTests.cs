using System.Net;

namespace BoxOffice.Api.Tests;

public sealed class MemberTests(Hosts hosts)
{
    private const string Password = "see you at the show";

    [Theory, BothForms]
    public async Task A_member_signs_up_logs_in_and_reserves(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);

        var signedUp = await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Password });
        var loggedIn = await stage.Nobody.PostAsync("/member/login", new { id = stage.Name, password = Password });
        var member = new Testing.Client(stage.Url, loggedIn.Data.GetProperty("accessToken").GetString());
        var reserved = await member.ReserveAsync(stage.EventId);

        Assert.Equal(
            (HttpStatusCode.Created, stage.Name), (signedUp.Status, signedUp.Data.GetProperty("id").GetString()));
        Assert.True(loggedIn.Data.GetProperty("expiresAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, reserved.Status);
    }

    [Theory, BothForms]
    public async Task An_id_that_is_taken_is_refused_and_the_password_stays(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Password });

        var reply = await stage.Nobody.PostAsync(
            "/member/signup", new { id = stage.Name, password = "another password" });

        Assert.Equal((HttpStatusCode.Conflict, "MEMBER_EXISTS"), (reply.Status, reply.Code));
        Assert.Equal(
            HttpStatusCode.OK,
            (await stage.Nobody.PostAsync("/member/login", new { id = stage.Name, password = Password })).Status);
    }

    [Theory, BothForms]
    public async Task Ids_that_look_like_numbers_are_members_of_their_own(Form form)
    {
        // Orleans' storage reads keys such as these as numbers; without the prefix they would share a row.
        var stage = await hosts.StageAsync(form);
        var ids = new[] { "e1", "0e1", "00e1" };

        foreach (var id in ids)
            await stage.Nobody.PostAsync("/member/signup", new { id, password = $"the password of {id}" });

        foreach (var id in ids)
            Assert.Equal(
                HttpStatusCode.OK,
                (await stage.Nobody.PostAsync("/member/login", new { id, password = $"the password of {id}" })).Status);
    }

    [Theory, BothForms]
    public async Task The_operators_id_cannot_sign_up(Form form)
    {
        var stage = await hosts.StageAsync(form);

        Assert.Equal(
            "MEMBER_EXISTS",
            (await stage.Nobody.PostAsync("/member/signup", new { id = "operator", password = Password })).Code);
    }

    [Theory, BothForms]
    public async Task An_id_out_of_form_is_invalid(Form form)
    {
        var stage = await hosts.StageAsync(form);

        foreach (var id in new[] { "", " ", "a b", new string('m', 65), "ann\n", "안녕", null })
        {
            var reply = await stage.Nobody.PostAsync("/member/signup", new { id, password = Password });
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "INVALID_MEMBER_ID"), (reply.Status, reply.Code));
        }
    }

    [Theory, BothForms]
    public async Task A_password_that_is_easily_guessed_is_weak(Form form)
    {
        var stage = await hosts.StageAsync(form);

        string?[] passwords =
            ["", "short", "password", "12345678", new string('p', 257), $"{stage.Name}-longer", null];
        foreach (var password in passwords)
        {
            var reply = await stage.Nobody.PostAsync("/member/signup", new { id = $"{stage.Name}-longer", password });
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "WEAK_PASSWORD"), (reply.Status, reply.Code));
        }
    }

    [Theory, BothForms]
    public async Task An_unknown_member_and_a_wrong_password_get_the_same_answer(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Password });

        var wrong = await stage.Nobody.PostAsync(
            "/member/login", new { id = stage.Name, password = "not the password" });
        var unknown = await stage.Nobody.PostAsync(
            "/member/login", new { id = stage.Name + "x", password = "not the password" });
        var impossible = await stage.Nobody.PostAsync(
            "/member/login", new { id = "no such id!", password = "not the password" });

        Assert.Equal((HttpStatusCode.Unauthorized, "BAD_CREDENTIALS"), (wrong.Status, wrong.Code));
        Assert.Equal(WithoutTrace(wrong), WithoutTrace(unknown));
        Assert.Equal(WithoutTrace(wrong), WithoutTrace(impossible));

        static string WithoutTrace(Testing.Reply reply) =>
            reply.Text.Replace(reply.Body.GetProperty("traceId").GetString()!, "", StringComparison.Ordinal);
    }

    [Theory, BothForms]
    public async Task Guessing_is_slowed_down_and_the_answer_has_the_wait(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Password });

        for (var i = 0; i < 5; i++)
            await stage.Nobody.PostAsync("/member/login", new { id = stage.Name, password = "guess" });
        var slowed = await stage.Nobody.PostAsync("/member/login", new { id = stage.Name, password = Password });
        await Testing.Wait.UntilAsync("the right password is let through", async () =>
            (await stage.Nobody.PostAsync(
                "/member/login", new { id = stage.Name, password = Password })).Status == HttpStatusCode.OK);

        Assert.Equal(((HttpStatusCode)429, "TOO_MANY_ATTEMPTS"), (slowed.Status, slowed.Code));
        Assert.InRange(slowed.Body.GetProperty("retryAfterMs").GetInt64(), 1, 1_000);
        Assert.NotNull(slowed.Header("Retry-After"));
    }

    [Theory, BothForms]
    public async Task A_body_that_cannot_be_read_is_an_invalid_request(Form form)
    {
        var stage = await hosts.StageAsync(form);

        foreach (var path in new[] { "/member/signup", "/member/login" })
        {
            string[] bodies =
            [
                "", "null", "[]", "{", """{"id":1,"password":"x"}""", """{"id":"a","password":"b","role":"OPERATOR"}""",
            ];
            foreach (var json in bodies)
            {
                var reply = await stage.Nobody.PostTextAsync(path, json);
                Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST", json), (reply.Status, reply.Code, json));
            }
            Assert.Equal("UNSUPPORTED_MEDIA_TYPE", (await stage.Nobody.PostTextAsync(path, "id=a", "text/plain")).Code);
        }
    }
}
