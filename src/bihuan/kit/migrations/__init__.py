"""The PostgreSQL schema: Alembic, one history for all rooms, statements in SQL."""
