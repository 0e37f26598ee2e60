using System.Net;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Audit;

/// <summary>
/// Writes the audit log. A change by an operator is recorded before it is carried out, and refused when that fails;
/// its outcome is a second record. Why: docs/decisions/0013-audit-before-the-act.md.
/// </summary>
internal sealed partial class OperatorAudit(RetryPolicy retry, ILogger<OperatorAudit> logger)
{
    /// <summary>The outcome of what was carried out; others are codes of problems.</summary>
    public const string Done = "DONE";

    private const string Key = "audit"; // for routing: any silo can write

    private static readonly string[] Targets = ["eventId", "memberId", "rehearsalId"];

    /// <summary>Records what an operator is about to do. Throws when it cannot be stored.</summary>
    /// <param name="context">The call.</param>
    /// <param name="action">What is asked for.</param>
    /// <param name="body">What the call's body says of it.</param>
    public async Task<AuditRecord> BeginAsync(HttpContext context, string action, IAuditedBody? body)
    {
        var target = TargetOf(context);
        var record = new AuditRecord(
            NewCallId(), IsEnd: false, AuditText.Clean(context.User.Identity?.Name), action,
            target.Length > 0 ? target : AuditText.Clean(body?.Target), AddressOf(context), Outcome: null,
            AuditText.Write(body?.Detail ?? []));
        await WriteAsync(record);
        return record;
    }

    /// <summary>
    /// Records how it ended. When that cannot be stored the entry stays without an outcome: the call was carried out,
    /// and is answered so.
    /// </summary>
    public async Task EndAsync(AuditRecord begun, string outcome)
    {
        try
        {
            await WriteAsync(begun with { IsEnd = true, Outcome = outcome, Detail = null });
        }
        catch (Exception e)
        {
            LogLostOutcome(e, begun.Action, begun.Target, outcome);
        }
    }

    /// <summary>Records what has ended already, such as a login. Throws when it cannot be stored.</summary>
    public Task WriteEndedAsync(AuditAct act, params KeyValuePair<string, string?>[] detail) => WriteAsync(new(
        NewCallId(), IsEnd: false, act.Actor, act.Action, act.Target, act.Address, act.Outcome,
        AuditText.Write(detail)));

    /// <summary>An act that ended with its call.</summary>
    public static AuditAct ActOf(HttpContext context, string actor, string action, string outcome) =>
        new(AuditText.Clean(actor), action, TargetOf(context), AddressOf(context), outcome);

    private static string TargetOf(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var named = Targets.Select(name => values[name] as string);
        return AuditText.Clean(named.FirstOrDefault(value => value is not null));
    }

    private static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private static string NewCallId() => Guid.CreateVersion7().ToString();

    private async Task WriteAsync(AuditRecord record) => await retry.AskAsync(Key, async grains =>
    {
        await grains.GetGrain<IAuditGrain>(0).Append(record);
        return true;
    });

    [LoggerMessage(Level = LogLevel.Error, Message =
        "The outcome of an operator's {Action} {Target} is not in the audit log, which could not be written: "
        + "{Outcome}")]
    private partial void LogLostOutcome(Exception exception, string action, string target, string outcome);
}

/// <summary>What was asked for, by which actor, from where, and its outcome.</summary>
/// <param name="Actor">Empty when it is not known.</param>
/// <param name="Action">In upper snake case.</param>
/// <param name="Target">Empty for none.</param>
/// <param name="Address">The caller's network address.</param>
/// <param name="Outcome">DONE, or the code of a problem.</param>
internal readonly record struct AuditAct(string Actor, string Action, string Target, string Address, string Outcome);
