"""ClickHouse over its HTTP wire: the same client for the embedded engine and for a cluster."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.asyncclient import AsyncClient
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from bihuan.kit.errors import Problem, Unavailable

SCHEMA = Path(__file__).parent / "clickhouse_schema"


class QueryTooCostly(Problem):
    """An analytical query broke its limits of time or memory."""

    status = 422
    title = "The query is too costly"


@dataclass(frozen=True)
class Limits:
    """What one query may use."""

    seconds: float = 30.0
    memory_mb: int = 2000
    threads: int = 2

    def settings(self) -> dict[str, Any]:
        """As ClickHouse names them."""
        return {
            "max_execution_time": self.seconds,
            "max_memory_usage": self.memory_mb * 1024 * 1024,
            "max_threads": self.threads,
        }


class ClickHouse:
    """Queries and inserts. Every query carries limits; the engine's own default is none."""

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        self.url = url
        self.limits = limits or Limits()
        self._client: AsyncClient | None = None
        self._database: str | None = None

    async def _connected(self) -> AsyncClient:
        if self._client is None:
            try:
                self._client = await clickhouse_connect.get_async_client(
                    dsn=self.url,
                    database=self._database,
                    autogenerate_session_id=False,
                    autogenerate_query_id=True,
                    query_limit=0,
                )
            except (ClickHouseError, OSError) as error:
                raise Unavailable("clickhouse", "The analytics engine does not answer; try again soon.") from error
        return self._client

    async def use(self, database: str) -> None:
        """Speak to another database of the same server from now on."""
        await self.close()
        self._database = database

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def query(
        self, sql: str, params: Mapping[str, Any] | None = None, limits: Limits | None = None
    ) -> list[dict[str, Any]]:
        """Rows as dicts; parameters stand as `{name:Type}` in the SQL.

        Raises QueryTooCostly beyond the limits and Unavailable when the engine does not answer.
        """
        client = await self._connected()
        try:
            result = await client.query(sql, parameters=dict(params or {}), settings=(limits or self.limits).settings())
        except ClickHouseError as error:
            raise self._told(error) from error
        except OSError as error:
            raise Unavailable("clickhouse", "The analytics engine does not answer; try again soon.") from error
        return list(result.named_results())

    async def command(self, sql: str, settings: Mapping[str, Any] | None = None) -> Any:
        """A statement without rows."""
        client = await self._connected()
        try:
            return await client.command(sql, settings=dict(settings or {}))
        except ClickHouseError as error:
            raise self._told(error) from error

    async def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], settings: Mapping[str, Any]
    ) -> None:
        """Insert rows in one block. With a deduplication token among the settings a repeat is a no-op."""
        client = await self._connected()
        try:
            await client.insert(table, rows, column_names=list(columns), settings=dict(settings))
        except ClickHouseError as error:
            raise self._told(error) from error

    async def insert_arrow(self, table: str, arrow: Any, settings: Mapping[str, Any]) -> None:
        """Insert an Arrow table in one block."""
        client = await self._connected()
        try:
            await client.insert_arrow(table, arrow, settings=dict(settings))
        except ClickHouseError as error:
            raise self._told(error) from error

    def _told(self, error: ClickHouseError) -> Problem | ClickHouseError:
        text = str(error)
        if re.search(r"MEMORY_LIMIT_EXCEEDED|TIMEOUT_EXCEEDED|TOO_MANY_ROWS", text):
            return QueryTooCostly("query-too-costly", "Narrow the period or the breakdown; the query broke its limits.")
        if isinstance(error, OperationalError):
            return Unavailable("clickhouse", "The analytics engine does not answer; try again soon.")
        return error

    async def migrate(self) -> int:
        """Run the numbered schema files in order; each statement is idempotent. How many files."""
        files = sorted(SCHEMA.glob("[0-9]*.sql"))
        for path in files:
            for statement in path.read_text("utf-8").split(";\n"):
                if statement.strip():
                    await self.command(statement)
        return len(files)
