-- The only truth: what happened to each event, in order. Rows are only inserted.
-- The primary key is the fence between two owners of one event.
CREATE TABLE reservation_journal (
  seq             bigint      NOT NULL CHECK (seq >= 1),
  decided_at      timestamptz NOT NULL,
  expires_at      timestamptz,
  reservation_seq bigint,
  quantity        integer     NOT NULL CHECK (quantity >= 0),
  kind            smallint    NOT NULL CHECK (kind BETWEEN 1 AND 8),
  event_id        text        COLLATE "C" NOT NULL,
  actor           text        COLLATE "C" NOT NULL,
  idempotency_key text        COLLATE "C",
  terms           text,
  PRIMARY KEY (event_id, seq)
);

-- The list of events: the first entry of each.
CREATE INDEX reservation_journal_events ON reservation_journal (event_id) WHERE seq = 1;

-- "My tickets": the events for which a member reserved.
CREATE INDEX reservation_journal_members ON reservation_journal (actor) WHERE kind = 2;
