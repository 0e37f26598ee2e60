-- Kind 9: a new owner claimed the place after the head. SQLite cannot change a check: the table is made anew.
ALTER TABLE reservation_journal RENAME TO reservation_journal_before;
DROP INDEX reservation_journal_events;
DROP INDEX reservation_journal_members;

CREATE TABLE reservation_journal (
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

INSERT INTO reservation_journal
  (event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms)
SELECT event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms
FROM reservation_journal_before;
DROP TABLE reservation_journal_before;

CREATE INDEX reservation_journal_events ON reservation_journal (event_id) WHERE seq = 1;
CREATE INDEX reservation_journal_members ON reservation_journal (actor) WHERE kind = 2;
