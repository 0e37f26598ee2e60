-- Two roles for the programs, so that neither owns the tables: run it as the owner, after a program started once as the
-- owner and made them. Then give each program a login of its own:
--
--   psql -f eng/database-roles.sql boxoffice
--   CREATE ROLE silo_login LOGIN PASSWORD '…' IN ROLE boxoffice_silo;
--   CREATE ROLE api_login LOGIN PASSWORD '…' IN ROLE boxoffice_front_end;
--
-- A silo can add to the journal and to the audit log of operators, and read them; it can neither change nor delete what stands there, but for an operator's repair
-- of a broken event, by a function that keeps what it takes out. It deletes only what was rehearsed, in a table apart, and snapshots,
-- which save time and may all be deleted. A front-end sees who is in the cluster, and no more: neither reservations nor members.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'boxoffice_silo') THEN CREATE ROLE boxoffice_silo NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'boxoffice_front_end') THEN CREATE ROLE boxoffice_front_end NOLOGIN; END IF;
END $$;

GRANT SELECT ON boxoffice_schema, OrleansQuery TO boxoffice_silo, boxoffice_front_end;
GRANT SELECT ON OrleansMembershipTable TO boxoffice_front_end;

GRANT SELECT, INSERT ON reservation_journal, member_event, operator_audit TO boxoffice_silo;
GRANT EXECUTE ON FUNCTION set_journal_aside(text, bigint, bigint, timestamptz, text, text) TO boxoffice_silo;
GRANT SELECT, INSERT, DELETE ON rehearsal_journal TO boxoffice_silo;
GRANT SELECT, INSERT, UPDATE ON member_event_head, OrleansStorage, OrleansMembershipVersionTable TO boxoffice_silo;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_snapshot, OrleansMembershipTable TO boxoffice_silo;
