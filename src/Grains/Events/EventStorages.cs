using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Members;
using BoxOffice.Grains.Snapshots;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Chooses the storage of an event by its id: once, at activation. No code behind it asks whether an event is a
/// rehearsal.
/// </summary>
public sealed class EventStorages(
    IEventJournal journal,
    IJournalCounts counts,
    IRehearsalJournal rehearsals,
    ILedgerSnapshots snapshots,
    KnownHeads known,
    SnapshotTaker snapshotTaker,
    MemberIndexer memberIndexer)
{
    private readonly EventStorage _sales =
        new(journal, counts, snapshots, known) { SnapshotTaker = snapshotTaker, MemberIndexer = memberIndexer };

    private readonly EventStorage _rehearsals =
        new(rehearsals, rehearsals, new NoSnapshots(), new(countMax: 0)) { RehearsalCopies = rehearsals };

    /// <summary>The storage of an event.</summary>
    public EventStorage Of(string eventId) => RehearsalCopy.Is(eventId) ? _rehearsals : _sales;
}
