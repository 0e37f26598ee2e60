using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class TokenTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task A_bearer_token_is_equal_to_the_header_of_our_own(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var token = (await stage.MemberAsync()).Token!;

        Assert.Equal(
            HttpStatusCode.OK, (await stage.Nobody.GetAsync("/ticket/reservations", ("x-access-token", token))).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await stage.Nobody.GetAsync("/ticket/reservations", ("Authorization", $"Bearer {token}"))).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await stage.Nobody.GetAsync(
                "/ticket/reservations", ("Authorization", $"bearer {token}"), ("x-access-token", token))).Status);
    }

    [Theory, BothForms]
    public async Task Two_different_tokens_are_none(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var members = await stage.MembersAsync(2);

        await AssertRefusedAsync(
            stage, ("x-access-token", members[0].Token!), ("Authorization", $"Bearer {members[1].Token}"));
    }

    [Theory, BothForms]
    public async Task No_token_and_nonsense_are_unauthenticated(Form form)
    {
        var stage = await hosts.StageAsync(form);

        await AssertRefusedAsync(stage);
        foreach (var token in new[] { "x", "a.b.c", "....", new string('t', 10_000) })
            await AssertRefusedAsync(stage, ("x-access-token", token));
    }

    [Theory, BothForms]
    public async Task A_forged_token_is_unauthenticated_and_only_a_forged_one(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var real = (await stage.MemberAsync()).Token!;
        var (header, claims) = (Part(real, 0), Part(real, 1));
        var keyId = JsonDocument.Parse(header).RootElement.GetProperty("kid").GetString();
        var inAnHour = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();

        // Control: signed with the right key, the same header and claims are accepted.
        Assert.Equal(
            HttpStatusCode.OK,
            (await stage.Nobody.GetAsync("/ticket/reservations", ("x-access-token", Sign(header, claims)))).Status);

        await RefusedAsync("tampered", real[..^4] + (real[^4] == 'A' ? "B" : "A") + real[^3..]);
        await RefusedAsync(
            "another member",
            Forge(header, claims.Replace("solo1", "solo2", StringComparison.Ordinal), real.Split('.')[2]));
        await RefusedAsync(
            "an operator",
            Forge(header, claims.Replace("\"member\"", "\"operator\"", StringComparison.Ordinal), real.Split('.')[2]));
        await RefusedAsync("another key", Sign(header, claims, key: "another key, of a length that would be enough"));
        await RefusedAsync("unsigned", Forge(Header("none", "JWT", keyId), claims, ""));
        await RefusedAsync("signed as HS512", Sign(Header("HS512", "JWT", keyId), claims, hash: HMACSHA512.HashData));
        await RefusedAsync("an unknown key's id", Sign(Header("HS256", "JWT", "0000000000000000"), claims));
        await RefusedAsync("no key's id", Sign("""{"alg":"HS256","typ":"JWT"}""", claims));
        await RefusedAsync("another kind of token", Sign(Header("HS256", "at+jwt", keyId), claims));
        await RefusedAsync("expired", Sign(header, With(claims, "exp", inAnHour - 7_200)));
        await RefusedAsync("not yet valid", Sign(header, With(claims, "nbf", inAnHour)));
        await RefusedAsync(
            "another audience",
            Sign(header, claims.Replace("\"aud\":\"boxoffice\"", "\"aud\":\"elsewhere\"", StringComparison.Ordinal)));
        await RefusedAsync(
            "another issuer",
            Sign(header, claims.Replace("\"iss\":\"boxoffice\"", "\"iss\":\"elsewhere\"", StringComparison.Ordinal)));

        async Task RefusedAsync(string what, string token)
        {
            Assert.True(token != real, what);
            await AssertRefusedAsync(stage, ("x-access-token", token));
        }
    }

    [Theory, BothForms]
    public async Task Every_operator_call_refuses_members_and_unauthenticated_callers(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var member = await stage.MemberAsync();
        var document = (await stage.Nobody.GetAsync("/openapi/v1.json")).Body;

        var admin = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/admin", StringComparison.Ordinal))
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(verb =>
                        (Method: new HttpMethod(verb.Name.ToUpperInvariant()),
                            Path: path.Name.Replace("{eventId}", "1", StringComparison.Ordinal))))
            .ToList();

        Assert.Equal(19, admin.Count);
        foreach (var (method, path) in admin)
        {
            var asMember = await member.SendAsync(method, path, null);
            var asStranger = await stage.Nobody.SendAsync(method, path, null);
            Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN", path), (asMember.Status, asMember.Code, path));
            Assert.Equal(
                (HttpStatusCode.Unauthorized, "UNAUTHENTICATED", path), (asStranger.Status, asStranger.Code, path));
        }
    }

    private static async Task AssertRefusedAsync(Stage stage, params (string Name, string Value)[] headers)
    {
        var reply = await stage.Nobody.GetAsync("/ticket/reservations", headers);
        Assert.Equal((HttpStatusCode.Unauthorized, "UNAUTHENTICATED"), (reply.Status, reply.Code));
    }

    private static string With(string claims, string name, long value)
    {
        var all = JsonSerializer.Deserialize<Dictionary<string, object>>(claims)!;
        all[name] = value;
        return JsonSerializer.Serialize(all);
    }

    private static string Part(string token, int index) =>
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[index]));

    private static string Header(string algorithm, string type, string? keyId) =>
        $$"""{"alg":"{{algorithm}}","typ":"{{type}}","kid":"{{keyId}}"}""";

    private static string Forge(string header, string claims, string signature) =>
        $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}.{signature}";

    private static string Sign(
        string header, string claims, string key = BoxOfficeHost.TokenKey, Func<byte[], byte[], byte[]>? hash = null)
    {
        var signed = Forge(header, claims, "")[..^1];
        var signature = (hash ?? HMACSHA256.HashData)(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed));
        return $"{signed}.{Encode(signature)}";
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
