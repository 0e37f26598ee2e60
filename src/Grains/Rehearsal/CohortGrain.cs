using System.Globalization;
using BoxOffice.Grains.Members;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Rehearsal;

/// <summary>All cohorts of members. Ten thousand members for a load test are one small record here.</summary>
[GrainType("cohort")]
public sealed class CohortGrain(
    [PersistentState("cohorts", MemberGrain.Storage)] IPersistentState<CohortRecord> record,
    IOptions<BoxOfficeOptions> options) : Grain, ICohortGrain
{
    private const int AskedAtOnce = 256; // members asked in parallel whether they have signed up themselves

    /// <inheritdoc/>
    public async Task<CohortResult> Register(Cohort cohort)
    {
        var newIds = Enumerable.Range(cohort.First, cohort.Count)
            .Select(n => IdOf(cohort, n)).Where(id => Find(id) is null).ToList();
        if (newIds.Count == 0) return new(IsFull: false, Created: 0);
        if (record.State.Cohorts.Count >= options.Value.CohortsMax) return new(IsFull: true, Created: 0);

        var created = await CountNotSignedUpAsync(newIds);
        record.State.Cohorts.Add(cohort);
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle(); // memory is ahead of the store: forget it
            throw;
        }
        return new(IsFull: false, created);
    }

    /// <inheritdoc/>
    public Task<string?> PasswordHashOf(string memberId) => Task.FromResult(Find(memberId)?.PasswordHash);

    private Cohort? Find(string memberId) => record.State.Cohorts.Find(cohort => Contains(cohort, memberId));

    private async Task<int> CountNotSignedUpAsync(List<string> ids)
    {
        var count = 0;
        foreach (var some in ids.Chunk(AskedAtOnce))
        {
            var signedUp = await Task.WhenAll(
                some.Select(id => GrainFactory.GetGrain<IMemberGrain>(MemberKey.Of(id)).HasSignedUp()));
            count += signedUp.Count(has => !has);
        }
        return count;
    }

    private static string IdOf(Cohort cohort, int number) =>
        cohort.Prefix + number.ToString(CultureInfo.InvariantCulture);

    private static bool Contains(Cohort cohort, string memberId) =>
        memberId.StartsWith(cohort.Prefix, StringComparison.Ordinal)
        && int.TryParse(
            memberId.AsSpan(cohort.Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= cohort.First && number - cohort.First < cohort.Count
        && IdOf(cohort, number) == memberId; // no leading zeros
}

/// <summary>What is stored of all cohorts.</summary>
public sealed class CohortRecord
{
    /// <summary>In the order of registration; the first that contains an id has its password.</summary>
    public List<Cohort> Cohorts { get; set; } = [];
}
