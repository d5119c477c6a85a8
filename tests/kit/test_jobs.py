"""Jobs are enqueued with the caller's transaction, and not at all when that is rolled back."""

from typing import Any

import pytest

from bihuan.kit import jobs
from bihuan.kit import postgres as pg
from bihuan.kit.postgres import Postgres, Tx


@jobs.job("kit.test")
async def _job(context: Any, **given: Any) -> None: ...


async def waiting(postgres: Postgres) -> int:
    async with postgres.transaction() as tx:
        return int(await pg.value(tx, "SELECT count(*) FROM procrastinate_jobs"))


async def test_a_job_of_a_rolled_back_transaction_never_was(postgres: Postgres) -> None:
    async def enqueue_and_fail(first: str | None) -> None:
        async with postgres.transaction() as tx:
            if first:
                await tx.execute(first)
            await jobs.enqueue(tx, "kit.test", number=1)
            raise LookupError

    for first in (None, "SELECT 1"):
        with pytest.raises(LookupError):
            await enqueue_and_fail(first)
        assert await waiting(postgres) == 0


@pytest.mark.parametrize("silent_for", [5, 60])
async def test_what_a_dead_worker_left_runs_again_and_what_a_living_one_does_is_left_to_it(
    postgres: Postgres, silent_for: int
) -> None:
    async with postgres.transaction() as tx:
        await jobs.enqueue(tx, "kit.test", number=1)
    app = jobs.app(postgres.url)
    async with app.open_async():
        worker = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=None, worker_id=worker) is not None
        async with postgres.transaction() as tx:
            await tx.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)", [silent_for]
            )
        assert await jobs.take_up(app) == (silent_for > 30)
        again = await app.job_manager.fetch_job(queues=None, worker_id=worker)
    assert (again is not None) == (silent_for > 30)


async def test_the_same_once_is_refused_and_harms_nothing_that_was_done_before(postgres: Postgres) -> None:
    async with postgres.transaction() as tx:
        await tx.execute("CREATE TABLE shelf (n int)")
        assert await jobs.enqueue(tx, "kit.test", once="o")
        await tx.execute("INSERT INTO shelf VALUES (1)")
        assert not await jobs.enqueue(tx, "kit.test", once="o")
        await tx.execute("INSERT INTO shelf VALUES (2)")
    assert await waiting(postgres) == 1
    async with postgres.transaction() as tx:
        assert await pg.value(tx, "SELECT sum(n) FROM shelf") == 3


async def test_a_part_that_fails_takes_its_rows_and_its_last_words_back(postgres: Postgres) -> None:
    said: list[int] = []

    async def say(tx: Tx, items: Any) -> None:
        said.extend(items)

    async def fail(tx: Tx) -> None:
        async with tx.savepoint():
            tx.at_commit(say, 2)
            await tx.execute("INSERT INTO shelf VALUES (2)")
            raise LookupError

    async with postgres.transaction() as tx:
        await tx.execute("CREATE TABLE shelf (n int)")
        tx.at_commit(say, 1)
        with pytest.raises(LookupError):
            await fail(tx)
        async with tx.savepoint():
            tx.at_commit(say, 3)
    assert said == [1, 3]
    async with postgres.transaction() as tx:
        assert await pg.value(tx, "SELECT count(*) FROM shelf") == 0
