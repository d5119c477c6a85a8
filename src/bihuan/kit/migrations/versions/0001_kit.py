"""The one log, its readers, deadlines, live topics, clock, calendar, audit; Procrastinate's own schema."""

from procrastinate.schema import SchemaManager

from bihuan.kit.migrations import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    run(LOG)
    run(FUNCTIONS)
    run(SHARED)
    run(SchemaManager.get_schema())


LOG = """
CREATE SEQUENCE log_seq AS bigint;

CREATE TABLE log (
  day          date        NOT NULL,
  xid          xid8        NOT NULL DEFAULT pg_current_xact_id(),
  seq          bigint      NOT NULL DEFAULT nextval('log_seq'),
  lane         smallint    NOT NULL,
  kind         text        NOT NULL CHECK (kind IN ('tracked', 'fact')),
  name         text        NOT NULL,
  customer_id  uuid,
  user_id      text,
  anonymous_id text,
  message_id   text,
  source       text        NOT NULL,
  trusted      boolean     NOT NULL,
  occurred_at  timestamptz NOT NULL,
  received_at  timestamptz NOT NULL,
  body         jsonb       NOT NULL
) PARTITION BY LIST (day);

CREATE UNIQUE INDEX log_once ON log (day, source, message_id);
CREATE INDEX log_lane ON log (lane, xid, seq);
CREATE INDEX log_ship ON log (xid, seq);

-- The generation of deduplication: read under the shared advisory lock 'log_generation', rotated under the exclusive.
CREATE TABLE log_generation (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  day      date NOT NULL,
  previous date NOT NULL
);
INSERT INTO log_generation (day, previous) VALUES ('1970-01-02', '1970-01-01');

CREATE TABLE log_offset (
  reader text     NOT NULL,
  lane   smallint NOT NULL,
  xid    xid8     NOT NULL DEFAULT '0',
  seq    bigint   NOT NULL DEFAULT 0,
  PRIMARY KEY (reader, lane)
);
INSERT INTO log_offset (reader, lane) VALUES ('ship', 0);

-- The range the shipper has committed itself to; retried unchanged until ClickHouse has it.
CREATE TABLE log_shipment (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  to_xid   xid8    NOT NULL,
  to_seq   bigint  NOT NULL,
  entries  bigint  NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  error    text
);

CREATE TABLE log_cluster (
  one               boolean PRIMARY KEY DEFAULT true CHECK (one),
  system_identifier bigint NOT NULL
);
INSERT INTO log_cluster (system_identifier) SELECT system_identifier FROM pg_control_system();

CREATE TABLE log_poison (
  id           uuid PRIMARY KEY,
  xid          xid8 NOT NULL,
  seq          bigint NOT NULL,
  lane         smallint NOT NULL,
  kind         text NOT NULL,
  name         text NOT NULL,
  customer_id  uuid,
  user_id      text,
  anonymous_id text,
  message_id   text,
  source       text NOT NULL,
  trusted      boolean NOT NULL,
  occurred_at  timestamptz NOT NULL,
  received_at  timestamptz NOT NULL,
  body         jsonb NOT NULL,
  reaction     text NOT NULL,
  error        text NOT NULL,
  set_aside_at timestamptz NOT NULL,
  resolved_at  timestamptz,
  resolution   text
);
CREATE INDEX log_poison_open ON log_poison (set_aside_at) WHERE resolved_at IS NULL;
"""

FUNCTIONS = """
-- Make a generation's partitions exist (7 days ahead) and take it, if it is younger than the current one.
CREATE FUNCTION log_rotate(wanted date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  d date;
BEGIN
  IF wanted <= (SELECT day FROM log_generation) THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('log_generation'));
  IF wanted <= (SELECT day FROM log_generation) THEN
    RETURN false;
  END IF;
  FOR d IN SELECT wanted + n FROM generate_series(0, 7) n LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS log_%s PARTITION OF log FOR VALUES IN (%L)'
                   || ' WITH (autovacuum_vacuum_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.2)',
                   to_char(d, 'YYYYMMDD'), d);
  END LOOP;
  UPDATE log_generation SET previous = day, day = wanted;
  RETURN true;
END $$;

-- Drop partitions that every reader has passed and that are old enough. Returns how many.
CREATE FUNCTION log_drop_before(oldest date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  part  record;
  ahead boolean;
  n     integer := 0;
BEGIN
  FOR part IN
    SELECT c.relname, to_date(substr(c.relname, 5), 'YYYYMMDD') AS day
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'log'::regclass
  LOOP
    CONTINUE WHEN part.day >= oldest OR part.day >= (SELECT previous FROM log_generation);
    EXECUTE format(
      'SELECT EXISTS (SELECT 1 FROM %I l JOIN log_offset o ON o.reader = ''ship'' OR o.lane = l.lane'
      || ' WHERE (l.xid, l.seq) > (o.xid, o.seq))', part.relname) INTO ahead;
    CONTINUE WHEN ahead;
    EXECUTE format('DROP TABLE %I', part.relname);
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;

-- Transaction ids start anew in another cluster. Where the cluster differs from the one the log was written in,
-- number the log afresh below every id to come, and put each cursor where it stood.
CREATE FUNCTION log_renumber_after_restore() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  here bigint := (SELECT system_identifier FROM pg_control_system());
BEGIN
  IF here = (SELECT system_identifier FROM log_cluster FOR UPDATE) THEN
    RETURN false;
  END IF;
  LOCK TABLE log IN ACCESS EXCLUSIVE MODE;
  CREATE TEMP TABLE renumbered ON COMMIT DROP AS
    SELECT day, xid, seq, lane, row_number() OVER (ORDER BY xid, seq) AS n FROM log;
  CREATE INDEX ON renumbered (xid, seq);
  UPDATE log_offset o SET xid = '0', seq = coalesce(
    (SELECT max(r.n) FROM renumbered r
      WHERE (o.reader = 'ship' OR r.lane = o.lane) AND (r.xid, r.seq) <= (o.xid, o.seq)), 0);
  UPDATE log_shipment s SET to_xid = '0', to_seq = coalesce(
    (SELECT max(r.n) FROM renumbered r WHERE (r.xid, r.seq) <= (s.to_xid, s.to_seq)), 0);
  UPDATE log l SET xid = '0', seq = r.n FROM renumbered r
   WHERE l.day = r.day AND l.xid = r.xid AND l.seq = r.seq;
  PERFORM setval('log_seq', greatest(nextval('log_seq'), (SELECT coalesce(max(n), 1) FROM renumbered)));
  UPDATE log_cluster SET system_identifier = here;
  RETURN true;
END $$;
"""

SHARED = """
CREATE TABLE kit_clock (
  one            boolean PRIMARY KEY DEFAULT true CHECK (one),
  real_origin    timestamptz NOT NULL,
  product_origin timestamptz NOT NULL,
  factor         double precision NOT NULL CHECK (factor > 0)
);

CREATE TABLE kit_trading_day (
  day     date PRIMARY KEY,
  is_open boolean NOT NULL,
  name    text
);

CREATE TABLE kit_deadline (
  kind     text NOT NULL,
  subject  text NOT NULL,
  due_at   timestamptz NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  error    text,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX kit_deadline_due ON kit_deadline (due_at, kind, subject);

CREATE TABLE live_topic (
  topic  text PRIMARY KEY,
  number bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE live_change (
  topic  text NOT NULL,
  number bigint NOT NULL,
  key    text NOT NULL,
  row    jsonb,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, number)
);
CREATE INDEX live_change_at ON live_change (at);

CREATE TABLE kit_audit (
  id      uuid PRIMARY KEY,
  actor   text NOT NULL,
  action  text NOT NULL,
  subject text NOT NULL,
  detail  jsonb NOT NULL,
  at      timestamptz NOT NULL
);
CREATE INDEX kit_audit_subject ON kit_audit (subject, at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END $$;
CREATE TRIGGER kit_audit_append_only BEFORE UPDATE OR DELETE ON kit_audit
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Versions of trained models; their files lie in the file store. In use is the one promoted last.
CREATE TABLE kit_model (
  name        text NOT NULL,
  version     integer NOT NULL CHECK (version > 0),
  digest      text NOT NULL,
  report      jsonb NOT NULL,
  made_at     timestamptz NOT NULL,
  promoted_at timestamptz,
  PRIMARY KEY (name, version)
);

-- Answers given to calls that carried an Idempotency-Key.
CREATE TABLE kit_idempotency (
  caller  text NOT NULL,
  key     text NOT NULL,
  request bytea NOT NULL,
  status  smallint,
  answer  bytea,
  type    text,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (caller, key)
);
CREATE INDEX kit_idempotency_at ON kit_idempotency (at);
"""
