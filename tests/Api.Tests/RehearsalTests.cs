using System.Net;
using System.Text.Json;
using BoxOffice.Api.Identity;
using BoxOffice.Testing;
using Microsoft.Extensions.Options;
using static BoxOffice.Api.Tests.Rehearsals;

namespace BoxOffice.Api.Tests;

/// <summary>Rehearsals. One runs at a time: these tests follow each other.</summary>
public sealed class RehearsalTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task An_order_out_of_bounds_is_rejected_before_anything_begins(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 2);
        var path = $"/admin/events/{stage.EventId}/rehearse";
        (object Order, string Field)[] cases =
        [
            (new { }, "buyers"), (new { buyers = 0 }, "buyers"), (new { buyers = 20_001 }, "buyers"),
            (new { buyers = 1, rampSeconds = -1 }, "rampSeconds"),
            (new { buyers = 1, rampSeconds = 601 }, "rampSeconds"),
            (new { buyers = 1, patienceSeconds = 0 }, "patienceSeconds"),
            (new { buyers = 1, patienceSeconds = 121 }, "patienceSeconds"),
            (new { buyers = 1, quantity = 0 }, "quantity"), (new { buyers = 1, quantity = 3 }, "quantity"),
        ];

        foreach (var (order, field) in cases)
        {
            var reply = await stage.Operator.PostAsync(path, order);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "VALIDATION_FAILED"), (reply.Status, reply.Code));
            Assert.True(reply.Body.GetProperty("errors").TryGetProperty(field, out _), $"{field} in {reply.Text}");
        }
        var elsewhere = await stage.Operator.PostAsync(path, new { buyers = 1, url = "http://192.0.2.7" });
        Assert.Equal("INVALID_REQUEST", elsewhere.Code);
        foreach (var nowhere in new[] { "nowhere", RehearsalCopy.EventOf("r1") })
            Assert.Equal(
                "EVENT_NOT_FOUND",
                (await stage.Operator.PostAsync($"/admin/events/{nowhere}/rehearse", new { buyers = 1 })).Code);
        Reply[] unknowns =
        [
            await stage.Operator.GetAsync("/admin/rehearsals/r1"),
            await stage.Operator.PostAsync("/admin/rehearsals/r1/stop"),
            await stage.Operator.GetAsync("/admin/rehearsals/r1/report"),
        ];
        foreach (var unknown in unknowns)
            Assert.Equal((HttpStatusCode.NotFound, "REHEARSAL_NOT_FOUND"), (unknown.Status, unknown.Code));
    }

    [Theory, BothForms]
    public async Task A_rehearsal_sells_each_ticket_of_the_copy_once_and_none_of_the_event(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 50, opensAt: TimeProvider.System.GetUtcNow().AddHours(1));
        await stage.Operator.PostAsync($"/admin/events/{stage.EventId}/pause");
        var before = (await stage.NumbersAsync()).GetRawText();

        var begun = await stage.Operator.PostAsync(
            $"/admin/events/{stage.EventId}/rehearse", new { buyers = 300, rampSeconds = 0 });
        var ended = await EndedAsync(stage.Operator, begun);
        var page = await stage.Nobody.GetAsync($"{begun.Header("Location")}/report", Basic);
        var list = (await stage.Operator.GetAsync("/admin/rehearsals")).Data.GetProperty("rehearsals")[0];

        Assert.Equal(
            (HttpStatusCode.Accepted, "PREPARING"), (begun.Status, begun.Data.GetProperty("state").GetString()));
        Assert.Equal($"/admin/rehearsals/{begun.Data.GetProperty("id").GetString()}", begun.Header("Location"));
        Assert.Equal(
            """{"buyers":300,"rampSeconds":0,"patienceSeconds":30,"quantity":1}""",
            begun.Data.GetProperty("order").GetRawText());
        Assert.Equal(
            ("DONE", stage.EventId, "A night", 50),
            (Text(ended, "state"), Text(ended, "eventId"), Text(ended, "eventName"), Number(ended, "capacity")));
        var report = ended.GetProperty("report");
        Assert.True(report.GetProperty("exact").GetBoolean(), report.GetProperty("notExact").GetRawText());
        Assert.Equal(
            (50, 0, 0, 0, 0),
            (Number(report, "sold"), Number(report, "unsold"), Number(report, "gaveUp"), Number(report, "failed"),
                Number(report, "acknowledgedButMissing")));
        Assert.Equal("""{"SOLD_OUT":250}""", report.GetProperty("refused").GetRawText());
        Assert.Equal(
            (50, 250, 300),
            (Number(report.GetProperty("latency").GetProperty("accepted"), "count"),
                Number(report.GetProperty("latency").GetProperty("refused"), "count"),
                Number(report.GetProperty("latency").GetProperty("all"), "count")));
        Assert.Equal(300, report.GetProperty("curve").EnumerateArray().Sum(second => Number(second, "arrived")));
        Assert.True(
            Number(report.GetProperty("stages")[4], "count") >= 300,
            "every call of the crowd was measured where it was served");
        var progress = ended.GetProperty("progress");
        Assert.Equal(
            (300, 50, 250, 0, 0),
            (Number(progress, "arrived"), Number(progress, "accepted"), Number(progress, "refused"),
                Number(progress, "waiting"), Number(progress, "available")));

        Assert.Equal(
            (HttpStatusCode.OK, "text/html"), (page.Status, page.Message.Content.Headers.ContentType?.MediaType));
        Assert.Contains("50 of 50 tickets sold", page.Text, StringComparison.Ordinal);
        Assert.StartsWith(
            "default-src 'none'; style-src 'sha256-", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(
            (JsonValueKind.Null, true),
            (list.GetProperty("report").ValueKind, list.GetProperty("hasReport").GetBoolean()));

        Assert.Equal(before, (await stage.NumbersAsync()).GetRawText());
        // opened and paused only
        Assert.Equal(1, Number(await stage.ReconcileAsync(), "headSequence") - 1);
        var events = (await stage.Nobody.GetAsync("/ticket/events")).Data
            .EnumerateArray()
            .Select(rehearsal => Text(rehearsal, "id")!);
        Assert.DoesNotContain(events, RehearsalCopy.Is);
    }

    [Fact]
    public async Task A_hold_is_confirmed_and_its_copy_is_sold_not_held()
    {
        var stage = await hosts.StageAsync(Form.Embedded);
        await stage.OpenAsync(capacity: 40, maxPerMember: 2, holdSeconds: 600);

        var ended = await EndedAsync(
            stage.Operator,
            await stage.Operator.PostAsync(
                $"/admin/events/{stage.EventId}/rehearse", new { buyers = 60, rampSeconds = 0, quantity = 2 }));

        var report = ended.GetProperty("report");
        Assert.True(report.GetProperty("exact").GetBoolean(), report.GetProperty("notExact").GetRawText());
        Assert.Equal(
            (40, 0, 40),
            (Number(report.GetProperty("reconciliation"), "confirmed"),
                Number(report.GetProperty("reconciliation"), "held"), Number(report, "sold")));
        Assert.Equal(40, report.GetProperty("refused").EnumerateObject().Sum(code => code.Value.GetInt32()));
    }

    [Theory, BothForms]
    public async Task One_runs_at_a_time_and_can_be_stopped_and_has_no_report_then(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1_000);
        var begun = await stage.Operator.PostAsync(
            $"/admin/events/{stage.EventId}/rehearse", new { buyers = 600, rampSeconds = 600 });
        var path = begun.Header("Location")!;
        await RunningAsync(stage.Operator, path);

        var second = await stage.Operator.PostAsync($"/admin/events/{stage.EventId}/rehearse", new { buyers = 1 });
        var early = await stage.Operator.GetAsync($"{path}/report");
        var real = await (await stage.MemberAsync()).ReserveAsync(
            RehearsalCopy.EventOf(begun.Data.GetProperty("id").GetString()!));
        var stop = await stage.Operator.PostAsync($"{path}/stop");
        var ended = await EndedAsync(stage.Operator, begun);
        var again = await stage.Operator.PostAsync($"{path}/stop");
        var late = await stage.Operator.GetAsync($"{path}/report");

        Assert.Equal(
            (HttpStatusCode.Conflict, "REHEARSAL_RUNNING", begun.Data.GetProperty("id").GetString()),
            (second.Status, second.Code, Text(second.Body, "rehearsalId")));
        Assert.Equal((HttpStatusCode.Conflict, "REHEARSAL_RUNNING"), (early.Status, early.Code));
        // the crowd's members only
        Assert.Equal((HttpStatusCode.NotFound, "EVENT_NOT_FOUND"), (real.Status, real.Code));
        Assert.Equal(HttpStatusCode.OK, stop.Status);
        Assert.Equal(
            ("STOPPED", JsonValueKind.Null, false),
            (Text(ended, "state"), ended.GetProperty("problem").ValueKind,
                ended.GetProperty("hasReport").GetBoolean()));
        Assert.Equal((HttpStatusCode.OK, ended.GetRawText()), (again.Status, again.Data.GetRawText()));
        Assert.Equal((HttpStatusCode.NotFound, "REPORT_NOT_FOUND"), (late.Status, late.Code));
    }

    [Fact]
    public async Task A_rehearsal_that_loses_a_process_fails_with_the_reason_and_leaves_nothing_behind()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 1_000 });
        await (await boss.MembersAsync("ann", 1))[0].ReserveAsync("gala");

        var first = await boss.PostAsync("/admin/events/gala/rehearse", new { buyers = 6_000, rampSeconds = 600 });
        await RunningAsync(boss, first.Header("Location")!);
        Signal.Send(Assert.Single(host.Api.Children()), Signal.Kill);
        var failed = await EndedAsync(boss, first);
        var leftByTheFirst = Count(host, "rehearsal_journal");

        var second = await boss.PostAsync("/admin/events/gala/rehearse", new { buyers = 6_000, rampSeconds = 600 });
        await RunningAsync(boss, second.Header("Location")!);
        var crowd = Assert.Single(host.Api.Children());
        host.Api.Send(Signal.Kill); // the front-end only: the crowd must notice and end by itself
        await host.Api.ExitAsync();
        await Wait.UntilAsync("the crowd has gone", () => Task.FromResult(!Directory.Exists($"/proc/{crowd}")));
        var leftByTheSecond = Count(host, "rehearsal_journal");
        await host.StartAsync();
        boss = await Client.OperatorAsync(host.Url);
        var lost = await EndedAsync(boss, second);
        await Wait.UntilAsync(
            "what it left is taken away", () => Task.FromResult(Count(host, "rehearsal_journal") == 0));
        var third = await boss.PostAsync("/admin/events/gala/rehearse", new { buyers = 6_000, rampSeconds = 600 });
        await RunningAsync(boss, third.Header("Location")!);
        await host.StopAsync();
        var leftByTheThird = Count(host, "rehearsal_journal");
        await host.StartAsync();
        boss = await Client.OperatorAsync(host.Url);
        var stopped = await EndedAsync(boss, third);
        var fourth = await EndedAsync(
            boss, await boss.PostAsync("/admin/events/gala/rehearse", new { buyers = 10, rampSeconds = 0 }));

        Assert.Equal(
            ("FAILED", "The crowd's process ended with code 137 before its result."),
            (Text(failed, "state"), Text(failed, "problem")));
        Assert.Equal(("FAILED", "The process that ran it ended."), (Text(lost, "state"), Text(lost, "problem")));
        Assert.Equal(
            ("FAILED", "The front-end that ran it was stopped."), (Text(stopped, "state"), Text(stopped, "problem")));
        Assert.Equal("DONE", Text(fourth, "state"));
        Assert.Equal((0, 0), (leftByTheFirst, leftByTheThird));
        Assert.True(leftByTheSecond > 1, "the copy had sold something when the front-end died");
        Assert.Equal(
            (0, 0, 2),
            (Count(host, "rehearsal_journal"), Count(host, "member_event", "event_id <> 'gala'"),
                Count(host, "reservation_journal", "event_id = 'gala' AND kind <> 9")));
        Assert.Equal(0, Count(host, "reservation_journal", "event_id LIKE 'rehearsal%'"));
    }

    [Theory, BothForms]
    public async Task A_member_of_a_crowd_buys_nothing_real_and_nobody_can_become_one(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10);
        var tokens = new Tokens(
            new(BoxOfficeHost.TokenKey, null), Options.Create(new ApiOptions()), TimeProvider.System);
        var crowd = new Client(stage.Url, tokens.Issue(RehearsalCopy.MemberOf(1), MemberRole.Member).Token);

        var known = await crowd.GetAsync("/ticket/reservations");
        var real = await crowd.ReserveAsync(stage.EventId);
        var prefix = await stage.Operator.PostAsync(
            "/admin/tokens", new { prefix = "rehearsal~", first = 1, count = 1 });
        var signUp = await stage.Nobody.PostAsync(
            "/member/signup", new { id = RehearsalCopy.MemberOf(1), password = "see you at the show" });
        var open = await stage.Operator.PostAsync(
            "/admin/events", new { id = RehearsalCopy.EventOf("r1"), name = "Mine", capacity = 1 });

        Assert.Equal(HttpStatusCode.OK, known.Status);
        Assert.Equal((HttpStatusCode.NotFound, "EVENT_NOT_FOUND"), (real.Status, real.Code));
        Assert.Equal(
            ("VALIDATION_FAILED", "INVALID_MEMBER_ID", "VALIDATION_FAILED"), (prefix.Code, signUp.Code, open.Code));
    }
}
