namespace BoxOffice.Api.Identity;

/// <summary>Authorization policies, for route groups.</summary>
internal static class AuthorizationPolicies
{
    /// <summary>Policy: only operators.</summary>
    public const string Operators = "operators";

    /// <summary>Policy: only operators, who may also log in with HTTP Basic.</summary>
    public const string OperatorsInBrowser = "operators in a browser";

    // Of endpoints that do not say who may call them.
    private const string SignedIn = "signed in";

    public static void AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton<Tokens>();
        services.AddSingleton<VerifiedTokens>();
        services.AddSingleton<Revocations>();
        services.AddSingleton<PasswordHashingQueue>();
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<LoginAdmission>();
        services.AddSingleton<Logins>();
        // The core only: the rest of the framework's authentication serves cookies, and keeps keys in the user's home.
        services.AddTransient<TokenAuthentication>();
        services.AddTransient<BasicAuthentication>();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = TokenAuthentication.Name;
            authentication.AddScheme<TokenAuthentication>(TokenAuthentication.Name, null);
            authentication.AddScheme<BasicAuthentication>(BasicAuthentication.Name, null);
        });
        services.AddAuthorizationBuilder()
            // Closes an endpoint that does not say who may call it. Unknown paths and methods stay 404 and 405.
            .AddFallbackPolicy(SignedIn, policy => policy.RequireAssertion(call =>
                call.User.Identity is { IsAuthenticated: true }
                || (call.Resource as HttpContext)?.GetEndpoint() is not RouteEndpoint))
            .AddPolicy(Operators, policy => policy.RequireRole(nameof(MemberRole.Operator)))
            .AddPolicy(OperatorsInBrowser, policy => policy
                .AddAuthenticationSchemes(BasicAuthentication.Name) // it tries the token, too
                .RequireRole(nameof(MemberRole.Operator)));
    }
}
