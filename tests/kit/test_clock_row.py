"""The product's clock, one row that all processes share."""

import asyncio
from datetime import timedelta

import pytest

from bihuan.kit import house as houses
from bihuan.kit.errors import Invalid
from bihuan.kit.postgres import Postgres
from bihuan.kit.testing import A_TRADING_MORNING


async def test_the_clock_is_paced_from_where_it_is_however_fast_it_runs(postgres: Postgres) -> None:
    start = A_TRADING_MORNING + timedelta(days=9000)
    async with postgres.transaction() as tx:
        await houses.set_clock(tx, start, 100_000.0)
    read = [start]
    for factor in (100_000.0, 100_000.0, 1.0, 60.0):
        await asyncio.sleep(0.01)
        async with postgres.transaction() as tx:
            await houses.pace_clock(tx, factor)
            clock = await houses.read_clock(tx)
        assert clock.factor == factor
        read.append(clock.now())
    assert read == sorted(read)
    assert read[2] - start > timedelta(minutes=10)  # two waits of ten milliseconds, at least


async def test_the_clock_refuses_to_run_backwards(postgres: Postgres) -> None:
    async with postgres.transaction() as tx:
        await houses.set_clock(tx, A_TRADING_MORNING + timedelta(days=9000), 1.0)
    with pytest.raises(Invalid, match="backwards"):
        async with postgres.transaction() as tx:
            await houses.set_clock(tx, A_TRADING_MORNING + timedelta(days=8999), 1.0)


async def test_a_real_clock_can_be_paced(postgres: Postgres) -> None:
    async with postgres.transaction() as tx:
        await houses.pace_clock(tx, 20.0)
        assert (await houses.read_clock(tx)).factor == 20.0
