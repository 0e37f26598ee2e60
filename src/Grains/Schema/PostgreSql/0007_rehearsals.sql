-- The entries of rehearsals: the columns, the checks and the primary key of the journal, so that to rehearse costs what to sell
-- costs; and a table apart, because these rows are deleted, and no row of the journal ever is.
CREATE TABLE rehearsal_journal (
  seq             bigint      NOT NULL CHECK (seq >= 1),
  decided_at      timestamptz NOT NULL,
  expires_at      timestamptz,
  reservation_seq bigint,
  quantity        integer     NOT NULL CHECK (quantity >= 0),
  kind            smallint    NOT NULL CHECK (kind BETWEEN 1 AND 9),
  event_id        text        COLLATE "C" NOT NULL,
  actor           text        COLLATE "C" NOT NULL,
  idempotency_key text        COLLATE "C",
  terms           text,
  PRIMARY KEY (event_id, seq)
);
