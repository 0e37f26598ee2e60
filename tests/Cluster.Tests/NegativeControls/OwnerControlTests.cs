using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.NegativeControls;

/// <summary>Controls of what keeps the promises when an owner is killed or replaced, or two own an event.</summary>
public sealed class OwnerControlTests(Journal.Postgres postgres) : ControlTests(postgres)
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
}
