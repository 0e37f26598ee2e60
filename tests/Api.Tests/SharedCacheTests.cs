using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>A shared cache that does not know x-access-token, in front of the program.</summary>
public sealed class SharedCacheTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task No_caller_gets_the_answer_of_another_from_a_shared_cache(Form form)
    {
        await using var host = await hosts.StartAsync(
            form, ("Metrics", "true"), ("MetricsPort", $"{ProgramProcess.FreePort()}"));
        var stage = new Stage(host.Url, await Client.OperatorAsync(host.Url), "cached");
        await using var cache = await Varnish.StartAsync(stage.Url);
        await stage.OpenAsync(capacity: 10);
        var members = (await stage.MembersAsync(2)).Select(member => member.At(cache.Url)).ToArray();
        var (boss, nobody) = (stage.Operator.At(cache.Url), new Client(cache.Url));
        var reservations = new List<string>();
        foreach (var member in members)
            reservations.Add((await member.ReserveAsync(stage.EventId)).Data.GetProperty("reservationId").GetString()!);

        foreach (var path in new[] { "/ticket/reservations", $"/ticket/reservations/{reservations[0]}" })
        {
            Assert.Contains(reservations[0], (await members[0].GetAsync(path)).Text, StringComparison.Ordinal);
            Assert.DoesNotContain(reservations[0], (await members[1].GetAsync(path)).Text, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(path)).Status);
        }
        string[] exports =
        [
            $"/admin/events/{stage.EventId}/reservations", $"/admin/events/{stage.EventId}/reservations?format=csv",
            $"/admin/events/{stage.EventId}/journal", "/admin/rehearsals", "/admin/dashboard/", "/admin/metrics",
        ];
        foreach (var path in exports)
        {
            Assert.Equal((path, HttpStatusCode.OK), (path, (await boss.GetAsync(path)).Status));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await members[0].GetAsync(path)).Status));
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, (await nobody.GetAsync(path)).Status));
        }
        Assert.Equal(8, (await nobody.GetAsync($"/ticket/events/{stage.EventId}")).Data
            .GetProperty("available").GetInt32());
        await members[0].PostAsync($"/ticket/reservations/{reservations[0]}/cancel");
        Assert.Equal(9, (await nobody.GetAsync($"/ticket/events/{stage.EventId}")).Data
            .GetProperty("available").GetInt32());
    }
}
