-- "My tickets": for which events a member reserved. It is gathered from the journal when an event is quiet, because an
-- index on the journal itself made each commit write a page for every member.
CREATE TABLE member_event (
  member_id TEXT NOT NULL,
  event_id  TEXT NOT NULL,
  PRIMARY KEY (member_id, event_id)
) STRICT, WITHOUT ROWID;

-- How far each event was gathered. Later entries are searched in the journal.
CREATE TABLE member_event_head (
  event_id TEXT    PRIMARY KEY,
  seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The heads first: what is sold between the two statements is then gathered twice, instead of never.
INSERT INTO member_event_head (event_id, seq) SELECT event_id, max(seq) FROM reservation_journal GROUP BY event_id;
INSERT INTO member_event (member_id, event_id) SELECT DISTINCT actor, event_id FROM reservation_journal WHERE kind = 2;
DROP INDEX reservation_journal_members;
