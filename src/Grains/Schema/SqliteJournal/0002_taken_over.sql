-- Entries of kind 9: a new owner took the event over. SQLite cannot change a check, so the table is made anew.
CREATE TABLE reservation_journal_new (
  event_id        TEXT    NOT NULL,
  seq             INTEGER NOT NULL CHECK (seq >= 1),
  kind            INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 9),
  decided_at      INTEGER NOT NULL,
  actor           TEXT    NOT NULL,
  idempotency_key TEXT,
  quantity        INTEGER NOT NULL CHECK (quantity >= 0),
  reservation_seq INTEGER,
  expires_at      INTEGER,
  terms           TEXT,
  PRIMARY KEY (event_id, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO reservation_journal_new
  (event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms)
SELECT event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms FROM reservation_journal;

DROP TABLE reservation_journal;
ALTER TABLE reservation_journal_new RENAME TO reservation_journal;
CREATE INDEX reservation_journal_events ON reservation_journal (event_id) WHERE seq = 1;
CREATE INDEX reservation_journal_members ON reservation_journal (actor) WHERE kind = 2;
