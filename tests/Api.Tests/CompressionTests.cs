using System.Net;
using BoxOffice.Api.Contracts;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class CompressionTests(Hosts hosts)
{
    private static readonly (string, string) Browser = ("Accept-Encoding", "gzip, deflate, br, zstd");

    [Theory, BothForms]
    public async Task Lists_are_compressed_and_say_the_same(Form form)
    {
        var url = (await hosts[form]).Url;
        var boss = await Client.OperatorAsync(url);
        var member = (await boss.MembersAsync("compressed", 1))[0];
        for (var i = 0; i < 16; i++)
        {
            await boss.PostAsync("/admin/events", new { id = $"compressed-{i}", name = "Compressed", capacity = 10 });
            Assert.Equal(HttpStatusCode.OK, (await member.ReserveAsync($"compressed-{i}")).Status);
        }
        (Client Who, string Path)[] cases =
        [
            (boss, "/ticket/events?after=compressed-&limit=16"),
            (member, "/ticket/reservations"),
        ];

        foreach (var (who, path) in cases)
        {
            var plain = await who.GetAsync(path);
            Assert.True(plain.Text.Length > EncodedContent.CompressedBytesMin, path);
            foreach (var (accepted, encoding) in Compressed.Cases)
            {
                var reply = await who.GetAsync(path, ("Accept-Encoding", accepted));
                Assert.Equal((path, accepted, encoding), (path, accepted, Compressed.EncodingOf(reply)));
                Assert.Equal(plain.Text, await Compressed.TextOfAsync(reply));
                Assert.Equal("Accept-Encoding", reply.Header("Vary"));
                Assert.Equal("application/json", reply.Message.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    [Theory, BothForms]
    public async Task Exports_and_journals_are_compressed_on_the_way(Form form)
    {
        var boss = await Client.OperatorAsync((await hosts[form]).Url);
        await boss.PostAsync("/admin/events", new { id = "exported", name = "Exported", capacity = 10 });
        await (await boss.MembersAsync("exported", 1))[0].ReserveAsync("exported");

        foreach (var path in new[] { "journal", "reservations", "reservations?format=csv" })
        {
            var plain = await boss.GetAsync($"/admin/events/exported/{path}");
            var reply = await boss.GetAsync($"/admin/events/exported/{path}", Browser);
            Assert.Equal((path, "br"), (path, Compressed.EncodingOf(reply)));
            Assert.Equal(plain.Text, await Compressed.TextOfAsync(reply));
        }
    }

    [Theory, BothForms]
    public async Task What_contains_a_secret_or_is_short_or_never_ends_is_not_compressed(Form form)
    {
        var url = (await hosts[form]).Url;
        var boss = await Client.OperatorAsync(url);
        await boss.PostAsync("/admin/events", new { id = "one", name = "One", capacity = 10 });
        await boss.PostAsync("/member/signup", new { id = "plain1", password = "see you at the show" });

        var login = await boss.SendAsync(HttpMethod.Post, "/member/login",
            System.Net.Http.Json.JsonContent.Create(new { id = "plain1", password = "see you at the show" }), Browser);
        var tokens = await boss.SendAsync(HttpMethod.Post, "/admin/tokens",
            System.Net.Http.Json.JsonContent.Create(new { prefix = "plain-token", first = 1, count = 100 }), Browser);
        var one = await boss.GetAsync("/ticket/events/one", Browser);
        using var http = new HttpClient();
        using var watch = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/ticket/events/one/stream"));
        watch.Headers.TryAddWithoutValidation(Browser.Item1, Browser.Item2);
        using var stream = await http.SendAsync(watch, HttpCompletionOption.ResponseHeadersRead);

        Assert.NotNull(login.Data.GetProperty("accessToken").GetString());
        Assert.Equal(100, tokens.Data.GetProperty("tokens").GetArrayLength());
        Assert.Equal("One", one.Data.GetProperty("name").GetString());
        Assert.Empty(stream.Content.Headers.ContentEncoding);
    }
}
