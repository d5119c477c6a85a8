"""All SQL about experiments, assignments and exposures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import msgspec

from bihuan.decide.experiments.rules import Experiment
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

COLUMNS = ", ".join(field.name for field in fields(Experiment))


@dataclass(frozen=True)
class Exposure:
    """One opening that met the experiment at its first stall; step, branch and channel as they were then."""

    experiment: str
    opening_id: str
    version: int
    customer_id: UUID
    arm: str
    exposed_at: datetime
    step: str
    branch_id: UUID | None
    channel: str | None


@dataclass(frozen=True)
class Assignment:
    """The arm a customer has, and the version under which he was given it; `picked` by somebody, not drawn."""

    customer_id: UUID
    version: int
    arm: str
    picked: bool


EXPOSURE_COLUMNS = ", ".join(field.name for field in fields(Exposure))


async def current(tx: Tx, key: str | None = None) -> list[Experiment]:
    """The versions in force, of one experiment or of all."""
    return await postgres.read(
        tx,
        Experiment,
        f"SELECT {COLUMNS} FROM decide_experiment"
        " WHERE ended_at IS NULL AND (%(key)s::text IS NULL OR key = %(key)s) ORDER BY key",
        key=key,
    )


async def held(tx: Tx, key: str) -> Experiment | None:
    """The version in force; nobody else changes the experiment until the transaction ends."""
    # The first version stands for the experiment: who waits for the one in force finds it ended, and no other.
    await postgres.execute(tx, "SELECT FROM decide_experiment WHERE key = %(key)s AND version = 1 FOR UPDATE", key=key)
    return next(iter(await current(tx, key)), None)


async def versions(tx: Tx, key: str) -> list[Experiment]:
    """All versions, the latest first."""
    return await postgres.read(
        tx, Experiment, f"SELECT {COLUMNS} FROM decide_experiment WHERE key = %(key)s ORDER BY version DESC", key=key
    )


async def end(tx: Tx, key: str, now: datetime) -> None:
    """End the version in force."""
    await postgres.execute(
        tx, "UPDATE decide_experiment SET ended_at = %(now)s WHERE key = %(key)s AND ended_at IS NULL", key=key, now=now
    )


ADD = (
    f"INSERT INTO decide_experiment ({COLUMNS}) VALUES ("
    + ", ".join(f"%({field.name})s{'::jsonb' * (field.name == 'arms')}" for field in fields(Experiment))
    + ")"
)


async def add(tx: Tx, made: Experiment) -> None:
    """Put a new version in force."""
    await postgres.execute(tx, ADD, **{**vars(made), "arms": msgspec.json.encode(made.arms).decode()})


async def set_status(tx: Tx, key: str, status: str) -> None:
    """Let the version in force run, or rest."""
    await postgres.execute(
        tx,
        "UPDATE decide_experiment SET status = %(status)s WHERE key = %(key)s AND ended_at IS NULL",
        key=key,
        status=status,
    )


# The first arm a customer is given stays; whoever comes second reads it.
ASSIGN = """
INSERT INTO decide_assignment (experiment, customer_id, version, arm, picked, assigned_at)
SELECT %(key)s, customer_id, %(version)s, arm, %(picked)s, %(now)s
  FROM unnest(%(customers)s::uuid[], %(arms)s::text[]) AS u(customer_id, arm)
 ORDER BY customer_id
ON CONFLICT (experiment, customer_id) DO NOTHING
"""


async def assign(
    tx: Tx, key: str, version: int, wanted: Mapping[UUID, str], now: datetime, *, picked: bool = False
) -> dict[UUID, Assignment]:
    """Give customers these arms, unless they have one; what each has now."""
    await postgres.execute(
        tx,
        ASSIGN,
        key=key,
        version=version,
        customers=list(wanted),
        arms=list(wanted.values()),
        picked=picked,
        now=now,
    )
    found = await postgres.read(
        tx,
        Assignment,
        "SELECT customer_id, version, arm, picked FROM decide_assignment"
        " WHERE experiment = %(key)s AND customer_id = ANY(%(customers)s)",
        key=key,
        customers=list(wanted),
    )
    return {one.customer_id: one for one in found}


async def arms_of_openings(tx: Tx, key: str, opening_ids: Collection[str]) -> dict[str, str]:
    """The arms of openings that have met the experiment."""
    found = await postgres.rows(
        tx,
        "SELECT opening_id, arm FROM decide_exposure WHERE experiment = %(key)s AND opening_id = ANY(%(ids)s)",
        key=key,
        ids=list(opening_ids),
    )
    return {row["opening_id"]: row["arm"] for row in found}


EXPOSE = (
    f"INSERT INTO decide_exposure ({EXPOSURE_COLUMNS}) VALUES ("
    + ", ".join(f"%({field.name})s" for field in fields(Exposure))
    + ") ON CONFLICT (experiment, opening_id) DO NOTHING"
)


async def expose(tx: Tx, found: Sequence[Exposure]) -> None:
    """Record first stalls; an opening that has met the experiment keeps its row."""
    await postgres.execute_many(tx, EXPOSE, [vars(one) for one in sorted(found, key=lambda one: one.opening_id)])


async def exposures(tx: Tx, key: str) -> list[Exposure]:
    """All exposures of an experiment, the earliest first."""
    return await postgres.read(
        tx,
        Exposure,
        f"SELECT {EXPOSURE_COLUMNS} FROM decide_exposure WHERE experiment = %(key)s ORDER BY exposed_at, opening_id",
        key=key,
    )


async def exposed(tx: Tx, key: str) -> dict[int, dict[str, int]]:
    """How many were exposed, by version and arm."""
    found = await postgres.rows(
        tx,
        "SELECT version, arm, count(*) AS openings FROM decide_exposure WHERE experiment = %(key)s"
        " GROUP BY version, arm",
        key=key,
    )
    counts: dict[int, dict[str, int]] = {}
    for row in found:
        counts.setdefault(row["version"], {})[row["arm"]] = row["openings"]
    return counts


# A visitor's arm becomes the user's where the user has none; what was exposed belongs to the user.
MERGE_ASSIGNMENTS = """
INSERT INTO decide_assignment (experiment, customer_id, version, arm, picked, assigned_at)
SELECT DISTINCT ON (a.experiment, u.into_id) a.experiment, u.into_id, a.version, a.arm, a.picked, a.assigned_at
  FROM decide_assignment a
  JOIN unnest(%(visitors)s::uuid[], %(users)s::uuid[]) AS u(visitor_id, into_id) ON u.visitor_id = a.customer_id
 ORDER BY a.experiment, u.into_id, a.assigned_at, a.customer_id
ON CONFLICT (experiment, customer_id) DO NOTHING
"""

MERGE_EXPOSURES = """
UPDATE decide_exposure e SET customer_id = u.into_id
  FROM unnest(%(visitors)s::uuid[], %(users)s::uuid[]) AS u(visitor_id, into_id) WHERE e.customer_id = u.visitor_id
"""


async def merge(tx: Tx, pairs: Mapping[UUID, UUID]) -> None:
    """These visitors are those users."""
    for statement in (MERGE_ASSIGNMENTS, MERGE_EXPOSURES):
        await postgres.execute(tx, statement, visitors=list(pairs), users=list(pairs.values()))
