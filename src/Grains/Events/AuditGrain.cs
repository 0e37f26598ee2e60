using System.Data.Common;
using BoxOffice.Grains.Journal;
using Orleans.Concurrency;

namespace BoxOffice.Grains.Events;

/// <summary>Writes and reads the audit log for the front-ends, on any silo that they reach.</summary>
[StatelessWorker, Reentrant, GrainType("audit")]
public sealed class AuditGrain(IAuditLog log) : Grain, IAuditGrain
{
    // As many as would wait some seconds for their connections; what is beyond would time out there.
    private const int CallsMax = 64;

    private int _calls;

    /// <inheritdoc/>
    public Task Append(AuditRecord record) => RunAsync(async () =>
    {
        await log.AppendAsync(record);
        return true;
    });

    /// <inheritdoc/>
    public Task<AuditEntry[]> Read(AuditQuery query) => RunAsync(() => log.ReadAsync(query));

    /// <summary>A failure is "not applied": the same record can be written again without harm.</summary>
    private async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        if (_calls >= CallsMax) throw new BusyException("Too many use the audit log.");
        _calls++;
        try
        {
            return await call();
        }
        catch (Exception e) when (e is DbException or IOException or TimeoutException)
        {
            throw new NotAppliedException($"The audit log cannot be used: {e.Message}");
        }
        finally
        {
            _calls--;
        }
    }
}
