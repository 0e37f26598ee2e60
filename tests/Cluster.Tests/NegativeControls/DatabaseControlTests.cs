using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.NegativeControls;

/// <summary>Controls of what keeps the promises when the database loses replies, entries or a journal.</summary>
public sealed class DatabaseControlTests(Journal.Postgres postgres) : ControlTests(postgres)
{
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
}
