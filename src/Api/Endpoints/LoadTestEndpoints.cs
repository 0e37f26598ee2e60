using BoxOffice.Api.Contracts;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// The calls of operators that prepare load tests: there are none unless <see cref="LoadTestMode"/> is on.
/// </summary>
internal static class LoadTestEndpoints
{
    private const string Cohorts = "cohorts"; // the key by which the one grain of all cohorts is routed

    public static void MapLoadTests(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin")
            .WithTags("Operators")
            .RequireAuthorization(AuthorizationPolicies.Operators)
            .WithProblems(403);
        admin.AddEndpointFilter(RequireLoadTestAsync).WithProblems(404, 422, 503);
        admin.MapPost("/members", RegisterAsync).WithSummary("Register members for a load test");
        admin.MapPost("/tokens", IssueTokensAsync).WithSummary("Issue tokens for a load test");
    }

    private static ValueTask<object?> RequireLoadTestAsync(
        EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        call.HttpContext.RequestServices.GetRequiredService<LoadTestMode>().IsOn
            ? next(call)
            : ValueTask.FromResult<object?>(AccountProblems.LoadTestOff);

    private static async Task<Results<Ok<Answer<CreatedAnswer>>, Problem>> RegisterAsync(
        MemberRun run, PasswordHashingQueue passwords, Router router, IOptions<ApiOptions> options)
    {
        var errors = run.Errors(options.Value.BulkCountMax);
        if (!Passwords.IsReadable(run.Password))
            errors["password"] = [$"must be 1 to {Passwords.LengthMax} characters"];
        if (errors.Count > 0) return Problems.ValidationFailed(errors);

        if (await passwords.HashAsync(run.Password!) is not { } hash) return Problems.LoginBusy();
        var result = await router.For(Cohorts).Grains.GetGrain<ICohortGrain>(0)
            .Register(new(run.Prefix ?? "", run.First ?? 1, run.Count, hash));
        return result.IsFull
            ? AccountProblems.TooManyCohorts
            : TypedResults.Ok(new Answer<CreatedAnswer>(new(result.Created)));
    }

    /// <summary>
    /// Only for ids that are a cohort's: with a member's token anyone could cancel the member's tickets.
    /// </summary>
    private static async Task<Results<Ok<Answer<TokensAnswer>>, Problem>> IssueTokensAsync(
        MemberRun run, Tokens tokens, RetryPolicy retry, IOptions<ApiOptions> options)
    {
        var errors = run.Errors(options.Value.BulkCountMax);
        if (errors.Count > 0) return Problems.ValidationFailed(errors);
        var result = await retry.AskAsync(Cohorts, grains =>
            grains.GetGrain<ICohortGrain>(0).RegisterForTokens(run.Prefix ?? "", run.First ?? 1, run.Count));
        if (result.IsFull) return AccountProblems.TooManyCohorts;
        if (result.SignedUp is { } member)
        {
            return Problems.ValidationFailed(new Dictionary<string, string[]>
            { ["prefix"] = [$"{member} signed up: tokens are only for members of load tests"] });
        }
        var issued = Enumerable.Range(run.First ?? 1, run.Count)
            .Select(number => FormattableString.Invariant($"{run.Prefix}{number}"))
            .Select(memberId => tokens.Issue(memberId, MemberRole.Member).Token);
        return TypedResults.Ok(new Answer<TokensAnswer>(new([.. issued])));
    }
}
