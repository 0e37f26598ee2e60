-- "My tickets": for which events a member reserved. It is gathered from the journal when an event is quiet, because an
-- index on the journal itself made each insert, and its write-ahead log, cost half as much again.
CREATE TABLE member_event (
  member_id text COLLATE "C" NOT NULL,
  event_id  text COLLATE "C" NOT NULL,
  PRIMARY KEY (member_id, event_id)
);

-- How far each event was gathered. Later entries are searched in the journal.
CREATE TABLE member_event_head (
  event_id text   COLLATE "C" PRIMARY KEY,
  seq      bigint NOT NULL
);

-- The heads first: what is sold between the two statements is then gathered twice, instead of never.
INSERT INTO member_event_head (event_id, seq) SELECT event_id, max(seq) FROM reservation_journal GROUP BY event_id;
INSERT INTO member_event (member_id, event_id) SELECT DISTINCT actor, event_id FROM reservation_journal WHERE kind = 2;
DROP INDEX reservation_journal_members;
