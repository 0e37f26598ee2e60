using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxOffice.Api.Endpoints;

/// <summary>Signing up and logging in.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("/member").WithTags("Members").AllowAnonymous();
        members.MapPost("/signup", SignUpAsync).WithSummary("Sign up").WithProblems(409, 422, 503);
        members.MapPost("/login", LogInAsync).WithSummary("Log in").WithProblems(401, 429, 503);
    }

    private static async Task<Results<Created<Answer<MemberAnswer>>, Problem>> SignUpAsync(
        Credentials credentials, PasswordHashingQueue passwords, Router router)
    {
        if (!Identifiers.IsMemberId(credentials.Id)) return Problems.InvalidMemberId;
        if (!Passwords.IsStrong(credentials.Password, credentials.Id!)) return Problems.WeakPassword;
        // The program creates the operator's account; before that, no member may take its id.
        if (credentials.Id == OperatorAccount.Id) return Problems.MemberExists;

        var key = MemberKey.Of(credentials.Id!);
        var member = router.For(key).Grains.GetGrain<IMemberGrain>(key);
        if (passwords.IsFull) return Problems.LoginBusy();
        if (await member.HasSignedUp()) return Problems.MemberExists; // a taken id costs no hashing
        if (await passwords.HashAsync(credentials.Password!) is not { } hash) return Problems.LoginBusy();
        var status = await member.SignUp(hash, MemberRole.Member);
        return status == SignUpStatus.MemberExists
            ? Problems.MemberExists
            : TypedResults.Created((string?)null, new Answer<MemberAnswer>(new(credentials.Id!)));
    }

    private static async Task<Results<Ok<Answer<TokenAnswer>>, Problem>> LogInAsync(
        Credentials credentials, HttpContext context, Logins logins, Tokens tokens, ApiMetrics metrics)
    {
        var login = await logins.LogInAsync(credentials, FailedLogins.AddressOf(context));
        metrics.LoggedIn(login.Refusal?.Code ?? "OK");
        if (login.Refusal is { } refusal) return refusal;
        var (token, expiresAt) = tokens.Issue(credentials.Id!, login.Role);
        return TypedResults.Ok(new Answer<TokenAnswer>(new(token, expiresAt)));
    }
}
