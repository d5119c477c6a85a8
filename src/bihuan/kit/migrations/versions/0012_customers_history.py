"""Customers: what files said of a customer and from when it was so; what an import found odd."""

from bihuan.kit.migrations import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run(TABLES)


TABLES = """
-- One record of a file about one customer, never overwritten: `valid_from` says from which day it was so,
-- `recorded_at` when we learned it. The versions of each attribute are folded from these on reading.
CREATE TABLE customers_record (
  customer_id uuid NOT NULL,
  valid_from  date NOT NULL,
  digest      bytea NOT NULL,        -- keyed hash of the contents: the same record twice is one
  recorded_at timestamptz NOT NULL,
  place       bigint NOT NULL,       -- row number in a file without dates, where the last row counts; else 0
  import_id   text NOT NULL,         -- digest of the latest file that said it
  body        jsonb NOT NULL,        -- open attributes; of sensitive ones the masked form
  sealed      bytea,                 -- sensitive attributes as JSON, encrypted
  PRIMARY KEY (customer_id, valid_from, digest)
);

ALTER TABLE collect_import ADD customers bigint NOT NULL DEFAULT 0, ADD versions bigint NOT NULL DEFAULT 0,
                           ADD odd bigint NOT NULL DEFAULT 0;

-- Rows that were taken although something in them is strange.
CREATE TABLE collect_import_oddity (
  import_id  uuid NOT NULL REFERENCES collect_import ON DELETE CASCADE,
  row_number bigint NOT NULL,
  reason     text NOT NULL,
  content    text NOT NULL,
  PRIMARY KEY (import_id, row_number)
);
"""
