using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.NegativeControls;

/// <summary>
/// Controls of the audit. Each night is clean with the real silo. With one mechanism removed, and nothing else changed,
/// the audit finds the promise broken that depends on it.
/// </summary>
public abstract class ControlTests(Journal.Postgres postgres)
{
    private protected async Task IsCleanAsync(Func<string, string?, Task<Verdict>> night) =>
        (await AuditAsync(night, null)).ThrowIfBroken();

    private protected async Task<Verdict> FindsAsync(
        Func<string, string?, Task<Verdict>> night, string without, params Promise[] broken)
    {
        var verdict = await AuditAsync(night, without);

        foreach (var promise in broken)
            Assert.True(verdict.Broken.Contains(promise), $"{promise} should be broken. {verdict}");
        return verdict;
    }

    private async Task<Verdict> AuditAsync(Func<string, string?, Task<Verdict>> night, string? without)
    {
        var verdict = await night(await postgres.CreateDatabaseAsync(), without);
        // a control may find more violations than it must
        TestContext.Current.TestOutputHelper?.WriteLine(verdict.ToString());
        return verdict;
    }
}
