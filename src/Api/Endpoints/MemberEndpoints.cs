using BoxOffice.Api.Identity;
using BoxOffice.Api.Wire;
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
        Credentials credentials, PasswordLane lane, IGrainFactory grains)
    {
        if (!Identifiers.IsMemberId(credentials.Id)) return Problems.InvalidMemberId;
        if (!Passwords.IsStrong(credentials.Password, credentials.Id!)) return Problems.WeakPassword;
        // The operator's account is made by the program; until then nobody else may take its name.
        if (credentials.Id == OperatorAccount.Id) return Problems.MemberExists;

        var member = grains.GetGrain<IMemberGrain>(MemberKey.Of(credentials.Id!));
        if (lane.IsFull) return Problems.LoginBusy();
        if (await member.HasSignedUp()) return Problems.MemberExists; // no hashing for an id that is taken
        if (await lane.HashAsync(credentials.Password!) is not { } hash) return Problems.LoginBusy();
        var status = await member.SignUp(hash, MemberRole.Member);
        return status == SignUpStatus.MemberExists
            ? Problems.MemberExists
            : TypedResults.Created((string?)null, new Answer<MemberAnswer>(new(credentials.Id!)));
    }

    private static async Task<Results<Ok<Answer<TokenAnswer>>, Problem>> LogInAsync(
        Credentials credentials, HttpContext context, PasswordLane lane, FailedLogins failedLogins, Tokens tokens, IGrainFactory grains)
    {
        // An id or a password that cannot be right is a wrong one: the answer tells nothing.
        if (!Identifiers.IsMemberId(credentials.Id) || credentials.Password is not { Length: > 0 and <= Passwords.LengthMax })
            return Problems.BadCredentials;
        var address = FailedLogins.AddressOf(context);
        if (failedLogins.RetryAfter(address) is { Ticks: > 0 } wait) return Problems.TooManyAttempts(wait);

        if (lane.IsFull) return Problems.LoginBusy();

        var member = grains.GetGrain<IMemberGrain>(MemberKey.Of(credentials.Id!));
        var attempt = await member.BeginLogin(address);
        if (attempt.RetryAfter > TimeSpan.Zero) return Problems.TooManyAttempts(attempt.RetryAfter);
        if (await lane.VerifyAsync(attempt.PasswordHash, credentials.Password) is not { } isRight) return Problems.LoginBusy();
        await member.EndLogin(address, isRight);
        if (!isRight)
        {
            failedLogins.Count(address);
            return Problems.BadCredentials;
        }
        var (token, expiresAt) = tokens.Issue(credentials.Id!, attempt.Role);
        return TypedResults.Ok(new Answer<TokenAnswer>(new(token, expiresAt)));
    }
}
