-- The only truth: what happened to each event, in order. Rows are only inserted.
-- Moments are microseconds since 1970-01-01T00:00:00Z. The primary key is the fence between two owners of one event.
CREATE TABLE reservation_journal (
  event_id        TEXT    NOT NULL,
  seq             INTEGER NOT NULL CHECK (seq >= 1),
  kind            INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 8),
  decided_at      INTEGER NOT NULL,
  actor           TEXT    NOT NULL,
  idempotency_key TEXT,
  quantity        INTEGER NOT NULL CHECK (quantity >= 0),
  reservation_seq INTEGER,
  expires_at      INTEGER,
  terms           TEXT,
  PRIMARY KEY (event_id, seq)
) STRICT, WITHOUT ROWID;

-- The list of events: the first entry of each.
CREATE INDEX reservation_journal_events ON reservation_journal (event_id) WHERE seq = 1;

-- "My tickets": the events for which a member reserved.
CREATE INDEX reservation_journal_members ON reservation_journal (actor) WHERE kind = 2;
