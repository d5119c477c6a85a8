"""Embedded ClickHouse as a child process: `python -m bihuan.analytics` on a loopback port."""

import asyncio
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bihuan.kit.crypto import secret_file
from bihuan.kit.engines.supervise import Child, listener

USER = "bihuan"
DATABASE = "bihuan"
PROBE_S = 1.0


def password(data_dir: Path) -> str:
    """The password of the embedded ClickHouse, made at first use, in a file only its owner may read."""
    return secret_file(data_dir / "secrets" / "clickhouse.password")


@dataclass(frozen=True)
class ClickHouseServer:
    """The analytics process of a data folder.

    The listening socket is held here and passed on, so the address outlives a killed process, and who connects
    meanwhile waits for the next one instead of being refused.
    """

    data_dir: Path
    durable: bool = True
    listening: socket.socket = field(default_factory=lambda: listener("127.0.0.1", 0))

    @property
    def port(self) -> int:
        """The loopback port."""
        return int(self.listening.getsockname()[1])

    @property
    def url(self) -> str:
        """Address for clickhouse_connect (`dsn=`) and any HTTP client."""
        return f"http://{USER}:{quote(password(self.data_dir), safe='')}@127.0.0.1:{self.port}/{DATABASE}"

    def child(self) -> Child:
        """The process as a child for a Supervisor, which closes the socket at its end."""
        password(self.data_dir)
        command = [sys.executable, "-m", "bihuan.analytics", "--data", str(self.data_dir.resolve())]
        command += ["--fd", str(self.listening.fileno()), *([] if self.durable else ["--fast-unsafe"])]
        return Child(
            name="analytics",
            command=command,
            ready=self.is_ready,
            ready_within=120.0,
            pass_fds=(self.listening.fileno(),),
            grace=30.0,
            after=self.listening.close,
        )

    async def is_ready(self) -> bool:
        """Whether the process answers, asked for a second at most."""
        try:
            async with asyncio.timeout(PROBE_S):
                return await self._ping() == b"200"
        except (OSError, TimeoutError):
            return False

    async def _ping(self) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(b"GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            status = (await reader.readline()).split()
            return status[1] if len(status) > 1 else b""
        finally:
            writer.close()
