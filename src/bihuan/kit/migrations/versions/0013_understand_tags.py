"""Understand: refreshes of tags, which table readers use, how values were spread."""

from bihuan.kit.migrations import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run(TABLES)


TABLES = """
CREATE TABLE understand_tag_run (
  id        uuid PRIMARY KEY,
  kind      text NOT NULL CHECK (kind IN ('whole', 'delta')),
  state     text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  began_at  timestamptz NOT NULL,
  ended_at  timestamptz,
  seconds   double precision,
  customers bigint,
  moved     jsonb NOT NULL DEFAULT '{}',   -- tag -> of how many customers it changed
  error     text
);
CREATE INDEX understand_tag_run_recent ON understand_tag_run (began_at DESC, id DESC);

CREATE TABLE understand_tag_table (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  name    text NOT NULL,
  version integer NOT NULL,
  as_of   timestamptz NOT NULL,
  upto    timestamptz NOT NULL
);

CREATE TABLE understand_tag_day (
  tag       text NOT NULL,
  day       date NOT NULL,
  value     text NOT NULL,                 -- empty: not known
  customers bigint NOT NULL,
  PRIMARY KEY (tag, day, value)
);

INSERT INTO kit_deadline (kind, subject, due_at) VALUES ('understand.tags.hourly', 'all', clock_timestamp());
"""
