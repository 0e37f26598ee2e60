namespace BoxOffice.Grains.Journal;

/// <summary>What operators did, in the database of the journal. Records are only added.</summary>
public interface IAuditLog
{
    /// <summary>Stores a record; durable when it returns. A record that is there already is not stored again.</summary>
    Task AppendAsync(AuditRecord record);

    /// <summary>A page of entries.</summary>
    Task<AuditEntry[]> ReadAsync(AuditQuery query);
}
