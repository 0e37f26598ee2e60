-- What operators did: see PostgreSql/0010_operator_audit.sql. Moments are microseconds since 1970-01-01T00:00:00Z.
CREATE TABLE operator_audit (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000),
  call_id TEXT    NOT NULL CHECK (length(call_id) BETWEEN 1 AND 64),
  is_end  INTEGER NOT NULL CHECK (is_end IN (0, 1)),
  actor   TEXT    NOT NULL CHECK (length(actor) <= 128),
  action  TEXT    NOT NULL CHECK (length(action) <= 128),
  target  TEXT    NOT NULL CHECK (length(target) <= 128),
  address TEXT    NOT NULL CHECK (length(address) <= 128),
  outcome TEXT    CHECK (length(outcome) <= 128),
  detail  TEXT    CHECK (length(detail) <= 4000),
  CHECK (NOT is_end OR outcome IS NOT NULL),
  UNIQUE (call_id, is_end)
) STRICT;

CREATE INDEX operator_audit_actors ON operator_audit (actor, id) WHERE NOT is_end;
CREATE INDEX operator_audit_actions ON operator_audit (action, id) WHERE NOT is_end;

CREATE TRIGGER operator_audit_no_update BEFORE UPDATE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'operator_audit is append-only');
END;

CREATE TRIGGER operator_audit_no_delete BEFORE DELETE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'operator_audit is append-only');
END;
