using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.NegativeControls;

/// <summary>
/// Controls of the audit. Each night is clean with the real silo. With one mechanism removed, and nothing else changed,
/// the audit finds the promise broken that depends on it.
/// </summary>
public sealed class NegativeControlTests(Journal.Postgres postgres)
{
    [Fact]
    public Task A_killed_owner_breaks_no_promise() => IsCleanAsync(Nights.OfAKilledOwnerAsync);

    [Fact]
    public Task Without_waiting_for_the_commit_the_audit_finds_acknowledged_tickets_lost() =>
        FindsAsync(Nights.OfAKilledOwnerAsync, "answer-after-commit", Promise.NothingAcknowledgedIsLost);

    [Fact]
    public Task Without_the_key_in_the_entry_the_audit_finds_a_key_that_had_two_effects() =>
        FindsAsync(Nights.OfAKilledOwnerAsync, "key-with-the-entry", Promise.OneEffectPerKey);

    [Fact]
    public Task Without_a_replay_the_audit_finds_that_the_sale_does_not_go_on() =>
        FindsAsync(Nights.OfAKilledOwnerAsync, Nights.ReplayAtActivation, Promise.Progress);

    [Fact]
    public Task Two_owners_break_no_promise() => IsCleanAsync(Nights.OfTwoOwnersAsync);

    [Fact]
    public Task Without_the_primary_key_the_audit_finds_tickets_sold_twice() =>
        FindsAsync(Nights.OfTwoOwnersAsync, "primary-key-fence", Promise.NoOversell, Promise.Conservation);

    [Fact]
    public Task Without_all_or_nothing_the_audit_finds_acknowledged_tickets_lost() =>
        FindsAsync(Nights.OfTwoOwnersAsync, "all-or-nothing", Promise.NothingAcknowledgedIsLost);

    [Fact]
    public Task A_replaced_owner_breaks_no_promise() => IsCleanAsync(Nights.OfAReplacedOwnerAsync);

    [Fact]
    public async Task Without_a_check_of_the_head_the_audit_finds_a_false_refusal_and_a_denied_ticket()
    {
        var verdict = await FindsAsync(
            Nights.OfAReplacedOwnerAsync,
            "head-before-a-refusal",
            Promise.HonestRefusal,
            Promise.NothingAcknowledgedIsLost);

        var lost = verdict.Violations.Where(violation => violation.Promise == Promise.NothingAcknowledgedIsLost)
            .ToList();
        Assert.Contains(lost, violation => violation.Sentence.Contains(" find ", StringComparison.Ordinal));
        Assert.Contains(lost, violation => violation.Sentence.Contains(" confirm ", StringComparison.Ordinal));
    }

    [Fact]
    public Task Lost_replies_break_no_promise() => IsCleanAsync(Nights.OfLostRepliesAsync);

    [Fact]
    public Task Without_the_unknown_outcome_the_audit_finds_sales_without_a_call_and_refusals_that_were_sales() =>
        FindsAsync(Nights.OfLostRepliesAsync, "unknown-is-unknown", Promise.NoPhantom, Promise.RefusedMeansNoEffect);

    [Fact]
    public Task A_database_that_lost_the_last_entry_breaks_no_promise() => IsCleanAsync(Nights.OfALostEntryAsync);

    [Fact]
    public Task Without_the_predecessor_the_audit_finds_a_gap_in_the_journal() =>
        FindsAsync(Nights.OfALostEntryAsync, "predecessor", Promise.Conservation);

    [Fact]
    public Task A_snapshot_of_a_journal_that_was_replaced_breaks_no_promise() =>
        IsCleanAsync(Nights.OfAReplacedJournalAsync);

    [Fact]
    public Task Without_the_journal_over_the_snapshot_the_audit_finds_keys_that_had_two_effects() =>
        FindsAsync(Nights.OfAReplacedJournalAsync, "journal-over-snapshot", Promise.OneEffectPerKey);

    [Fact]
    public void The_product_does_not_contain_the_switch()
    {
        var source = ProgramProcess.InRepository("src");
        var files = new[] { "*.cs", "*.csproj", "*.json" }
            .SelectMany(pattern => Directory.EnumerateFiles(source, pattern, SearchOption.AllDirectories))
            .ToList();

        Assert.Contains(files, file => file.EndsWith("SiloHost.cs", StringComparison.Ordinal));
        foreach (var word in new[] { "TestWithout", "Sabotage" })
        {
            Assert.DoesNotContain(files, file =>
                File.ReadAllText(file).Contains(word, StringComparison.OrdinalIgnoreCase));
        }
    }

    private async Task IsCleanAsync(Func<string, string?, Task<Verdict>> night) =>
        (await AuditAsync(night, null)).ThrowIfBroken();

    private async Task<Verdict> FindsAsync(
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
