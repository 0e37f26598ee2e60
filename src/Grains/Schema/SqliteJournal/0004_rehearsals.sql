-- The entries of rehearsals: the columns, the checks and the primary key of the journal, so that to rehearse costs what to sell
-- costs; and a table apart, because these rows are deleted, and no row of the journal ever is.
CREATE TABLE rehearsal_journal (
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
