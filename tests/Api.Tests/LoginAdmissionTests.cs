using BoxOffice.Api.Identity;
using BoxOffice.Testing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Tests;

public sealed class LoginAdmissionTests
{
    private const string Home = "192.0.2.1";

    [Fact]
    public async Task While_no_password_can_wait_some_unknown_callers_are_asked_for_and_all_known_ones()
    {
        using var passwords = new PasswordHashingQueue(Options.Create(new ApiOptions
        {
            PasswordIterations = 5_000_000, // seconds
            PasswordQueueMax = 1,
            PasswordWorkers = 1,
        }));
        using var admission = new LoginAdmission(passwords);
        admission.Add("member-ann", Home);
        _ = passwords.VerifyAsync(null, "is hashed");
        await Wait.UntilAsync("a worker took it", () => Task.FromResult(passwords.WaitingCount == 0));
        Assert.All(Enumerable.Range(0, 500), number => Assert.True(admission.Admits("member-bob", $"10.0.0.{number}")));

        _ = passwords.VerifyAsync(null, "waits");

        var asked = Enumerable.Range(0, 1_000).Count(number => admission.Admits("member-ann", $"10.0.0.{number}"));
        Assert.InRange(asked, 100, 300); // a hundred a second
        Assert.True(admission.Admits("member-ann", Home));
        Assert.True(admission.Admits("member-operator", "10.0.0.1"));
        _ = passwords.VerifyAsync(null, "waits at home", new(IsKnown: true));
        Assert.False(admission.Admits("member-ann", Home));
    }
}
