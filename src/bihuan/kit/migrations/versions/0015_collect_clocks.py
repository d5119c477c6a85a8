"""Collect: how the clocks of devices go."""

from bihuan.kit.migrations import run

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run(TABLES)


TABLES = """
-- What the last requests of a device said of its clock: `received - sent` in seconds, oldest first, eight at most.
CREATE TABLE collect_clock (
  device  text PRIMARY KEY,                 -- anonymous id, else user id
  behind  float8[] NOT NULL,
  seen_at timestamptz NOT NULL
) WITH (fillfactor = 80);
"""
