using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class PagesTests(Hosts hosts)
{
    private static readonly string[] Files = [.. Directory
        .EnumerateFiles(ProgramProcess.InRepository("src/Api/Pages"), "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(ProgramProcess.InRepository("src/Api/Pages"), path).Replace('\\', '/'))
        .Where(file => !IsForReaders(file))];

    [Theory, BothForms]
    public async Task Every_file_of_the_pages_is_served_with_a_policy_that_lets_nothing_else_in(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);

        foreach (var file in Files)
        {
            var reply = await nobody.GetAsync(AddressOf(file));
            Assert.True(reply.Status == HttpStatusCode.OK, $"{file}: {reply.Status}");
            Assert.Equal(await File.ReadAllTextAsync(ProgramProcess.InRepository($"src/Api/Pages/{file}")), reply.Text);
            Assert.Equal(TypeOf(file), reply.Message.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", reply.Header("Referrer-Policy"));
            Assert.Equal("no-cache", reply.Header("Cache-Control"));
        }
        Assert.Contains("index.html", Files);
        Assert.Contains("admin.html", Files);
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
    public async Task What_is_no_page_is_the_contracts_problem(Form form)
    {
        var nobody = new Client((await hosts[form]).Url);
        (string Path, HttpMethod Method, int Status, string Code)[] cases =
        [
            ("/index", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/index.html", HttpMethod.Get, 404, "NOT_FOUND"), // one address for a page
            ("/assets", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/assets/", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/assets/nothing.js", HttpMethod.Get, 404, "NOT_FOUND"),
            ("/assets/uplot/LICENSE", HttpMethod.Get, 404, "NOT_FOUND"), // for who reads the source
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

        var paths = document.GetProperty("paths").EnumerateObject().Select(one => one.Name).ToList();
        Assert.Contains("/ticket/events", paths);
        Assert.DoesNotContain(paths, path => path == "/" || path.StartsWith("/assets", StringComparison.Ordinal));
    }

    private static bool IsForReaders(string file) => Path.GetFileName(file) is "LICENSE" or "README.md" || file.EndsWith(".d.ts", StringComparison.Ordinal);

    private static string AddressOf(string file) =>
        file == "index.html" ? "/" : "/" + (file.EndsWith(".html", StringComparison.Ordinal) ? file[..^5] : file);

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html",
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"What is {other}?"),
    };
}
