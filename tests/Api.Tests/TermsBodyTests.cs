using System.Net;
using System.Text.Json;

namespace BoxOffice.Api.Tests;

/// <summary>Bodies as generated clients write them.</summary>
public sealed class TermsBodyTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task A_moment_is_removed_by_its_name(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var now = TimeProvider.System.GetUtcNow();
        await stage.OpenAsync(capacity: 3, opensAt: now.AddHours(1), closesAt: now.AddHours(2));

        var removed = await stage.Operator.PatchAsync(
            $"/admin/events/{stage.EventId}", new { remove = new[] { "opensAt" } });

        Assert.Equal(JsonValueKind.Null, removed.Data.GetProperty("opensAt").ValueKind);
        Assert.Equal(JsonValueKind.String, removed.Data.GetProperty("closesAt").ValueKind);
        Assert.Equal("OPEN", removed.Data.GetProperty("state").GetString());
    }

    [Theory, BothForms]
    public async Task A_moment_cannot_be_set_and_removed_in_one_change(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 3);

        var both = await stage.Operator.PatchAsync($"/admin/events/{stage.EventId}", new
        {
            capacity = 5,
            closesAt = TimeProvider.System.GetUtcNow().AddHours(1),
            remove = new[] { "closesAt" },
        });
        var other = await stage.Operator.PatchAsync(
            $"/admin/events/{stage.EventId}", new { remove = new[] { "capacity" } });

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "VALIDATION_FAILED"), (both.Status, both.Code));
        Assert.True(both.Body.GetProperty("errors").TryGetProperty("closesAt", out _));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST"), (other.Status, other.Code));
        Assert.Equal(3, (await stage.NumbersAsync()).GetProperty("capacity").GetInt32()); // nothing was changed
    }

    [Theory, BothForms]
    public async Task Null_for_what_has_a_default_is_the_default(Form form)
    {
        var stage = await hosts.StageAsync(form);

        var opened = await stage.Operator.PostAsync("/admin/events",
            new { name = "A night", capacity = 3, maxPerMember = (int?)null, holdSeconds = (int?)null });

        Assert.Equal(HttpStatusCode.Created, opened.Status);
        Assert.Equal(
            (1, 0),
            (opened.Data.GetProperty("maxPerMember").GetInt32(), opened.Data.GetProperty("holdSeconds").GetInt32()));
    }
}
