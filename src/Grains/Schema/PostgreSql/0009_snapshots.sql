-- Snapshots of events, in parts: the compact form of the journal's entries from after_seq to seq. They only save time when an event is
-- activated: all of them may be deleted at any time.
CREATE TABLE ledger_snapshot (
  seq          bigint  NOT NULL,
  after_seq    bigint  NOT NULL,
  format       integer NOT NULL,
  event_id     text    COLLATE "C" NOT NULL,
  start_digest bytea   NOT NULL,
  tail_digest  bytea   NOT NULL,
  end_digest   bytea   NOT NULL,
  data         bytea   NOT NULL,
  PRIMARY KEY (event_id, seq)
);

-- It is compact already: to compress it again costs more time than it saves.
ALTER TABLE ledger_snapshot ALTER COLUMN data SET STORAGE EXTERNAL;
