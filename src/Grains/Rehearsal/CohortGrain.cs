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
        var newIds = Ids(cohort).Where(id => FindWithPassword(id) is null).ToList();
        if (newIds.Count == 0) return new(IsFull: false, Created: 0);
        if (record.State.Cohorts.Count >= options.Value.CohortsMax) return new(IsFull: true, Created: 0);
        var signedUp = await AddAsync(cohort, mayOverlap: true);
        return new(IsFull: false, newIds.Except(signedUp, StringComparer.Ordinal).Count());
    }

    /// <inheritdoc/>
    public async Task<TokenRunResult> RegisterForTokens(string prefix, int first, int count)
    {
        var run = new Cohort(prefix, first, count, PasswordHash: "");
        var isRecorded = Ids(run).All(id => record.State.Cohorts.Exists(
            cohort => cohort.SignedUp is not null && Contains(cohort, id)));
        if (!isRecorded && record.State.Cohorts.Count >= options.Value.CohortsMax)
            return new(IsFull: true, SignedUp: null);
        var signedUp = isRecorded
            ? record.State.Cohorts.SelectMany(cohort => cohort.SignedUp ?? []).Where(id => Contains(run, id))
            : await AddAsync(run, mayOverlap: false);
        return new(IsFull: false, signedUp.FirstOrDefault());
    }

    /// <inheritdoc/>
    public Task<string?> PasswordHashOf(string memberId) => Task.FromResult(
        (FindWithPassword(memberId) ?? record.State.Cohorts.Find(cohort => Contains(cohort, memberId)))?.PasswordHash);

    private Cohort? FindWithPassword(string memberId) =>
        record.State.Cohorts.Find(cohort => cohort.PasswordHash.Length > 0 && Contains(cohort, memberId));

    /// <summary>
    /// Stores a cohort, and returns those of its ids that members had signed up with: with any, it is stored only when
    /// it may overlap with them.
    /// </summary>
    private async Task<string[]> AddAsync(Cohort cohort, bool mayOverlap)
    {
        // It is visible before members are asked: a sign-up that comes later is refused, one that came before is found.
        record.State.Cohorts.Add(cohort);
        try
        {
            var signedUp = await FindSignedUpAsync(Ids(cohort));
            if (signedUp.Length > 0 && !mayOverlap)
            {
                record.State.Cohorts.RemoveAt(record.State.Cohorts.Count - 1);
                return signedUp;
            }
            record.State.Cohorts[^1] = cohort with { SignedUp = signedUp };
            await record.WriteStateAsync();
            return signedUp;
        }
        catch
        {
            DeactivateOnIdle(); // memory is ahead of the store: forget it
            throw;
        }
    }

    private async Task<string[]> FindSignedUpAsync(IEnumerable<string> ids)
    {
        var found = new List<string>();
        foreach (var some in ids.Chunk(AskedAtOnce))
        {
            var hasSignedUp = await Task.WhenAll(
                some.Select(id => GrainFactory.GetGrain<IMemberGrain>(MemberKey.Of(id)).HasSignedUp()));
            found.AddRange(some.Where((_, i) => hasSignedUp[i]));
        }
        return [.. found];
    }

    private static IEnumerable<string> Ids(Cohort cohort) =>
        Enumerable.Range(cohort.First, cohort.Count).Select(number => IdOf(cohort, number));

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
    /// <summary>In the order of registration; the first with a password that contains an id has its password.</summary>
    public List<Cohort> Cohorts { get; set; } = [];
}
