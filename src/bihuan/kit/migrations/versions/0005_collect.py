"""Collect: quarantine and the progress of imports."""

from bihuan.kit.migrations import run

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run(TABLES)


TABLES = """
CREATE TABLE collect_quarantine (
  id          uuid PRIMARY KEY,
  source      text NOT NULL,
  trusted     boolean NOT NULL,
  reason      text NOT NULL,
  detail      text NOT NULL,
  raw         bytea NOT NULL,
  received_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolution  text CHECK (resolution IN ('replayed', 'discarded')),
  resolved_by uuid
);
CREATE INDEX collect_quarantine_open ON collect_quarantine (received_at DESC, id DESC) WHERE resolved_at IS NULL;
CREATE INDEX collect_quarantine_reason ON collect_quarantine (source, reason) WHERE resolved_at IS NULL;

-- One row per file, mapping and kind, for ever: `next_row` moves in the transaction that writes the rows.
CREATE TABLE collect_import (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL,
  digest      text NOT NULL,
  file_name   text NOT NULL,
  next_row    bigint NOT NULL DEFAULT 0,
  accepted    bigint NOT NULL DEFAULT 0,
  duplicates  bigint NOT NULL DEFAULT 0,
  rejected    bigint NOT NULL DEFAULT 0,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  UNIQUE (kind, digest)
);

CREATE TABLE collect_import_reject (
  import_id  uuid NOT NULL REFERENCES collect_import ON DELETE CASCADE,
  row_number bigint NOT NULL,
  reason     text NOT NULL,
  content    text NOT NULL,
  PRIMARY KEY (import_id, row_number)
);
"""
