"""The embedded PostgreSQL: made once, private, durable, and innocent of other people's processes."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bihuan.kit import postgres as pg
from bihuan.kit.engines import EngineUnusable, PostgresServer, Supervisor, embedded, forget, places, stale
from bihuan.kit.engines.postgres_server import LONGEST_SOCKET_PATH, binaries
from bihuan.kit.postgres import Postgres

pytestmark = pytest.mark.engine

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="root only: elsewhere the server runs as we do")
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A data folder that every account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-test-"))
    folder.chmod(0o711)
    yield folder
    forget(folder)


@asynccontextmanager
async def served(data: Path, *, durable: bool = False) -> AsyncIterator[tuple[Supervisor, PostgresServer]]:
    """A server under a supervisor of its own."""
    server = PostgresServer(data, durable=durable)
    async with Supervisor(data / "logs") as supervisor:
        await asyncio.to_thread(server.prepare)
        await supervisor.start(server.child())
        yield supervisor, server


async def one(url: str, sql: str) -> Any:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        row = await (await connection.execute(sql.encode())).fetchone()
    assert row is not None
    return row[0]


async def run(url: str, sql: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(sql.encode())


async def test_what_was_written_is_there_at_the_next_start(open_dir: Path) -> None:
    for expected in (1, 2):
        async with embedded(open_dir, durable=False, clickhouse_url=NOWHERE) as engines:
            async with await psycopg.AsyncConnection.connect(engines.postgres_url) as connection:
                await connection.execute("CREATE TABLE IF NOT EXISTS note (at timestamptz DEFAULT now())")
                await connection.execute("INSERT INTO note DEFAULT VALUES")
            assert await one(engines.postgres_url, "SELECT count(*) FROM note") == expected


async def test_a_commit_is_durable_also_where_the_server_s_default_is_speed(open_dir: Path) -> None:
    async with served(open_dir, durable=True) as (_, server):
        await run(server.url, "ALTER DATABASE bihuan SET synchronous_commit = off")
        assert await one(server.url, "SHOW synchronous_commit") == "off"
        postgres = Postgres(server.url, size=1)
        await postgres.open()
        async with postgres.transaction() as tx:
            assert await pg.value(tx, "SHOW synchronous_commit") == "on"
        await postgres.close()


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
async def test_how_it_is_set_up(open_dir: Path, durable: bool, fsync: str) -> None:
    async with served(open_dir, durable=durable) as (_, server):
        assert await one(server.url, "SHOW fsync") == fsync
        assert await one(server.url, "SHOW synchronous_commit") == fsync
        assert await one(server.url, "SHOW max_connections") == "120"
        assert await one(server.url, "SHOW listen_addresses") == ""
        assert await one(server.url, "SHOW timezone") == "UTC"
        assert await one(server.url, "SELECT current_database()") == "bihuan"
        locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'bihuan'"
        assert await one(server.url, locale) == "bC.UTF-8"
        assert await one(server.url, "SELECT lower('ÄÉ') || length('闭环')") == "äé2"


async def test_nobody_enters_without_the_password(open_dir: Path) -> None:
    async with served(open_dir) as (_, server):
        for role in ("bihuan", "postgres"):
            with pytest.raises(psycopg.OperationalError, match="authentication failed"):
                await one(f"postgresql://{role}:guess@/bihuan?host={server.socket_dir}&port=5432", "SELECT 1")
    secret = open_dir / "secrets" / "postgres.password"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.home.stat().st_mode) == 0o700
    assert not (server.home / "initial-password").exists()


async def test_it_listens_on_loopback_when_given_a_port(open_dir: Path) -> None:
    from bihuan.kit.engines import free_port

    server = PostgresServer(open_dir, durable=False, tcp_port=free_port())
    async with Supervisor(open_dir / "logs") as supervisor:
        await asyncio.to_thread(server.prepare)
        await supervisor.start(server.child())
        by_tcp = server.url.split("?")[0].replace("@/", f"@127.0.0.1:{server.tcp_port}/")
        assert await one(by_tcp, "SELECT inet_server_addr()::text") == "127.0.0.1/32"


async def acknowledged_until_killed(supervisor: Supervisor, url: str, kill_after: int) -> set[int]:
    """Rows that were committed, as far as the client knows, when the server got kill -9."""
    acknowledged: set[int] = set()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("CREATE TABLE note (id int PRIMARY KEY)")
        for number in range(10**6):
            try:
                await connection.execute("INSERT INTO note VALUES (%s)", (number,))
            except psycopg.OperationalError:
                return acknowledged
            acknowledged.add(number)
            if number == kill_after:
                pid = supervisor.pid("postgres")
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
    raise AssertionError("it was never killed")


async def stored_once_up_again(supervisor: Supervisor, url: str) -> set[int]:
    for _ in range(500):
        try:
            async with await psycopg.AsyncConnection.connect(url) as connection:
                rows = await (await connection.execute("SELECT id FROM note")).fetchall()
                return {row[0] for row in rows}
        except psycopg.OperationalError:
            await asyncio.sleep(0.05)
    raise AssertionError("it did not come back")


@pytest.mark.fault
async def test_kill_9_loses_no_acknowledged_row(open_dir: Path) -> None:
    async with served(open_dir, durable=True) as (supervisor, server):
        acknowledged = await acknowledged_until_killed(supervisor, server.url, kill_after=300)
        assert len(acknowledged) > 300
        assert acknowledged <= await stored_once_up_again(supervisor, server.url)
        assert supervisor.restarts("postgres") >= 1
        async with await psycopg.AsyncConnection.connect(server.url) as connection:
            await connection.execute("DELETE FROM note WHERE id = 7")
        assert not acknowledged <= await stored_once_up_again(supervisor, server.url), "a lost row would be seen"


def bystander(account: tuple[int, int] | None) -> subprocess.Popen[bytes]:
    """Somebody's process, under the account of the server."""
    return subprocess.Popen(["sleep", "60"], cwd="/", **places.as_account(account))


async def leave_stale_pid(data: Path, pid: int) -> PostgresServer:
    """A cluster whose server was killed, and whose postmaster.pid names `pid`."""
    async with served(data) as (supervisor, server):
        postmaster = server.cluster / "postmaster.pid"
        left = postmaster.read_text()
        assert stale.recorded_pid(server.cluster) == supervisor.pid("postgres")
    postmaster.write_text("\n".join([str(pid), *left.split("\n")[1:]]))
    return server


@pytest.mark.fault
async def test_a_stale_pid_file_neither_stops_it_nor_harms_the_process_it_names(open_dir: Path) -> None:
    account = places.server_account(None)
    with bystander(account) as innocent:
        server = await leave_stale_pid(open_dir, innocent.pid)
        refused = subprocess.run(
            [str(binaries(account) / "postgres"), "-D", str(server.cluster)],
            cwd="/", capture_output=True, text=True, check=False, **places.as_account(account),
        )  # fmt: skip
        assert "already exists" in refused.stderr, "by itself PostgreSQL takes it for a running server"
        async with served(open_dir) as (_, again):
            assert await one(again.url, "SELECT 1") == 1
        assert innocent.poll() is None, "nobody touched it"
        innocent.kill()


@pytest.mark.fault
async def test_a_server_that_outlived_its_parent_is_stopped_before_the_next_starts(open_dir: Path) -> None:
    account = places.server_account(None)
    server = PostgresServer(open_dir, durable=False)
    server.prepare()
    command = server.child().command
    with subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, **places.as_account(account)) as orphan:
        while not (server.cluster / "postmaster.pid").exists():
            await asyncio.sleep(0.02)
        async with served(open_dir) as (supervisor, again):
            assert orphan.poll() == 0, "it was shut down in order"
            assert await one(again.url, "SELECT 1") == 1
            assert supervisor.pid("postgres") != orphan.pid


async def test_a_long_path_gets_a_short_socket(open_dir: Path) -> None:
    data = open_dir / ("长" * 40) / ("x" * 60)
    data.mkdir(parents=True)
    async with served(data) as (_, server):
        assert len(os.fsencode(server.socket_dir / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        assert server.socket_dir.parent == Path("/tmp")
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert await one(server.url, "SELECT 1") == 1
    assert not server.socket_dir.exists()


async def test_a_socket_folder_that_somebody_else_made_is_refused(open_dir: Path) -> None:
    data = open_dir / ("x" * 100)
    data.mkdir()
    server = PostgresServer(data, durable=False)
    server.socket_dir.mkdir(mode=0o777)
    server.socket_dir.chmod(0o777)
    with pytest.raises(PermissionError, match="Remove it"):
        server.prepare()
    server.socket_dir.rmdir()


async def test_a_cluster_of_another_major_version_is_refused_with_advice(open_dir: Path) -> None:
    server = PostgresServer(open_dir, durable=False)
    server.prepare()
    (server.cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(EngineUnusable, match="written by PostgreSQL 15"):
        server.prepare()


async def test_an_initdb_that_was_cut_short_is_begun_anew(open_dir: Path) -> None:
    server = PostgresServer(open_dir, durable=False)
    places.settle(server.home, places.server_account(None), disposable=True)
    (server.home / "cluster.draft" / "base").mkdir(parents=True)
    async with served(open_dir) as (_, whole):
        assert await one(whole.url, "SELECT 1") == 1


async def test_a_lost_password_is_reported_at_once(open_dir: Path) -> None:
    async with served(open_dir):
        pass
    (open_dir / "secrets" / "postgres.password").write_text("another")
    with pytest.raises(EngineUnusable, match="another password"):
        async with served(open_dir):
            pass


@AS_ROOT
async def test_root_runs_it_as_somebody_else(open_dir: Path) -> None:
    async with served(open_dir) as (supervisor, _):
        owner = Path(f"/proc/{supervisor.pid('postgres')}").stat().st_uid
        assert pwd.getpwuid(owner).pw_name in places.ACCOUNTS


@AS_ROOT
async def test_a_data_folder_that_the_account_cannot_enter_keeps_its_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_dir: Path
) -> None:
    monkeypatch.setattr(places, "ELSEWHERE", open_dir / "elsewhere")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    async with served(data) as (_, server):
        assert await one(server.url, "SELECT 1") == 1
        assert server.home.is_symlink()
        assert server.home.resolve().parent == open_dir / "elsewhere"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    async with served(data) as (_, server):
        assert await one(server.url, "SELECT 1") == 1
    shutil.rmtree(data)
    data.mkdir(mode=0o700)
    async with served(data) as (_, server):
        assert await one(server.url, "SELECT 1") == 1, "a home left over from before is not taken for the new one"
    forget(data)
    assert not data.exists()
    assert list((open_dir / "elsewhere").iterdir()) == []


@AS_ROOT
def test_disposable_homes_are_swept_once_their_data_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_dir: Path
) -> None:
    monkeypatch.setattr(places, "ELSEWHERE", open_dir / "elsewhere")
    account = places.server_account(None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    for name, disposable in (("kept", False), ("temporary", False), ("thrown", True), ("last", True)):
        (tmp_path / name).mkdir(mode=0o700)
        places.settle(tmp_path / name / "postgres", account, disposable=disposable)
        if name != "last":
            shutil.rmtree(tmp_path / name)
    assert {path.name.split("-")[0] for path in (open_dir / "elsewhere").iterdir()} == {"kept", "last"}


@AS_ROOT
async def test_binaries_that_the_account_cannot_reach_are_copied(
    monkeypatch: pytest.MonkeyPatch, open_dir: Path
) -> None:
    monkeypatch.setattr(places, "ELSEWHERE", open_dir / "elsewhere")
    really = places.can_run
    monkeypatch.setattr(places, "can_run", lambda path, account: "elsewhere" in str(path) and really(path, account))
    async with served(open_dir) as (_, server):
        assert await one(server.url, "SELECT 1") == 1
    assert binaries(places.server_account(None)).is_relative_to(open_dir / "elsewhere")
