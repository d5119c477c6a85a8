"""Understand: segments, their versions, how large they were, and who is being moved."""

from bihuan.kit.migrations import run

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run(TABLES)


TABLES = """
CREATE TABLE understand_segment (
  id           uuid PRIMARY KEY,
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  about        text NOT NULL DEFAULT '',
  rule         jsonb NOT NULL,
  version      integer NOT NULL DEFAULT 1,        -- of the definition
  edited_by    uuid NOT NULL,
  edited_at    timestamptz NOT NULL,
  members      bigint,                            -- of the whole firm; null before the first evaluation
  evaluation   integer NOT NULL DEFAULT 0,        -- how many evaluations there were; members carry its number
  evaluated_at timestamptz,
  seconds      double precision,
  error        text                               -- of the last evaluation; members are of the last good one
);
CREATE UNIQUE INDEX understand_segment_name ON understand_segment (lower(name_zh));

CREATE TABLE understand_segment_version (
  segment_id uuid NOT NULL REFERENCES understand_segment ON DELETE CASCADE,
  version    integer NOT NULL,
  rule       jsonb NOT NULL,
  edited_by  uuid NOT NULL,
  edited_at  timestamptz NOT NULL,
  PRIMARY KEY (segment_id, version)
);

CREATE TABLE understand_segment_day (
  segment_id uuid NOT NULL REFERENCES understand_segment ON DELETE CASCADE,
  day        date NOT NULL,
  members    bigint NOT NULL,
  entered    bigint NOT NULL DEFAULT 0,
  "left"     bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (segment_id, day)
);

-- Whom an evaluation moves: written with the facts that tell of it, gone once the archive has the members. What a
-- process that died left here is put into the archive by the next evaluation, and told of no second time.
CREATE TABLE understand_segment_move (
  segment_id  uuid NOT NULL REFERENCES understand_segment ON DELETE CASCADE,
  evaluation  integer NOT NULL,
  customer_id uuid NOT NULL,
  entered     boolean NOT NULL,
  PRIMARY KEY (segment_id, customer_id)
);
"""
