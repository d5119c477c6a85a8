"""The PostgreSQL schema: Alembic, one history for all rooms, statements in SQL."""

from alembic import op


def run(sql: str) -> None:
    """Run SQL as it stands, several statements at once: no placeholders, so `%` needs no doubling."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None  # noqa: S101  (a migration runs on an open connection)
    connection.execute(sql)
