using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Api.RateLimiting;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxOffice.Api.Endpoints;

/// <summary>Signing up, logging in and out, and passwords.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("/member").WithTags("Members").AllowAnonymous();
        members.MapPost("/signup", SignUpAsync).WithSummary("Sign up").WithProblems(409, 422, 429, 503);
        members.MapPost("/login", LogInAsync).WithSummary("Log in").WithProblems(401, 429, 503);
        var mine = routes.MapGroup("/member").WithTags("Members").RequireAuthorization();
        mine.MapPost("/logout", LogOutAsync).WithSummary("Log out: revoke this token").WithProblems(503);
        mine.MapPost("/password", ChangePasswordAsync)
            .WithSummary("Change my password, and revoke all tokens but the one in the answer")
            .WithProblems(422, 429, 503);
        routes.MapPost("/admin/members/{memberId}/revoke", RevokeAsync)
            .WithTags("Operators")
            .RequireAuthorization(AuthorizationPolicies.Operators)
            .WithSummary("Revoke all tokens of a member")
            .WithProblems(403, 404, 503);
    }

    private static async Task<Results<Created<Answer<MemberAnswer>>, Problem>> SignUpAsync(
        Credentials credentials, HttpContext context, AddressLimits limits, PasswordHashingQueue passwords,
        Router router)
    {
        if (!Identifiers.IsMemberId(credentials.Id)) return Problems.InvalidMemberId;
        if (!Passwords.IsStrong(credentials.Password, credentials.Id!)) return Problems.WeakPassword;
        // The program creates the operator's account; before that, no member may take its id.
        if (credentials.Id == OperatorAccount.Id) return Problems.MemberExists;
        // Before a grain is called: a refused call must leave none in memory.
        if (limits.TakeSignUp(context) is { Ticks: > 0 } wait) return Problems.RateLimited(wait);

        var key = MemberKey.Of(credentials.Id!);
        var member = router.For(key).Grains.GetGrain<IMemberGrain>(key);
        if (passwords.IsFullFor(default)) return Problems.LoginBusy();
        if (await member.HasSignedUp()) return Problems.MemberExists; // a taken id costs no hashing
        if (await passwords.HashAsync(credentials.Password!, isLoggedIn: false) is not { } hash)
            return Problems.LoginBusy();
        var status = await member.SignUp(hash, MemberRole.Member);
        return status == SignUpStatus.MemberExists
            ? Problems.MemberExists
            : TypedResults.Created((string?)null, new Answer<MemberAnswer>(new(credentials.Id!)));
    }

    private static async Task<Results<Ok<Answer<TokenAnswer>>, Problem>> LogInAsync(
        Credentials credentials, HttpContext context, Logins logins, Tokens tokens, ApiMetrics metrics)
    {
        var login = await logins.LogInAsync(credentials, context);
        metrics.LoggedIn(login.Refusal?.Code ?? "OK");
        if (login.Refusal is { } refusal) return refusal;
        var (token, expiresAt) = tokens.Issue(credentials.Id!, login.Role, generation: login.Generation);
        return TypedResults.Ok(new Answer<TokenAnswer>(new(token, expiresAt)));
    }

    private static async Task<Results<Ok<Answer<MemberAnswer>>, Problem>> LogOutAsync(
        HttpContext context, Sessions sessions)
    {
        // Authorization has remembered the result.
        if (TokenAuthentication.HolderOf(await context.AuthenticateAsync()) is not { } holder)
            return Problems.Unauthenticated;
        return await sessions.EndAsync(holder) is { } failure
            ? failure
            : TypedResults.Ok(new Answer<MemberAnswer>(new(holder.MemberId)));
    }

    private static async Task<Results<Ok<Answer<TokenAnswer>>, Problem>> ChangePasswordAsync(
        ChangePassword asked, HttpContext context, Logins logins, PasswordHashingQueue passwords, RetryPolicy retry,
        Sessions sessions, Tokens tokens)
    {
        var id = context.MemberId();
        if (!Passwords.IsStrong(asked.New, id)) return Problems.WeakPassword;
        var login = await logins.LogInAsync(new(id, asked.Old), context);
        if (login.Refusal is { } refusal) return refusal;
        if (login.OwnHash is not { } old) return AccountProblems.SharedPassword;
        if (await passwords.HashAsync(asked.New!) is not { } hash) return Problems.LoginBusy();
        var key = MemberKey.Of(id);
        var generation = await retry.AskAsync(key, grains =>
            grains.GetGrain<IMemberGrain>(key).ReplacePassword(old, hash, endsSessions: true));
        if (generation is not { } first) return Problems.BadCredentials; // it was changed meanwhile
        sessions.Apply(id, first);
        var (token, expiresAt) = tokens.Issue(id, login.Role, generation: first);
        return TypedResults.Ok(new Answer<TokenAnswer>(new(token, expiresAt)));
    }

    private static async Task<Results<Ok<Answer<MemberAnswer>>, Problem>> RevokeAsync(
        string memberId, Sessions sessions) =>
        Identifiers.IsMemberId(memberId) && await sessions.EndAllAsync(memberId) is not null
            ? TypedResults.Ok(new Answer<MemberAnswer>(new(memberId)))
            : AccountProblems.MemberNotFound;
}
