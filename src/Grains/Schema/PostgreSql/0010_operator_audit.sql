-- What operators did. A change has a row before it is carried out (is_end false), and a second one with its outcome
-- (is_end true). What was refused, and logins, have one row with an outcome.
CREATE TABLE operator_audit (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  call_id text        COLLATE "C" NOT NULL CHECK (length(call_id) BETWEEN 1 AND 64),
  is_end  boolean     NOT NULL,
  actor   text        COLLATE "C" NOT NULL CHECK (length(actor) <= 128),
  action  text        COLLATE "C" NOT NULL CHECK (length(action) <= 128),
  target  text        COLLATE "C" NOT NULL CHECK (length(target) <= 128),
  address text        COLLATE "C" NOT NULL CHECK (length(address) <= 128),
  outcome text        COLLATE "C" CHECK (length(outcome) <= 128),
  detail  text        COLLATE "C" CHECK (length(detail) <= 4000),
  CHECK (NOT is_end OR outcome IS NOT NULL),
  UNIQUE (call_id, is_end)
);

CREATE INDEX operator_audit_actors ON operator_audit (actor, id) WHERE NOT is_end;
CREATE INDEX operator_audit_actions ON operator_audit (action, id) WHERE NOT is_end;

-- Rows are only added: also not changed or deleted by a program that owns the table. To remove old rows, an
-- administrator has to disable this trigger.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'operator_audit is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER operator_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Rows become visible in the order of their ids: a reader that continues after the last id misses none. The lock is
-- taken before the id.
CREATE FUNCTION order_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7093020298108496244); -- 'boxaudit'
  RETURN NULL;
END $$;

CREATE TRIGGER operator_audit_in_order BEFORE INSERT ON operator_audit
FOR EACH STATEMENT EXECUTE FUNCTION order_audit();
