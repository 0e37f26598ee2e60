using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Members;

/// <summary>All revocations in one stored record; those that expired are removed by the next one.</summary>
[GrainType("revocations")]
public sealed class RevocationsGrain(
    [PersistentState("revocations", MemberGrain.Storage)] IPersistentState<RevocationsRecord> record,
    IOptions<BoxOfficeOptions> options,
    TimeProvider time) : Grain, IRevocationsGrain
{
    /// <summary>Single tokens of one member; then all of the member's are revoked instead.</summary>
    public const int TokensOfMemberMax = 8;

    private RevocationNews _stored = new(0, []); // what interleaving calls see: replaced as a whole after each write

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Publish();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<RevocationStatus> Add(Revocation revocation)
    {
        var now = time.GetUtcNow();
        var kept = record.State.All.Where(each => each.Until > now).ToList();
        if (kept.Contains(revocation)) return RevocationStatus.Stored;
        if (revocation.Token is null) kept.RemoveAll(each => each.MemberId == revocation.MemberId);
        else if (kept.Count(each => each.MemberId == revocation.MemberId && each.Token is not null)
            >= TokensOfMemberMax) return RevocationStatus.TooManyOfMember;
        if (kept.Count >= options.Value.RevocationsMax) return RevocationStatus.Full;
        kept.Add(revocation);
        record.State = new() { Version = record.State.Version + 1, All = kept };
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle(); // memory is ahead of the store: forget it
            throw;
        }
        Publish();
        return RevocationStatus.Stored;
    }

    /// <inheritdoc/>
    public Task<RevocationNews> Since(long version)
    {
        var stored = _stored;
        // Each version added one, at the end.
        var count = Math.Clamp(stored.Version - version, 0, stored.Added.Length);
        return Task.FromResult(count == 0
            ? new RevocationNews(stored.Version, [])
            : stored with { Added = stored.Added[^(int)count..] });
    }

    private void Publish() => _stored = new(record.State.Version, [.. record.State.All]);
}

/// <summary>What is stored of all revocations.</summary>
public sealed class RevocationsRecord
{
    /// <summary>How many were ever added.</summary>
    public long Version { get; set; }

    /// <summary>In the order in which they were added.</summary>
    public List<Revocation> All { get; set; } = [];
}
