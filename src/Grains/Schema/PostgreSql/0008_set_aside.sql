-- Entries that an operator's repair took out of the journal, because an entry before them is missing or broken. They are kept,
-- so that an operator can find out what was sold. The function is the only way in which a silo takes rows out of the journal.
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

-- Takes the entries after one out, when the last one is still the one that was read: else the event was repaired meanwhile
-- and may have sold since, and the answer is -1. Appends wait meanwhile.
CREATE FUNCTION set_journal_aside(event text, after bigint, last_seq bigint, last_decided_at timestamptz, last_actor text, who text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  removed_count bigint;
BEGIN
  LOCK TABLE reservation_journal IN SHARE ROW EXCLUSIVE MODE;
  IF NOT EXISTS (
    SELECT FROM (SELECT seq, decided_at, actor FROM reservation_journal WHERE event_id = event ORDER BY seq DESC LIMIT 1) last
    WHERE last.seq = last_seq AND last.decided_at = last_decided_at AND last.actor = last_actor) THEN
    RETURN -1;
  END IF;
  UPDATE member_event_head SET seq = after WHERE event_id = event AND seq > after;
  WITH removed AS (
    DELETE FROM reservation_journal WHERE event_id = event AND seq > after
    RETURNING event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms)
  INSERT INTO journal_set_aside (
    set_aside_by, event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms)
  SELECT who, * FROM removed;
  GET DIAGNOSTICS removed_count = ROW_COUNT;
  RETURN removed_count;
END $$;

-- It runs with its owner's rights: only the owner's tables may be meant, and no caller's temporary ones.
DO $$
BEGIN
  EXECUTE format(
    'ALTER FUNCTION set_journal_aside(text, bigint, bigint, timestamptz, text, text) SET search_path = %s, pg_temp',
    current_setting('search_path'));
END $$;

REVOKE ALL ON FUNCTION set_journal_aside(text, bigint, bigint, timestamptz, text, text) FROM PUBLIC;
