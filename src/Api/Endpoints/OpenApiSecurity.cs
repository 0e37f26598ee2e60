using BoxOffice.Api.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace BoxOffice.Api.Endpoints;

/// <summary>How callers say who they are.</summary>
internal static class OpenApiSecurity
{
    private const string Bearer = "Bearer";
    private const string Basic = "Basic";

    public static Dictionary<string, IOpenApiSecurityScheme> Schemes() => new()
    {
        [TokenAuthentication.Header] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = TokenAuthentication.Header,
            Description = "The `accessToken` of `POST /member/login`.",
        },
        [Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The same token, as `Authorization: Bearer …`.",
        },
        [Basic] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "basic",
            Description = "An operator's id and password, for what a browser opens by itself.",
        },
    };

    /// <summary>The schemes of an operation, each of which is enough; none for a public one.</summary>
    public static List<OpenApiSecurityRequirement> Of(
        IReadOnlyList<IAuthorizeData> rules, Microsoft.OpenApi.OpenApiDocument? document)
    {
        if (rules.Count == 0) return [];
        string[] names = rules.Any(rule => rule.Policy == AuthorizationPolicies.OperatorsInBrowser)
            ? [TokenAuthentication.Header, Bearer, Basic]
            : [TokenAuthentication.Header, Bearer];
        return [.. names.Select(name => new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(name, document)] = [],
        })];
    }
}
