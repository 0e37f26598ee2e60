-- Entries that an operator's repair took out of the journal, because an entry before them is missing or broken. They are kept
-- for whoever has to find out what was sold. The function is the only way in which a silo takes rows out of the journal.
CREATE TABLE journal_set_aside (
  set_aside_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  set_aside_by    text        COLLATE "C" NOT NULL,
  event_id        text        COLLATE "C" NOT NULL,
  seq             bigint      NOT NULL,
  kind            smallint    NOT NULL,
  decided_at      timestamptz NOT NULL,
  actor           text        COLLATE "C" NOT NULL,
  idempotency_key text        COLLATE "C",
  quantity        integer     NOT NULL,
  reservation_seq bigint,
  expires_at      timestamptz,
  terms           text
);

CREATE FUNCTION set_journal_aside(event text, after bigint, who text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE member_event_head SET seq = after WHERE event_id = event AND seq > after;
  WITH removed AS (
    DELETE FROM reservation_journal WHERE event_id = event AND seq > after
    RETURNING event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms),
  kept AS (
    INSERT INTO journal_set_aside (
      set_aside_by, event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms)
    SELECT who, * FROM removed RETURNING 1)
  SELECT count(*) FROM kept
$$;

REVOKE ALL ON FUNCTION set_journal_aside(text, bigint, text) FROM PUBLIC;
