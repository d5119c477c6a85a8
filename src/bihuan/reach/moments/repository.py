"""All SQL about moments and the progress of applications that ends them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.reach.moments.rules import OPEN, Progress, Stall

COLUMNS = (
    "id, opening_id, stuck_at, last_fact_at, customer_id, branch_id, step, experiment, arm, state, reason, due_at,"
    " created_at, settled_at"
)


@dataclass(frozen=True)
class Moment:
    """One stall of one application, and what became of it."""

    id: UUID
    opening_id: str
    stuck_at: datetime
    last_fact_at: datetime
    customer_id: UUID | None
    branch_id: UUID | None
    step: str
    experiment: str
    arm: str
    state: str
    reason: str | None
    due_at: datetime | None
    created_at: datetime
    settled_at: datetime | None

    @property
    def stall(self) -> Stall:
        """As the rules see it."""
        return Stall(self.step, self.last_fact_at, self.stuck_at)


@dataclass(frozen=True)
class Policy:
    """What a firm may set: how long a person has, how often and when a sending is tried again, its signature."""

    person_deadline_s: int
    resume_after_s: int
    most_attempts: int
    sign: str
    opt_out_words: list[str]


async def policy(tx: Tx) -> Policy:
    """The room's settings."""
    found = await postgres.read_one(
        tx,
        Policy,
        "SELECT person_deadline_s, resume_after_s, most_attempts, sign, opt_out_words FROM reach_policy",
    )
    if found is None:
        raise LookupError("reach_policy has lost its row")
    return found


# At most one moment per (application, time it got stuck): a repeated reaction finds it there and does nothing.
ADD = f"""
INSERT INTO reach_moment ({COLUMNS})
VALUES (%(id)s, %(opening_id)s, %(stuck_at)s, %(last_fact_at)s, %(customer_id)s, %(branch_id)s, %(step)s,
        %(experiment)s, %(arm)s, %(state)s, NULL, %(due_at)s, %(created_at)s, %(settled_at)s)
ON CONFLICT (opening_id, stuck_at) DO NOTHING
RETURNING id
"""

SETTLE = f"""
UPDATE reach_moment SET state = %(state)s, reason = %(reason)s, due_at = %(due_at)s, settled_at = %(settled_at)s
 WHERE id = %(id)s
RETURNING {COLUMNS}
"""

# Those of these applications that still wait for something, or were left to an advisor.
OF_OPENINGS = f"""
SELECT {COLUMNS} FROM reach_moment
 WHERE opening_id = ANY(%(openings)s) AND state = ANY(%(states)s) ORDER BY opening_id, stuck_at FOR UPDATE
"""

BY_IDS = f"SELECT {COLUMNS} FROM reach_moment WHERE id = ANY(%(ids)s) ORDER BY opening_id, stuck_at FOR UPDATE"

PROGRESS = """
SELECT opening_id, moved_at, taken_at, released_at, contacted_at, returned_at, returned_step
  FROM reach_opening WHERE opening_id = ANY(%(openings)s)
"""

# The latest turn of each kind; heard twice or late, it changes nothing.
NOTE = """
INSERT INTO reach_opening AS o (opening_id, moved_at, taken_at, released_at, contacted_at, returned_at, returned_step)
SELECT * FROM unnest(%(openings)s::text[], %(moved)s::timestamptz[], %(taken)s::timestamptz[],
                     %(released)s::timestamptz[], %(contacted)s::timestamptz[], %(returned)s::timestamptz[],
                     %(steps)s::text[])
ON CONFLICT (opening_id) DO UPDATE SET
  moved_at = greatest(o.moved_at, excluded.moved_at),
  taken_at = greatest(o.taken_at, excluded.taken_at),
  released_at = greatest(o.released_at, excluded.released_at),
  contacted_at = greatest(o.contacted_at, excluded.contacted_at),
  returned_step = CASE WHEN excluded.returned_at >= coalesce(o.returned_at, '-infinity')
                       THEN excluded.returned_step ELSE o.returned_step END,
  returned_at = greatest(o.returned_at, excluded.returned_at)
"""


async def add(tx: Tx, moment: Moment) -> bool:
    """Whether this moment is new."""
    values = {**vars(moment)}
    return await postgres.value(tx, ADD, **values) is not None


async def settle(
    tx: Tx,
    moment_id: UUID,
    state: str,
    now: datetime,
    *,
    reason: str | None = None,
    due_at: datetime | None = None,
) -> Moment | None:
    """Move a moment into a state."""
    settled_at = None if state in OPEN else now
    return await postgres.read_one(
        tx, Moment, SETTLE, id=moment_id, state=state, reason=reason, due_at=due_at, settled_at=settled_at
    )


async def of_openings(tx: Tx, openings: Sequence[str], states: Sequence[str]) -> list[Moment]:
    """The moments of these applications in these states, locked."""
    return await postgres.read(tx, Moment, OF_OPENINGS, openings=list(openings), states=list(states))


async def by_ids(tx: Tx, ids: Sequence[UUID]) -> list[Moment]:
    """Moments by id, locked."""
    return await postgres.read(tx, Moment, BY_IDS, ids=list(ids))


async def progress(tx: Tx, openings: Sequence[str]) -> dict[str, Progress]:
    """What is known of each application."""
    found = await postgres.rows(tx, PROGRESS, openings=list(openings))
    known = {row.pop("opening_id"): Progress(**row) for row in found}
    return {opening: known.get(opening, Progress()) for opening in openings}


async def note(tx: Tx, noted: Mapping[str, Progress]) -> None:
    """Note the latest turns of applications."""
    turns = [noted[opening] for opening in sorted(noted)]
    await postgres.execute(
        tx,
        NOTE,
        openings=sorted(noted),
        moved=[turn.moved_at for turn in turns],
        taken=[turn.taken_at for turn in turns],
        released=[turn.released_at for turn in turns],
        contacted=[turn.contacted_at for turn in turns],
        returned=[turn.returned_at for turn in turns],
        steps=[turn.returned_step for turn in turns],
    )


def listing(scope: str) -> str:
    """The page of moments, newest first, within a data scope."""
    return f"""
SELECT {COLUMNS} FROM reach_moment
 WHERE {scope}
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
   AND (%(opening)s::text IS NULL OR opening_id = %(opening)s)
   AND (%(state)s::text IS NULL OR state = %(state)s)
   AND (%(before_at)s::timestamptz IS NULL OR (created_at, id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY created_at DESC, id DESC LIMIT %(limit)s
"""


async def who_stalled(tx: Tx, customer_ids: Collection[UUID]) -> list[UUID]:
    """Those of these customers who have a moment, in the order in which their rows are locked."""
    found = await postgres.rows(
        tx,
        "SELECT DISTINCT customer_id FROM reach_moment WHERE customer_id = ANY(%(ids)s) ORDER BY customer_id",
        ids=list(customer_ids),
    )
    return [row["customer_id"] for row in found]


MOVE = """
UPDATE reach_moment SET branch_id = %(branch_id)s
 WHERE customer_id = %(customer_id)s AND branch_id IS DISTINCT FROM %(branch_id)s
"""


async def move(tx: Tx, customer_id: UUID, branch_id: UUID) -> None:
    """A customer's moments are his new branch's."""
    await postgres.execute(tx, MOVE, customer_id=customer_id, branch_id=branch_id)
