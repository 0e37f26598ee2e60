using System.Net;
using System.Text;
using System.Text.Json;
using BoxOffice.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace BoxOffice.Api.Tests;

/// <summary>The audit log: who did what, when and from where.</summary>
public sealed class AuditTests(Hosts hosts)
{
    private const string NewPassword = "another house, open tomorrow";

    [Theory, BothForms]
    public async Task Each_call_that_changes_something_leaves_an_entry(Form form)
    {
        await using var host = await hosts.StartAsync(form);
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 2 });
        var calls = await ChangesAsync(host.Url);
        var missing = new List<string>();

        foreach (var (method, path, id) in calls)
        {
            var before = await NewestAsync(boss);
            var content = new StringContent("{}", Encoding.UTF8, "application/json");
            var reply = await boss.SendAsync(method, path, content);
            var after = await boss.GetAsync($"/admin/audit?order=oldest&after={before}");
            var found = after.Data.EnumerateArray().ToArray();
            var isThere = found is [var entry] && Of(entry, "action") == JsonNamingPolicy.SnakeCaseUpper.ConvertName(id)
                && Of(entry, "actor") == "operator" && Of(entry, "address") == "127.0.0.1"
                && Of(entry, "outcome") == (reply.Code ?? "DONE");
            if (!isThere) missing.Add($"{method} {path}: {reply}: {after.Text}");
        }

        Assert.NotEmpty(calls);
        Assert.Empty(missing);
    }

    [Theory, BothForms]
    public async Task An_entry_says_what_was_asked_for_and_has_no_secret(Form form)
    {
        await using var host = await hosts.StartAsync(form);
        var boss = await Client.OperatorAsync(host.Url);
        var opened = new { id = "gala", name = "Gala", capacity = 2, opensAt = "2030-01-01T00:00:00+09:00" };
        await boss.PostAsync("/admin/events", opened);
        await boss.PatchAsync("/admin/events/gala", new { capacity = 5, opensAt = (string?)null });
        await boss.PatchAsync("/admin/events/other", new { capacity = 5 });
        await boss.GetAsync("/admin/events/gala/reservations?format=csv");
        await boss.GetAsync("/admin/events/gala/journal");
        await boss.GetAsync("/admin/events/gala/timing");
        await boss.PostAsync("/admin/members", new { prefix = "fan", count = 3, password = NewPassword });
        var issued = await boss.PostAsync("/admin/tokens", new { prefix = "fan", first = 2, count = 1 });
        await boss.PostAsync("/admin/members/fan1/revoke");
        var changed = await boss.PostAsync(
            "/member/password", new { old = BoxOfficeHost.OperatorPassword, @new = NewPassword });
        var log = await boss.As(changed.Data.GetProperty("accessToken").GetString()!).GetAsync("/admin/audit");

        string[] expected =
        [
            "CHANGE_PASSWORD  DONE {}",
            "REVOKE_MEMBER fan1 DONE {}",
            """ISSUE_TOKENS fan DONE {"first":"2","count":"1"}""",
            """REGISTER_MEMBERS fan DONE {"count":"3"}""",
            "STREAM_JOURNAL gala DONE {}",
            "EXPORT_RESERVATIONS gala DONE {}",
            """CHANGE_EVENT other EVENT_NOT_FOUND {"capacity":"5"}""",
            """CHANGE_EVENT gala DONE {"capacity":"5","remove":"opensAt"}""",
            """OPEN_EVENT gala DONE {"name":"Gala","capacity":"2","opensAt":"2029-12-31T15:00:00Z"}""",
            "LOG_IN  DONE {}",
        ];
        Assert.Equal(expected, log.Data.EnumerateArray().Select(Line));
        string[] secrets =
        [
            BoxOfficeHost.OperatorPassword, NewPassword, boss.Token!,
            issued.Data.GetProperty("tokens")[0].GetString()!, changed.Data.GetProperty("accessToken").GetString()!,
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log.Text, StringComparison.Ordinal));
    }

    [Theory, BothForms]
    public async Task A_wrong_password_and_a_missing_right_leave_an_entry(Form form)
    {
        await using var host = await hosts.StartAsync(form);
        var boss = await Client.OperatorAsync(host.Url);
        var nobody = new Client(host.Url);
        var member = (await boss.MembersAsync("fan", 1))[0];
        await nobody.PostAsync("/member/login", new { id = "operator", password = "planted and wrong" });
        await nobody.GetAsync("/admin/dashboard/", Basic("operator", "planted and wrong"));
        await nobody.GetAsync("/admin/dashboard/", Basic("fan1", "planted and wrong"));
        await nobody.PostAsync("/member/login", new { id = "fan1", password = "planted and wrong" });
        await nobody.GetAsync("/admin/cluster");
        await member.PostAsync("/admin/events/gala%0A%E2%80%AEfake/pause");
        await member.ReserveAsync("gala");

        string[] expected =
        [
            "operator LOG_IN  BAD_CREDENTIALS", " GET_CLUSTER  UNAUTHENTICATED",
            "fan1 PAUSE_EVENT gala\uFFFD\uFFFDfake FORBIDDEN",
        ];
        var text = "";
        await Wait.UntilAsync("what was refused is in the log", async () =>
        {
            var log = await boss.GetAsync("/admin/audit");
            text = log.Text;
            var lines = log.Data.EnumerateArray().Select(entry => $"{Of(entry, "actor")} {Of(entry, "action")} "
                + $"{Of(entry, "target")} {Of(entry, "outcome")}").ToArray();
            return expected.All(lines.Contains) && lines.Count(line => line.Contains("DASHBOARD")) == 1;
        });
        Assert.Contains("\"count\":\"2\"", text, StringComparison.Ordinal); // operator's two
        Assert.DoesNotContain("planted", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_refused_calls_adds_a_few_entries_that_count_it()
    {
        const int Calls = 400;
        await using var host = await hosts.StartAsync(Form.Embedded, ("AuditRefusalsMax", "3"));
        var nobody = new Client(host.Url);
        string[] paths =
            ["cluster", "audit", "rehearsals", "events/a/journal", "events/a/reconcile", "events/a/timing"];
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(
            i => nobody.GetAsync($"/admin/{paths[i % paths.Length]}")));

        await host.StartAgainAsync(); // the rest is recorded at the end
        var boss = await Client.OperatorAsync(host.Url);
        var log = (await boss.GetAsync("/admin/audit?limit=1000")).Data.EnumerateArray()
            .Where(entry => Of(entry, "action") != "LOG_IN").ToArray();

        Assert.InRange(log.Length, 4, 2 * 4);
        Assert.Equal(Calls, log.Sum(CountOf));
        Assert.Contains(log, entry => Of(entry, "outcome") == "MANY");
    }

    [Theory, BothForms]
    public async Task A_change_that_cannot_be_recorded_is_not_carried_out(Form form)
    {
        await using var host = await hosts.StartAsync(form, ("ResponseTimeout", "00:00:01"));
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 2 });
        await ExecuteAsync(host, "ALTER TABLE operator_audit RENAME TO elsewhere");

        var refused = await boss.PostAsync("/admin/events/gala/pause");
        var export = await boss.GetAsync("/admin/events/gala/reservations");
        var logIn = await new Client(host.Url).PostAsync(
            "/member/login", new { id = "operator", password = BoxOfficeHost.OperatorPassword });
        var state = (await boss.GetAsync("/ticket/events/gala")).Data.GetProperty("state").GetString();
        await ExecuteAsync(host, "ALTER TABLE elsewhere RENAME TO operator_audit");
        var done = await boss.PostAsync("/admin/events/gala/pause");

        Assert.Equal(("BUSY", "BUSY", "BUSY", "OPEN"), (refused.Code, export.Code, logIn.Code, state));
        Assert.Equal(HttpStatusCode.OK, done.Status);
    }

    [Theory, BothForms]
    public async Task Entries_cannot_be_changed_or_deleted(Form form)
    {
        await using var host = await hosts.StartAsync(form);
        await Client.OperatorAsync(host.Url);
        string[] statements =
        [
            "UPDATE operator_audit SET actor = 'ann'", "DELETE FROM operator_audit",
            .. form == Form.Cluster ? ["TRUNCATE operator_audit"] : (string[])[],
        ];

        foreach (var sql in statements)
        {
            var refusal = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => ExecuteAsync(host, sql));
            Assert.Contains("operator_audit is append-only", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory, BothForms]
    public async Task The_log_is_read_in_pages_and_by_actor_and_action(Form form)
    {
        await using var host = await hosts.StartAsync(form);
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 2 });
        for (var i = 0; i < 3; i++) await boss.PostAsync("/admin/events/gala/pause");

        var newest = Actions(await boss.GetAsync("/admin/audit?limit=2"));
        var last = (await boss.GetAsync("/admin/audit?limit=2")).Data[1].GetProperty("id").GetInt64();
        var next = Actions(await boss.GetAsync($"/admin/audit?limit=2&after={last}"));
        var end = Actions(await boss.GetAsync($"/admin/audit?order=oldest&after={last}"));
        var opened = Actions(await boss.GetAsync("/admin/audit?actor=operator&action=OPEN_EVENT"));
        var others = Actions(await boss.GetAsync("/admin/audit?actor=ann"));
        var member = (await boss.MembersAsync("fan", 1))[0];
        var badLimit = await boss.GetAsync("/admin/audit?limit=1001");
        var badOrder = await boss.GetAsync("/admin/audit?order=up");

        Assert.Equal(["PAUSE_EVENT", "PAUSE_EVENT"], newest);
        Assert.Equal(["PAUSE_EVENT", "OPEN_EVENT"], next);
        Assert.Equal(["PAUSE_EVENT"], end);
        Assert.Equal(["OPEN_EVENT"], opened);
        Assert.Empty(others);
        Assert.Equal(("VALIDATION_FAILED", "VALIDATION_FAILED"), (badLimit.Code, badOrder.Code));
        Assert.Equal("FORBIDDEN", (await member.GetAsync("/admin/audit")).Code);
    }

    /// <summary>Operators' calls of the document that change something, with made-up ids.</summary>
    private static async Task<List<(HttpMethod Method, string Path, string Id)>> ChangesAsync(Uri url)
    {
        var document = (await new Client(url).GetAsync("/openapi/v1.json")).Body;
        return [
            .. from path in document.GetProperty("paths").EnumerateObject()
               where path.Name.StartsWith("/admin/", StringComparison.Ordinal)
               from operation in path.Value.EnumerateObject()
               where operation.Name is not ("get" or "parameters")
               select (HttpMethod.Parse(operation.Name),
                   path.Name.Replace("{eventId}", "gala", StringComparison.Ordinal)
                       .Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal),
                   operation.Value.GetProperty("operationId").GetString()!),
        ];
    }

    private static async Task<long> NewestAsync(Client boss) =>
        (await boss.GetAsync("/admin/audit?limit=1")).Data[0].GetProperty("id").GetInt64();

    private static string?[] Actions(Reply page) =>
        [.. page.Data.EnumerateArray().Select(entry => Of(entry, "action"))];

    private static string Line(JsonElement entry) =>
        $"{Of(entry, "action")} {Of(entry, "target")} {Of(entry, "outcome")} {entry.GetProperty("detail")}";

    private static string? Of(JsonElement entry, string name) => entry.GetProperty(name).GetString();

    private static int CountOf(JsonElement entry) =>
        entry.GetProperty("detail").TryGetProperty("count", out var count) ? int.Parse(count.GetString()!, null) : 1;

    private static (string, string) Basic(string id, string password) =>
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{password}")));

    private static async Task ExecuteAsync(BoxOfficeHost host, string sql)
    {
        if (host.ConnectionString is { } connectionString)
        {
            await using var database = NpgsqlDataSource.Create(connectionString);
            await using var statement = database.CreateCommand(sql);
            await statement.ExecuteNonQueryAsync();
            return;
        }
        await using var file = new SqliteConnection($"Data Source={host.StoreDirectory}/journal.db;Pooling=False");
        await file.OpenAsync();
        await using var command = new SqliteCommand(sql, file);
        await command.ExecuteNonQueryAsync();
    }
}
