"""The embedded ClickHouse behind its wire, as the stock clients see it."""

import asyncio
import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
import httpx
import psycopg
import pyarrow as pa
import pytest
from clickhouse_connect.driver.asyncclient import AsyncClient
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError
from clickhouse_connect.driver.external import ExternalData
from clickhouse_connect.driver.summary import QuerySummary
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kit.engines import ClickHouseServer, Engines, Supervisor, embedded, free_port

pytestmark = pytest.mark.engine

ONCE = {"non_replicated_deduplication_window": 1000}


@pytest.fixture
async def client(engines: Engines) -> AsyncIterator[AsyncClient]:
    """The stock client, asynchronous."""
    async with await clickhouse_connect.get_async_client(
        dsn=engines.clickhouse_url, autogenerate_session_id=False
    ) as connected:
        yield connected


@pytest.fixture(scope="module")
def blocking(engines: Engines) -> Iterator[Client]:
    """The stock client, blocking, as it is without any option."""
    with clickhouse_connect.get_client(dsn=engines.clickhouse_url) as connected:
        yield connected


@pytest.fixture
async def http(engines: Engines) -> AsyncIterator[httpx.AsyncClient]:
    """Bare HTTP, signed in."""
    address = urlsplit(engines.clickhouse_url)
    async with httpx.AsyncClient(
        base_url=f"http://{address.hostname}:{address.port}",
        auth=(address.username or "", address.password or ""),
        trust_env=False,
        timeout=30,
    ) as connected:
        yield connected


@pytest.fixture
async def table(client: AsyncClient) -> AsyncIterator[str]:
    """An empty table (id UInt64, name String, at DateTime64(3)) with a window for deduplication."""
    name = f"t_{uuid.uuid4().hex}"
    await client.command(
        f"CREATE TABLE {name} (id UInt64, name String, at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY id",
        settings={},
    )
    await client.command(f"ALTER TABLE {name} MODIFY SETTING non_replicated_deduplication_window = 1000")
    yield name
    await client.command(f"DROP TABLE {name}")


AT = datetime(2025, 3, 4, 9, 15, tzinfo=UTC)


def rows(count: int) -> list[list[Any]]:
    return [[number, f"客户 {number}", AT] for number in range(count)]


async def count(client: AsyncClient, table: str) -> int:
    return int((await client.query(f"SELECT count() FROM {table}")).result_rows[0][0])


# --- inserts


@pytest.mark.parametrize("compression", ["lz4", "zstd", "gzip", None])
async def test_inserts_arrive_however_they_are_packed(engines: Engines, table: str, compression: str | None) -> None:
    async with await clickhouse_connect.get_async_client(
        dsn=engines.clickhouse_url, compress=compression or False
    ) as packing:
        done = await packing.insert(table, rows(1000), column_names=["id", "name", "at"])
        assert done.written_rows == 1000
        found = await packing.query(f"SELECT * FROM {table} ORDER BY id LIMIT 2")
        assert [(row[0], row[1], row[2].replace(tzinfo=UTC)) for row in found.result_rows] == [*map(tuple, rows(2))]


async def test_an_arrow_table_arrives(client: AsyncClient, table: str) -> None:
    arrow = pa.table({"id": pa.array(range(70_000), pa.uint64()), "name": ["x"] * 70_000, "at": [AT] * 70_000})
    await client.insert_arrow(table, arrow)
    assert await count(client, table) == 70_000
    back = await client.query_arrow(f"SELECT id, name FROM {table} ORDER BY id")
    assert back.column("id").to_pylist() == list(range(70_000))


def test_the_blocking_client_with_its_defaults(blocking: Client) -> None:
    name = f"t_{uuid.uuid4().hex}"
    blocking.command(f"CREATE TABLE {name} (id UInt64, name String) ENGINE = MergeTree ORDER BY id")
    blocking.insert(name, [[1, "a"], [2, "b"]], column_names=["id", "name"])
    assert blocking.query(f"SELECT * FROM {name} ORDER BY id").result_rows == [(1, "a"), (2, "b")]
    assert blocking.query_df(f"SELECT * FROM {name} ORDER BY id")["name"].tolist() == ["a", "b"]
    assert blocking.raw_query(f"SELECT name FROM {name} ORDER BY id", fmt="CSV") == b'"a"\n"b"\n'
    assert blocking.command(f"SELECT count() FROM {name}") == 2
    assert blocking.command(f"SELECT name FROM {name} WHERE id = 3") == ""
    assert blocking.query(f"SELECT * FROM {name} WHERE id = 3").result_rows == []
    assert blocking.query(f"SELECT * FROM {name} LIMIT 0").column_names == ("id", "name")
    blocking.command(f"DROP TABLE {name}")


@pytest.mark.parametrize("how", ["insert", "arrow", "raw"])
async def test_a_repeated_insert_with_the_same_token_is_a_no_op(client: AsyncClient, table: str, how: str) -> None:
    async def send(token: str) -> None:
        asked = {"insert_deduplication_token": token}
        if how == "insert":
            await client.insert(table, rows(3), column_names=["id", "name", "at"], settings=asked)
        elif how == "arrow":
            arrow = pa.table({"id": pa.array([0, 1, 2], pa.uint64()), "name": ["x"] * 3, "at": [AT] * 3})
            await client.insert_arrow(table, arrow, settings=asked)
        else:
            await client.raw_insert(table, ["id", "name"], "1,a\n2,b\n3,c\n", settings=asked, fmt="CSV")

    await send("0-3")
    await send("0-3")
    assert await count(client, table) == 3
    await send("3-6")
    assert await count(client, table) == 6, "the token decides, not the content"


async def test_a_large_insert_is_repeated_without_effect_block_by_block(client: AsyncClient, table: str) -> None:
    body = "".join(f"{number},x\n" for number in range(1_200_000)).encode()
    for packed in (body, gzip.compress(body, 1)):
        await client.raw_insert(
            table, ["id", "name"], packed, fmt="CSV", settings={"insert_deduplication_token": "large"},
            compression="gzip" if packed is not body else None,
        )  # fmt: skip
        assert await count(client, table) == 1_200_000


async def test_a_repeat_is_a_no_op_through_a_materialised_view(client: AsyncClient, table: str) -> None:
    await client.command(
        f"CREATE TABLE {table}_daily (day Date, n UInt64) ENGINE = SummingMergeTree ORDER BY day"
        " SETTINGS non_replicated_deduplication_window = 1000"
    )
    await client.command(
        f"CREATE MATERIALIZED VIEW {table}_mv TO {table}_daily AS"
        f" SELECT toDate(at) AS day, count() AS n FROM {table} GROUP BY day"
    )
    asked = {"insert_deduplication_token": "0-5", "deduplicate_blocks_in_dependent_materialized_views": 1}
    for _ in range(3):
        await client.insert(table, rows(5), column_names=["id", "name", "at"], settings=asked)
    assert (await client.query(f"SELECT sum(n) FROM {table}_daily")).result_rows == [(5,)]
    await client.command(f"DROP VIEW {table}_mv")
    await client.command(f"DROP TABLE {table}_daily")


async def test_values_and_selects_can_be_inserted(client: AsyncClient, table: str) -> None:
    await client.command(f"INSERT INTO {table} (id, name) VALUES (1, 'FORMAT CSV'), (2, 'b')")
    done = await client.command(f"INSERT INTO {table} SELECT number, 'x', now64(3) FROM numbers(10)")
    assert isinstance(done, QuerySummary)
    assert done.written_rows == 10
    assert await count(client, table) == 12


async def test_a_bad_row_stores_nothing(client: AsyncClient, table: str) -> None:
    with pytest.raises(DatabaseError, match="CANNOT_PARSE"):
        await client.raw_insert(table, ["id", "name"], "1,a\nnot a number,b\n", fmt="CSV")
    assert await count(client, table) == 0


async def test_a_body_that_is_not_what_it_says_stores_nothing(
    client: AsyncClient, http: httpx.AsyncClient, table: str
) -> None:
    query = {"query": f"INSERT INTO {table} (id, name) FORMAT CSV"}
    whole = gzip.compress(b"1,a\n" * 500_000)
    for encoding, body in (("gzip", whole[:-50]), ("gzip", b"plain"), ("lz4", b"plain"), ("zstd", b"plain")):
        answer = await http.post("/", params=query, content=body, headers={"Content-Encoding": encoding})
        assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (400, "271")
    answer = await http.post("/", params=query, content=b"1,a\n", headers={"Content-Encoding": "br"})
    assert answer.status_code == 501
    assert await count(client, table) == 0


# --- queries


async def test_an_ordered_funnel(client: AsyncClient, table: str) -> None:
    steps: list[tuple[int, str, float]] = [
        (1, "visit", 0),
        (1, "phone", 10),
        (1, "bound", 20),
        (2, "visit", 0),
        (2, "bound", 5),
        (3, "phone", 0),
    ]
    await client.insert(
        table,
        [[customer, step, datetime.fromtimestamp(second, UTC)] for customer, step, second in steps],
        column_names=["id", "name", "at"],
    )
    funnel = await client.query(
        "SELECT level, count() FROM (SELECT id, windowFunnel({window:UInt64})(toUInt64(toUnixTimestamp64Milli(at)),"
        f" name = 'visit', name = 'phone', name = 'bound') AS level FROM {table} GROUP BY id)"
        " GROUP BY level ORDER BY level",
        parameters={"window": 3_600_000},
    )
    assert funnel.result_rows == [(0, 1), (1, 1), (3, 1)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40), many=st.lists(st.text(max_size=8), max_size=5), number=st.none() | st.integers(0, 9))
def test_parameters_arrive_as_they_were_given(blocking: Client, text: str, many: list[str], number: int | None) -> None:
    query = "SELECT {text:String}, {many:Array(String)}, {number:Nullable(UInt8)}"
    found = blocking.query(query, parameters={"text": text, "many": many, "number": number})
    assert found.result_rows == [(text, many, number)]


async def test_long_parameters_travel_as_form_fields(client: AsyncClient) -> None:
    ids = list(range(20_000))
    found = await client.query("SELECT length({ids:Array(UInt32)}), {word:String}", {"ids": ids, "word": "闭环"})
    assert found.result_rows == [(20_000, "闭环")]


@pytest.mark.parametrize(
    "fmt", ["Native", "RowBinary", "Arrow", "ArrowStream", "Parquet", "JSON", "JSONEachRow", "CSV"]
)
async def test_formats(client: AsyncClient, http: httpx.AsyncClient, fmt: str) -> None:
    sql = "SELECT number, toString(number) AS text FROM numbers(3)"
    whole = await client.raw_query(sql, fmt=fmt)
    assert whole
    waited = await http.post("/", params={"wait_end_of_query": "1"}, content=f"{sql} FORMAT {fmt}")
    assert waited.headers["X-ClickHouse-Format"] == fmt
    if fmt not in ("JSON", "Parquet"):  # one holds the elapsed time, the other may differ in its metadata
        assert waited.content == whole
    by_default = await http.post("/", params={"default_format": fmt}, content=sql)
    assert by_default.headers["X-ClickHouse-Format"] == fmt


async def test_the_summary_and_the_query_id(client: AsyncClient) -> None:
    found = await client.query("SELECT number FROM numbers(10)", settings={"query_id": "my-own"})
    assert found.summary["read_rows"] == "10"
    assert found.summary["query_id"] == "my-own"


async def test_times_come_back_in_utc(client: AsyncClient) -> None:
    found = await client.query("SELECT timezone(), {at:DateTime64(3)}, toDateTime('2025-03-04 09:15:00')", {"at": AT})
    assert found.result_rows == [("UTC", AT.replace(tzinfo=None), AT.replace(tzinfo=None))]


async def test_eight_queries_at_once(client: AsyncClient) -> None:
    async def busy(number: int) -> int:
        sql = "SELECT {n:UInt8} + sum(ignore(sleepEachRow(0.1))) FROM numbers(10) SETTINGS max_block_size = 1"
        return int((await client.query(sql, {"n": number})).result_rows[0][0])

    seven = [asyncio.create_task(busy(number)) for number in range(7)]
    most = 0
    while not all(task.done() for task in seven):
        seen = await client.query("SELECT count() FROM system.processes")
        most = max(most, seen.result_rows[0][0])
    assert [task.result() for task in seven] == list(range(7))
    assert most == 8


async def test_a_stream_of_blocks(client: AsyncClient) -> None:
    total = blocks = 0
    async with await client.query_column_block_stream("SELECT number FROM numbers(1_000_000)") as stream:
        async for block in stream:
            blocks += 1
            total += sum(block[0])
    assert total == 499_999_500_000
    assert blocks > 5


async def test_a_failure_in_the_middle_of_a_stream_is_raised(client: AsyncClient) -> None:
    sql = "SELECT throwIf(number = 900_000, 'half way') FROM numbers(1_000_000)"
    read_before: list[int] = []

    async def read() -> None:
        async with await client.query_column_block_stream(sql, settings={"max_threads": 1}) as stream:
            async for block in stream:
                read_before.append(len(block[0]))

    with pytest.raises(StreamFailureError, match="half way"):
        await read()
    assert read_before, "it broke on the way and not at the start"


# --- limits and refusals


async def test_failures_are_the_clients_own_errors(client: AsyncClient) -> None:
    with pytest.raises(DatabaseError, match=r"Unknown table expression identifier 'nowhere'.*UNKNOWN_TABLE") as failed:
        await client.query("SELECT * FROM nowhere")
    assert failed.value.code == 60
    with pytest.raises(DatabaseError, match="SYNTAX_ERROR"):
        await client.command("SELEC 1")
    with pytest.raises(DatabaseError, match="UNKNOWN_DATABASE"):
        await client.command("SELECT 1", settings={"database": "nowhere"})
    with pytest.raises(DatabaseError, match="UNKNOWN_SETTING"):
        await client.raw_query("SELECT 1", settings={"max_threads; DROP": 1, "no_such_setting": 1})


@pytest.mark.parametrize(
    ("limit", "sql", "name"),
    [
        (
            {"max_memory_usage": 50_000_000},
            "SELECT groupArray(number) FROM numbers(100_000_000)",
            "MEMORY_LIMIT_EXCEEDED",
        ),
        (
            {"max_execution_time": 0.5},
            "SELECT sum(cityHash64(number)) FROM numbers(10_000_000_000)",
            "TIMEOUT_EXCEEDED",
        ),
    ],
)
async def test_a_query_keeps_its_limits(client: AsyncClient, limit: dict[str, Any], sql: str, name: str) -> None:
    with pytest.raises(DatabaseError, match=name):
        await client.query(sql, settings=limit)


async def test_every_query_has_limits_unless_it_says_otherwise(client: AsyncClient, http: httpx.AsyncClient) -> None:
    asked = "SELECT getSetting('max_memory_usage'), getSetting('max_execution_time'), getSetting('max_threads')"
    assert (await http.post("/", content=asked)).text == "2097152000\t30\t2\n"
    own = await client.query(asked, settings={"max_memory_usage": 10**9, "max_execution_time": 7, "max_threads": 1})
    assert own.result_rows == [(10**9, 7.0, 1)]
    assert (await http.post("/", content=asked)).text == "2097152000\t30\t2\n", "one query's settings are its own"


async def test_an_answer_too_large_to_hold_is_refused_and_the_next_one_is_right(http: httpx.AsyncClient) -> None:
    for _ in range(3):
        params = {"wait_end_of_query": "1"}
        answer = await http.post("/", params=params, content="SELECT number FROM numbers(40_000_000)")
        assert "TOO_MANY_ROWS_OR_BYTES" in answer.text
        answer = await http.post("/", params=params, content="SELECT count() FROM numbers(40_000_000)")
        assert answer.text == "40000000\n"


async def test_an_insert_may_name_its_table_by_a_parameter(
    client: AsyncClient, http: httpx.AsyncClient, table: str
) -> None:
    params = {"param_into": table, "query": "INSERT INTO {into:Identifier} (id, name) FORMAT CSV"}
    answer = await http.post("/", params=params, content=b"1,a\n2,b\n")
    assert answer.status_code == 200
    assert json.loads(answer.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert await count(client, table) == 2


async def test_a_database_is_backed_up_and_restored(client: AsyncClient, data_dir: Path) -> None:
    await client.command("CREATE DATABASE one_room")
    await client.command("CREATE TABLE one_room.t (id UInt64) ENGINE = MergeTree ORDER BY id")
    await client.insert("one_room.t", [[1], [2]], column_names=["id"])
    await client.command("BACKUP DATABASE one_room TO File('copy')")
    assert (data_dir / "clickhouse" / "backups" / "copy").exists()
    with pytest.raises(DatabaseError, match="not allowed for backups"):
        await client.command("BACKUP DATABASE one_room TO File('/tmp/bihuan-copy')")
    await client.command("DROP DATABASE one_room")
    await client.command("RESTORE DATABASE one_room FROM File('copy')")
    assert (await client.query("SELECT count() FROM one_room.t")).result_rows == [(2,)]
    await client.command("DROP DATABASE one_room")


async def test_who_does_not_know_the_password_gets_nothing(engines: Engines, http: httpx.AsyncClient) -> None:
    url = str(http.base_url)
    async with httpx.AsyncClient(trust_env=False) as stranger:
        for auth in (None, ("bihuan", "guess"), ("default", "")):
            answer = await stranger.post(url, content="SELECT 1", auth=auth or httpx.USE_CLIENT_DEFAULT)
            assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (403, "516")
        assert (await stranger.get(f"{url}/ping")).text == "Ok.\n"
        address = urlsplit(engines.clickhouse_url)
        known = {"X-ClickHouse-User": address.username or "", "X-ClickHouse-Key": address.password or ""}
        assert (await stranger.post(url, content="SELECT 1", headers=known)).text == "1\n"


async def test_get_reads_only(http: httpx.AsyncClient) -> None:
    assert (await http.get("/", params={"query": "SELECT 1"})).text == "1\n"
    assert (await http.get("/")).text == "Ok.\n"
    refused = await http.get("/", params={"query": "CREATE TABLE x (a Int8) ENGINE = Memory"})
    assert (refused.status_code, refused.headers["X-ClickHouse-Exception-Code"]) == (403, "164")


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SET max_threads = 1", "stands alone"),
        ("USE system", "stands alone"),
        ("CREATE TEMPORARY TABLE x (a Int8)", "stands alone"),
        ("SELECT 1 INTO OUTFILE '/tmp/bihuan-outfile.csv'", "writes no files"),
        ("SELECT 1; SELECT 2", "Multi-statements are not allowed"),
    ],
)
async def test_what_would_do_nothing_or_harm_is_refused(http: httpx.AsyncClient, sql: str, why: str) -> None:
    answer = await http.post("/", content=sql)
    assert answer.status_code in (400, 501)
    assert why in answer.text


async def test_table_names_are_never_taken_for_files(client: AsyncClient) -> None:
    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
        await client.query("SELECT * FROM `/etc/hostname`")


async def test_external_data_is_refused(client: AsyncClient) -> None:
    with pytest.raises(DatabaseError, match="External data"):
        await client.query(
            "SELECT * FROM more",
            external_data=ExternalData(data=b"1\n", file_name="more", fmt="CSV", structure="a Int8"),
        )


async def test_a_query_ends_when_its_client_goes_away(client: AsyncClient, http: httpx.AsyncClient) -> None:
    long = "SELECT sum(cityHash64(number)) FROM numbers(10_000_000_000_000)"
    left = (
        "SELECT count() FROM system.processes WHERE query LIKE '%10_000_000_000_000%' AND query NOT LIKE '%processes%'"
    )
    params = {"wait_end_of_query": "1", "cancel_http_readonly_queries_on_client_close": "1"}
    with pytest.raises(httpx.ReadTimeout):
        await http.post("/", params=params, content=long, timeout=1.0)
    waits = 0
    while (await client.query(left)).result_rows != [(0,)]:
        waits += 1
        assert waits < 100, "it still runs"
        await asyncio.sleep(0.1)


# --- one process, one folder


def test_a_second_process_on_the_same_folder_is_refused(engines: Engines, data_dir: Path) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "bihuan.analytics", "--data", str(data_dir), "--port", str(free_port())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "already serves" in second.stderr
    assert "name another --data folder" in second.stderr


def test_the_password_is_for_its_owner_alone(engines: Engines, data_dir: Path) -> None:
    secret = data_dir / "secrets" / "clickhouse.password"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text() == urlsplit(engines.clickhouse_url).password


async def stored(url: str) -> list[int]:
    """Ids in the table `note` in order, once the process is up again."""
    async with await clickhouse_connect.get_async_client(dsn=url) as client:
        found = await client.query("SELECT id FROM note")
    return sorted(row[0] for row in found.result_rows)


async def up_again(supervisor: Supervisor, server: ClickHouseServer, restarts: int) -> None:
    """Return once the process answers after so many restarts."""
    while supervisor.restarts("analytics") < restarts or not await server.is_ready():
        await asyncio.sleep(0.05)


@pytest.mark.fault
async def test_kill_9_loses_no_acknowledged_row_and_stores_none_twice(tmp_path: Path) -> None:
    server = ClickHouseServer(tmp_path)
    acknowledged: list[int] = []
    async with Supervisor(tmp_path / "logs") as supervisor:
        await supervisor.start(server.child())
        async with await clickhouse_connect.get_async_client(dsn=server.url) as client:
            await client.command(
                "CREATE TABLE note (id UInt64) ENGINE = MergeTree ORDER BY id"
                " SETTINGS non_replicated_deduplication_window = 1000"
            )

            async def write(start: int) -> None:
                """60 batches. The client itself sends a batch again when the process dies under it."""
                for number in range(start, start + 600, 10):
                    batch = range(number, number + 10)
                    token = {"insert_deduplication_token": str(number)}
                    await client.insert("note", [[one] for one in batch], column_names=["id"], settings=token)
                    acknowledged.extend(batch)

            writing = asyncio.gather(*(write(start) for start in (0, 1_000, 2_000)))
            while len(acknowledged) < 300:
                await asyncio.sleep(0.01)
            pid = supervisor.pid("analytics")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await writing
        assert supervisor.restarts("analytics") == 1
        assert sorted(acknowledged) == await stored(server.url)
        async with await clickhouse_connect.get_async_client(dsn=server.url) as client:
            await client.command("DELETE FROM note WHERE id = 5")
        assert sorted(acknowledged) != await stored(server.url), "a lost row would be seen"


@pytest.mark.fault
async def test_an_insert_cut_by_kill_9_and_sent_again_is_there_exactly_once(tmp_path: Path) -> None:
    server = ClickHouseServer(tmp_path)
    body = pa.BufferOutputStream()
    arrow = pa.table({"id": pa.array(range(1_500_000), pa.uint64())})
    with pa.ipc.new_stream(body, arrow.schema) as stream:
        stream.write_table(arrow)
    rows = body.getvalue().to_pybytes()
    cut = 0
    async with Supervisor(tmp_path / "logs") as supervisor:
        await supervisor.start(server.child())
        for attempt, delay in enumerate((0.02, 0.06, 0.12)):
            async with await clickhouse_connect.get_async_client(dsn=server.url) as client:
                await client.command(
                    f"CREATE TABLE note_{attempt} (id UInt64) ENGINE = MergeTree ORDER BY id"
                    " SETTINGS non_replicated_deduplication_window = 1000"
                )
            insert = {
                "query": f"INSERT INTO note_{attempt} FORMAT ArrowStream",
                "database": "bihuan",
                "insert_deduplication_token": "0-1500000",
            }
            address = urlsplit(server.url)
            async with httpx.AsyncClient(
                auth=(address.username or "", address.password or ""), trust_env=False, timeout=60
            ) as http:  # which sends nothing twice by itself
                url = f"http://127.0.0.1:{server.port}/"
                sending = asyncio.create_task(http.post(url, params=insert, content=rows))
                await asyncio.sleep(delay)
                pid = supervisor.pid("analytics")
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
                cut += isinstance((await asyncio.gather(sending, return_exceptions=True))[0], httpx.TransportError)
                await up_again(supervisor, server, attempt + 1)
                assert (await http.post(url, params=insert, content=rows)).status_code == 200
            async with await clickhouse_connect.get_async_client(dsn=server.url) as client:
                found = await client.query(f"SELECT count(), uniqExact(id) FROM note_{attempt}")
                assert found.result_rows == [(1_500_000, 1_500_000)]
    assert cut > 0, "no insert was cut, so nothing was tested"


async def test_who_asks_while_it_is_dead_is_answered_by_the_next(tmp_path: Path) -> None:
    server = ClickHouseServer(tmp_path, durable=False)
    async with Supervisor(tmp_path / "logs") as supervisor, httpx.AsyncClient(trust_env=False, timeout=30) as http:
        await supervisor.start(server.child())
        pid = supervisor.pid("analytics")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert (await http.get(f"http://127.0.0.1:{server.port}/ping")).text == "Ok.\n"
        await up_again(supervisor, server, 1)


HOUSE = """
import asyncio, sys
from pathlib import Path
from bihuan.kit.engines import embedded
async def main():
    async with embedded(Path(sys.argv[1])) as engines:
        print(engines.postgres_url, engines.clickhouse_url, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.fault
async def test_a_house_killed_with_kill_9_starts_again_at_once_with_everything(tmp_path: Path) -> None:
    house = subprocess.Popen([sys.executable, "-c", HOUSE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert house.stdout is not None
    postgres_url, clickhouse_url = (await asyncio.to_thread(house.stdout.readline)).split()
    async with (
        await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as postgres,
        await clickhouse_connect.get_async_client(dsn=clickhouse_url) as clickhouse,
    ):
        await postgres.execute("CREATE TABLE note (id int)")
        await clickhouse.command("CREATE TABLE note (id UInt64) ENGINE = MergeTree ORDER BY id")
        for number in range(50):
            await postgres.execute("INSERT INTO note VALUES (%s)", (number,))
            await clickhouse.insert("note", [[number]], column_names=["id"])
        house.kill()
        house.wait()
    house.stdout.close()
    async with embedded(tmp_path) as again:
        async with await psycopg.AsyncConnection.connect(again.postgres_url) as postgres:
            rows = await (await postgres.execute("SELECT id FROM note ORDER BY id")).fetchall()
        assert [row[0] for row in rows] == list(range(50))
        assert await stored(again.clickhouse_url) == list(range(50))


async def test_both_engines_and_their_addresses(tmp_path: Path) -> None:
    from bihuan.kit.engines import AlreadyRunning, reachable, running

    async with embedded(tmp_path, durable=False) as started:
        run = running(tmp_path)
        assert run is not None
        assert run.addresses == {"postgres": started.postgres_url, "clickhouse": started.clickhouse_url}
        async with reachable(tmp_path) as found:
            assert found == started
        with pytest.raises(AlreadyRunning):
            async with embedded(tmp_path):
                pass
    assert running(tmp_path) is None
