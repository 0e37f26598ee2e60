namespace BoxOffice.Grains.Journal;

/// <summary>
/// All of a journal, as a database implements it. Its clients each take only the interface that they use.
/// </summary>
public interface IReservationJournal : IEventJournal, IJournalCounts, IEventIndex, IJournalHealth;
