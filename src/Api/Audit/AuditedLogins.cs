using BitFaster.Caching.Lru;
using Microsoft.AspNetCore.Authorization;

namespace BoxOffice.Api.Audit;

/// <summary>Records logins of operators.</summary>
internal sealed class AuditedLogins(OperatorAudit audit, RefusedActs refused, TimeProvider time)
{
    private const string Action = "LOG_IN";

    // Of those who log in with each request, as Prometheus and the Dashboard do, one login an hour is recorded.
    private const int RemindedMax = 1_000;
    private static readonly TimeSpan RemindedFor = TimeSpan.FromHours(1);

    private static readonly object NotedKey = new();

    private readonly ConcurrentLru<AuditAct, DateTimeOffset> _reminded = new(RemindedMax);

    /// <summary>
    /// Records one. A good one is stored before the operator gets in, and throws when it cannot be; of bad ones see
    /// <see cref="RefusedActs"/>.
    /// </summary>
    public async Task WriteAsync(HttpContext context, string actor, string outcome)
    {
        // A change of the password is recorded as such, with this outcome.
        if (AuditedEndpoint.ActOf(context) is not null) return;
        context.Items[NotedKey] = true;
        var act = OperatorAudit.ActOf(context, actor, Action, outcome);
        if (outcome != OperatorAudit.Done)
        {
            refused.Note(act);
            return;
        }
        var isWithRequest = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null;
        if (isWithRequest && WasRecorded(act)) return;
        await audit.WriteEndedAsync(act);
        if (isWithRequest) _reminded.AddOrUpdate(act, time.GetUtcNow() + RemindedFor);
    }

    /// <summary>Whether this request's login was recorded: its refusal needs no second record.</summary>
    public static bool IsNoted(HttpContext context) => context.Items.ContainsKey(NotedKey);

    private bool WasRecorded(AuditAct act) => _reminded.TryGet(act, out var until) && time.GetUtcNow() < until;
}
