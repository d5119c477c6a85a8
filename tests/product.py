"""A whole product for tests that need one: supervised processes on a folder of its own, with the demo's brokerage."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bihuan.collect import facade as collect
from bihuan.commands.demo import Keys, firm_keys
from bihuan.commands.processes import Up, product
from bihuan.commands.running import settled
from bihuan.commands.sinks import sink_of
from bihuan.kit import house as houses
from bihuan.kit import postgres as pg
from bihuan.kit.house import House
from bihuan.kit.settings import Settings
from bihuan.people import facade as people
from bihuan.sim import facade as sim


@dataclass(frozen=True)
class Running:
    """A running product and the keys to it."""

    up: Up
    house: House
    keys: Keys

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.up.url

    def pid(self, name: str) -> int:
        """The process id of a child: server, worker, postgres, analytics."""
        found = self.up.supervisor.pid(name)
        assert found is not None, f"{name} does not run"
        return found

    async def events(self, where: str = "true") -> int:
        """How many tracked entries the archive holds, once nothing moves any more."""
        await self.quiet()
        found = await self.house.clickhouse.query(f"SELECT count() AS n FROM log WHERE kind = 'tracked' AND {where}")
        return int(found[0]["n"])

    async def quiet(self) -> None:
        """Return when all entries have been reacted to and shipped, the facts of those reactions included."""
        last = -1
        while last != (last := await self.value("SELECT coalesce(max(seq), 0) FROM log")):
            await settled(self.house)

    async def value(self, sql: str, **params: Any) -> Any:
        """One value from PostgreSQL."""
        async with self.house.postgres.transaction() as tx:
            return await pg.value(tx, sql, **params)

    @asynccontextmanager
    async def signed_in(self, login: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which this staff member has signed in, CSRF header set."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=30) as client:
            answer = await client.post("/api/v1/session", json={"login": login, "password": self.keys.staff_password})
            answer.raise_for_status()
            client.headers["X-CSRF-Token"] = answer.json()["csrf"]
            yield client

    async def track(self, *messages: dict[str, Any], trusted: bool = True) -> None:
        """Send messages over the tracking wire, as the firm's system or as an app."""
        key = self.keys.server_key if trusted else self.keys.write_key
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=30) as client:
            answer = await client.post("/v1/batch", auth=(key, ""), content=json.dumps({"batch": list(messages)}))
            answer.raise_for_status()


@asynccontextmanager
async def running_product(folder: Path, *, speed: float = 1.0, sms_url: str = "") -> AsyncIterator[Running]:
    """Start a product with the demo's branches and staff; stop it at the end."""
    settings = Settings(data=folder, port=0, demo=True, log_level="WARNING", sms_url=sms_url, sms_secret=SecretStr("s"))
    async with (
        product(settings) as up,
        houses.opened(up.settings, up.engines.postgres_url, up.engines.clickhouse_url) as house,
    ):
        keys = await firm_keys(house)
        files = folder / "simulated"
        if not files.exists():
            sim.write_brokerage(files, seed=7)
            for kind in ("branches", "staff"):
                mapping = collect.read_mapping(files / f"{kind}.yaml", kind)
                await collect.run_import(house, files / f"{kind}.csv.gz", mapping, sink_of(kind, house))
            async with house.postgres.transaction() as tx:
                await people.set_demo_passwords(tx, keys.staff_password)
        async with house.postgres.transaction() as tx:
            await houses.pace_clock(tx, speed)
            house.clock.adopt(await houses.read_clock(tx))
        yield Running(up, house, keys)


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Return once `true()` is; fail after so many seconds."""
    for _ in range(int(seconds / 0.1)):
        if await true():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come true in time")
