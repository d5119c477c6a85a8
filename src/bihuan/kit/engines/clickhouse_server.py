"""Embedded ClickHouse as a child process: `python -m bihuan.analytics` on a loopback port."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bihuan.kit.crypto import secret_file
from bihuan.kit.engines.supervise import Child

USER = "bihuan"
DATABASE = "bihuan"


def password(data_dir: Path) -> str:
    """The password of the embedded ClickHouse, made at first use, in a file only its owner may read."""
    return secret_file(data_dir / "secrets" / "clickhouse.password")


@dataclass(frozen=True)
class ClickHouseServer:
    """The analytics process of a data folder, listening on 127.0.0.1:`port`."""

    data_dir: Path
    port: int
    durable: bool = True

    @property
    def url(self) -> str:
        """Address for clickhouse_connect (`dsn=`) and any HTTP client."""
        return f"http://{USER}:{quote(password(self.data_dir), safe='')}@127.0.0.1:{self.port}/{DATABASE}"

    def child(self) -> Child:
        """The process as a child for a Supervisor."""
        password(self.data_dir)
        command = [sys.executable, "-m", "bihuan.analytics", "--data", str(self.data_dir.resolve())]
        command += ["--port", str(self.port), *([] if self.durable else ["--fast-unsafe"])]
        return Child(name="analytics", command=command, ready=self.is_ready, ready_within=120.0, grace=30.0)

    async def is_ready(self) -> bool:
        """Whether the process answers."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            writer.write(b"GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return (await reader.readline()).split()[1:2] == [b"200"]
        except OSError:
            return False
        finally:
            writer.close()
