"""Background work: Procrastinate on the same PostgreSQL, enqueued in the caller's own transaction."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued

from bihuan.kit.postgres import Tx

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])


_app = procrastinate.App(connector=procrastinate.PsycopgConnector())


def job(name: str, *, queue: str = "default", attempts: int = 5, wait_s: int = 5) -> Callable[[F], F]:
    """Make an async function a job. It gets the job's context first: `context.additional_context["house"]`.

    A job may run again after a crash: what it does outside PostgreSQL must carry an idempotency key.
    """
    retry = procrastinate.RetryStrategy(max_attempts=attempts, exponential_wait=wait_s)
    decorate: Any = _app.task(name=name, queue=queue, retry=retry, pass_context=True)
    return cast("Callable[[F], F]", decorate)


def app(conninfo: str) -> procrastinate.App:
    """The Procrastinate app of a worker process, with the jobs of all rooms that were imported."""
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4)
    return _app.with_connector(connector)


async def enqueue(tx: Tx, name: str, *, lock: str | None = None, once: str | None = None, **args: Any) -> bool:
    """Enqueue a job in this transaction. With `once`, False when the same is waiting already.

    Jobs with the same `lock` never run side by side.
    """
    configured = _app.configure_task(name, allow_unknown=False, lock=lock, queueing_lock=once, connection=tx)
    try:
        async with tx.savepoint():  # a refusal must not abort what the caller did before
            await configured.defer_async(**args)
    except AlreadyEnqueued:
        return False
    return True


async def take_up(found: procrastinate.App) -> int:
    """Let the jobs of workers that died run again; how many. Dead is who gave no sign of life for half a minute."""
    stalled = list(await found.job_manager.get_stalled_jobs())
    for one in stalled:
        await found.job_manager.retry_job(one)
    return len(stalled)
