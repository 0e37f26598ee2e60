-- Snapshots of events, in parts: the compact form of the journal's entries from after_seq to seq. They only save time when an event is
-- activated: all of them may be deleted at any time.
CREATE TABLE ledger_snapshot (
  event_id     TEXT    NOT NULL,
  seq          INTEGER NOT NULL,
  after_seq    INTEGER NOT NULL,
  format       INTEGER NOT NULL,
  start_digest BLOB    NOT NULL,
  tail_digest  BLOB    NOT NULL,
  end_digest   BLOB    NOT NULL,
  data         BLOB    NOT NULL,
  PRIMARY KEY (event_id, seq)
) STRICT;
