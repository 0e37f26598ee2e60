using Npgsql;

namespace BoxOffice.Grains.Schema;

/// <summary>
/// Checks that a database keeps what it confirms, and that this program has the rights that it needs.
/// </summary>
public static class PostgresChecks
{
    /// <summary>A silo's privileges on each table.</summary>
    private const string SiloNeeds = """
        ('boxoffice_schema', 'SELECT'), ('orleansquery', 'SELECT'),
        ('reservation_journal', 'SELECT'), ('reservation_journal', 'INSERT'),
        ('set_journal_aside(text, bigint, bigint, timestamptz, text, text)', 'EXECUTE'),
        ('operator_audit', 'SELECT'), ('operator_audit', 'INSERT'),
        ('rehearsal_journal', 'SELECT'), ('rehearsal_journal', 'INSERT'), ('rehearsal_journal', 'DELETE'),
        ('member_event', 'SELECT'), ('member_event', 'INSERT'),
        ('member_event_head', 'SELECT'), ('member_event_head', 'INSERT'), ('member_event_head', 'UPDATE'),
        ('ledger_snapshot', 'SELECT'), ('ledger_snapshot', 'INSERT'), ('ledger_snapshot', 'UPDATE'),
        ('ledger_snapshot', 'DELETE'),
        ('orleansstorage', 'SELECT'), ('orleansstorage', 'INSERT'), ('orleansstorage', 'UPDATE'),
        ('orleansmembershipversiontable', 'SELECT'),
        ('orleansmembershipversiontable', 'INSERT'), ('orleansmembershipversiontable', 'UPDATE'),
        ('orleansmembershiptable', 'SELECT'), ('orleansmembershiptable', 'INSERT'),
        ('orleansmembershiptable', 'UPDATE'), ('orleansmembershiptable', 'DELETE')
        """;

    private const string FrontEndNeeds = """
        ('boxoffice_schema', 'SELECT'), ('orleansquery', 'SELECT'), ('orleansmembershiptable', 'SELECT')
        """;

    /// <summary>
    /// Null when a confirmed commit survives a crash; else the settings that break that. <c>synchronous_commit</c> at
    /// <c>local</c> or <c>remote_write</c> loses commits when a standby takes over.
    /// </summary>
    public static async Task<string?> UnsafeSettingsAsync(NpgsqlDataSource database, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand("""
            SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) FROM pg_settings
            WHERE (name IN ('fsync', 'full_page_writes') AND setting <> 'on')
               OR (name = 'synchronous_commit' AND setting NOT IN ('on', 'remote_apply'))
               OR (name = 'data_sync_retry' AND setting <> 'off')
            """);
        return await command.ExecuteScalarAsync(stop) as string;
    }

    /// <summary>
    /// Null when it can be written; else why not. <c>IsStandby</c> may pass: a standby is promoted, a setting stays.
    /// </summary>
    public static async Task<(string Reason, bool IsStandby)?> ReadOnlyAsync(
        NpgsqlDataSource database, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(
            "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'");
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        if (row.GetBoolean(0)) return ("it is a standby, or still recovers (pg_is_in_recovery)", true);
        return row.GetBoolean(1) ? ("its transactions are read-only (default_transaction_read_only)", false) : null;
    }

    /// <summary>True when the server detects pages that its disk changed.</summary>
    public static async Task<bool> HasChecksumsAsync(NpgsqlDataSource database, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand("SELECT current_setting('data_checksums') = 'on'");
        return (bool)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Null when this role has the rights of a silo, or of a front-end; else what is missing.</summary>
    public static async Task<string?> MissingRightsAsync(
        NpgsqlDataSource database, bool isSilo, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand($"""
            SELECT current_user || ' may not ' || string_agg(privilege || ' ' || name, ', ' ORDER BY name, privilege)
            FROM (VALUES {(isSilo ? SiloNeeds : FrontEndNeeds)}) AS needed (name, privilege)
            WHERE CASE privilege
              WHEN 'EXECUTE' THEN NOT has_function_privilege(name, privilege)
              ELSE NOT has_table_privilege(name, privilege) END
            """);
        return await command.ExecuteScalarAsync(stop) as string;
    }
}
