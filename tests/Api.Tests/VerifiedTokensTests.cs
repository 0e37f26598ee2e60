using BoxOffice.Api.Identity;
using BoxOffice.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Tests;

public sealed class VerifiedTokensTests
{
    private static readonly DateTimeOffset Later = TimeProvider.System.GetUtcNow().AddHours(1);

    [Fact]
    public async Task With_too_many_tokens_the_least_recently_used_are_evicted_and_the_others_stay()
    {
        const int Max = 100;
        const int UnusedCount = 20;
        using var tokens = new VerifiedTokens(Options.Create(new ApiOptions { TokensRememberedMax = Max }));
        for (var i = 0; i < Max; i++) tokens.Remember($"token{i}", AuthenticateResult.NoResult(), Later);
        for (var i = UnusedCount; i < Max; i++) Assert.NotNull(_ = tokens.Find($"token{i}"));

        await Wait.UntilAsync("there is room for another", () =>
        {
            tokens.Remember("another", AuthenticateResult.NoResult(), Later);
            return Task.FromResult(tokens.Find("another") is not null);
        });

        Assert.Contains(Enumerable.Range(0, UnusedCount), i => tokens.Find($"token{i}") is null);
        Assert.All(Enumerable.Range(UnusedCount, Max - UnusedCount), i => Assert.NotNull(tokens.Find($"token{i}")));
    }
}
