using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Members;
using BoxOffice.Grains.Snapshots;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Where an event is stored, and what is kept besides its entries. Events that sell and rehearsal copies differ here
/// only.
/// </summary>
/// <param name="Journal">Its entries, as the owner uses them.</param>
/// <param name="Counts">Its entries, as the reconciler counts them.</param>
/// <param name="Snapshots">Parts that shorten its activation.</param>
/// <param name="Known">The last durable entry that this silo knows.</param>
public sealed record EventStorage(
    IEventJournal Journal, IJournalCounts Counts, ILedgerSnapshots Snapshots, KnownHeads Known)
{
    /// <summary>Takes snapshots; null for a rehearsal copy, which has none.</summary>
    public SnapshotTaker? SnapshotTaker { get; init; }

    /// <summary>Indexes members for "my tickets"; null for a rehearsal copy, whose members have no such list.</summary>
    public MemberIndexer? MemberIndexer { get; init; }

    /// <summary>Deletes a rehearsal copy; null for an event that sells, which is never deleted.</summary>
    public IRehearsalJournal? RehearsalCopies { get; init; }
}
