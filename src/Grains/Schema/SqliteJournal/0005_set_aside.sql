-- Entries that an operator's repair took out of the journal, because an entry before them is missing or broken. They are kept,
-- so that an operator can find out what was sold.
CREATE TABLE journal_set_aside (
  set_aside_at    INTEGER NOT NULL,
  set_aside_by    TEXT    NOT NULL,
  event_id        TEXT    NOT NULL,
  seq             INTEGER NOT NULL,
  kind            INTEGER NOT NULL,
  decided_at      INTEGER NOT NULL,
  actor           TEXT    NOT NULL,
  idempotency_key TEXT,
  quantity        INTEGER NOT NULL,
  reservation_seq INTEGER,
  expires_at      INTEGER,
  terms           TEXT
) STRICT;
