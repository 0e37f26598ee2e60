using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class LogTests(Hosts hosts)
{
    private const string Password = "planted password, found by nobody";
    private const string WrongPassword = "planted and wrong, found by nobody";
    private const string MemberId = "planted-member-7291";
    private const string Key = "planted-key-4417";

    [Theory, BothForms]
    public async Task No_log_has_a_password_a_token_a_key_or_a_members_id(Form form)
    {
        await using var host = await hosts.StartAsync(form, ("Logging__LogLevel__BoxOffice", "Trace"));
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync(
            "/admin/events", new { id = "gala", name = "Gala", capacity = 2, maxPerMember = 2, holdSeconds = 600 });
        var nobody = new Client(host.Url);

        await nobody.PostAsync("/member/signup", new { id = MemberId, password = Password });
        await nobody.PostAsync("/member/login", new { id = MemberId, password = WrongPassword });
        var token = (
            await nobody.PostAsync(
                "/member/login",
                new { id = MemberId, password = Password })).Data.GetProperty("accessToken").GetString()!;
        var member = new Client(host.Url, token);
        var reserved = await member.ReserveAsync("gala", key: Key);
        await member.ReserveAsync("gala", key: Key);
        await member.ReserveAsync("gala", 9, Key);
        await member.PostAsync($"/ticket/reservations/{reserved.Data.GetProperty("reservationId")}/confirm");
        await member.GetAsync("/ticket/reservations");
        await member.PostTextAsync("/ticket/reserve/gala", $"{{\"{MemberId}\":\"{Password}\"}}");
        await nobody.PostTextAsync("/member/login", $"{{\"id\":\"{MemberId}\",\"password\":\"{Password}\"");
        await new Client(host.Url, token[..^3]).ReserveAsync("gala");
        if (host.Silo is { } silo)
        {
            await silo.KillAsync(); // now there are failures to log
            await member.ReserveAsync("gala", key: Key);
            await nobody.PostAsync("/member/login", new { id = MemberId, password = Password });
        }
        await host.Api.StopAsync();

        var logs = host.Api.Output + host.Silo?.Output;
        string[] secrets =
        [
            Password, WrongPassword, MemberId, Key, token, token.Split('.')[2], BoxOfficeHost.OperatorPassword,
            BoxOfficeHost.TokenKey,
        ];
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, logs, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("BoxOffice is open at", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("/ticket/reserve/gala", logs, StringComparison.Ordinal); // nothing for each request
    }
}
