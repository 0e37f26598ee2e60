using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed partial class PagesTests(Hosts hosts)
{
    private static readonly string[] Addresses = ["/", "/admin", "/docs"];

    [Theory, BothForms]
    public async Task A_page_lets_in_its_own_style_and_scripts_of_the_same_origin_and_nothing_else(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);

        foreach (var address in Addresses)
        {
            var page = await nobody.GetAsync(address);
            Assert.Equal("text/html", page.Message.Content.Headers.ContentType?.MediaType);
            var style = SHA256.HashData(Encoding.UTF8.GetBytes(StylePattern().Match(page.Text).Groups[1].Value));
            Assert.StartsWith(
                $"default-src 'none'; script-src 'self'; style-src 'sha256-{Convert.ToBase64String(style)}'; img-src "
                    + "data:; "
                + "connect-src 'self';",
                page.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        }
    }

    [Theory, BothForms]
    public async Task A_page_is_asked_for_each_time_and_its_script_never_again(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);

        foreach (var address in Addresses)
        {
            var page = await nobody.GetAsync(address);
            var script = await nobody.GetAsync(ScriptOf(page));
            Assert.Equal("no-cache", page.Header("Cache-Control"));
            Assert.NotNull(page.Header("ETag"));
            Assert.Equal("public, max-age=31536000, immutable", script.Header("Cache-Control"));
            Assert.Equal("text/javascript", script.Message.Content.Headers.ContentType?.MediaType);
            Assert.Equal("nosniff", script.Header("X-Content-Type-Options"));
            // The address names the content: another content has another address.
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Text)));
            Assert.Contains($"-{hash[..16]}.js", ScriptOf(page), StringComparison.Ordinal);
        }
    }

    [Theory, BothForms]
    public async Task Every_file_of_the_pages_is_sent_compressed_to_clients_that_accept_it(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);

        foreach (var address in Addresses)
        {
            foreach (var file in new[] { address, ScriptOf(await nobody.GetAsync(address)) })
            {
                var plain = await nobody.GetAsync(file);
                Assert.Empty(plain.Message.Content.Headers.ContentEncoding);
                foreach (var (accepted, encoding) in Compressed.Cases)
                {
                    var reply = await nobody.GetAsync(file, ("Accept-Encoding", accepted));
                    Assert.Equal((file, accepted, encoding), (file, accepted, Compressed.EncodingOf(reply)));
                    Assert.Equal(plain.Text, await Compressed.TextOfAsync(reply));
                    Assert.Equal("Accept-Encoding", reply.Header("Vary"));
                }
            }
        }
    }

    [Theory, BothForms]
    public async Task A_script_of_another_version_is_answered_with_this_one_and_not_kept(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);
        var script = ScriptOf(await nobody.GetAsync("/"));
        var other = Regex.Replace(script, "-[0-9a-f]{16}", "-0123456789abcdef");

        var reply = await nobody.GetAsync(other);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Null(reply.Header("ETag"));
        Assert.Equal((await nobody.GetAsync(script)).Text, reply.Text);
    }

    [Theory, BothForms]
    public async Task A_page_that_did_not_change_is_not_sent_again(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);
        var tag = (await nobody.GetAsync("/")).Header("ETag")!;

        var again = await nobody.GetAsync("/", ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        Assert.Empty(again.Text);
        Assert.Equal("nosniff", again.Header("X-Content-Type-Options"));
    }

    [Theory, BothForms]
    public async Task An_unknown_path_is_a_problem_of_the_contract(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);
        (string Path, HttpMethod Method, int Status, string Code)[] cases =
        [
            ("/index", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/index.html", HttpMethod.Get, 404, "NOT_FOUND"), // one address for a page
            ("/assets", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/assets/", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/assets/nothing.js", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/assets/buyer/main.js", HttpMethod.Get, 404, "NOT_FOUND"), // a part of the script
            ("/pages.json", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/admin.html", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/assets/..%2f..%2fappsettings.json", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/appsettings.json", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/", HttpMethod.Post, 405, "METHOD_NOT_ALLOWED"),
        ];

        foreach (var (path, method, status, code) in cases)
        {
            var reply = await nobody.SendAsync(method, path, null);
            Assert.Equal((path, status, code), (path, (int)reply.Status, reply.Code));
            Assert.Equal("application/problem+json", reply.Message.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory, BothForms]
    public async Task A_page_is_no_part_of_the_documented_contract(Form form)
    {
        var document = (await new Client((await hosts[form]).Url).GetAsync("/openapi/v1.json")).Body;

        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/ticket/events", paths);
        Assert.DoesNotContain(
            paths, path => path is "/" or "/docs" || path.StartsWith("/assets", StringComparison.Ordinal));
    }

    private static string ScriptOf(Reply page) => ScriptPattern().Match(page.Text).Groups[1].Value;

    [GeneratedRegex("""<script type="module" src="([^"]+)"></script>""")]
    private static partial Regex ScriptPattern();

    [GeneratedRegex("<style>(.*)</style>", RegexOptions.Singleline)]
    private static partial Regex StylePattern();
}
