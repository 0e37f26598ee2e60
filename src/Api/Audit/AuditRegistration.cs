using Microsoft.AspNetCore.Authorization;

namespace BoxOffice.Api.Audit;

/// <summary>Registers the audit log.</summary>
internal static class AuditRegistration
{
    public static void AddOperatorAudit(this IServiceCollection services)
    {
        services.AddSingleton<OperatorAudit>();
        services.AddSingleton<RefusedActs>();
        services.AddHostedService(provider => provider.GetRequiredService<RefusedActs>());
        services.AddSingleton<AuditedLogins>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuditedAuthorization>();
    }
}
