"""Use cases of relations."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from bihuan.customers.facts import RelationMoved
from bihuan.customers.profiles import repository as profiles
from bihuan.customers.profiles.service import RANK_SERVICE
from bihuan.customers.relations import repository, rules
from bihuan.customers.relations.rules import Move
from bihuan.kit import log as the_log
from bihuan.kit.errors import Invalid
from bihuan.kit.postgres import Tx

KINDS = ("acquisition", "service", "contract")


async def move(
    tx: Tx,
    customer_id: UUID,
    kind: str,
    branch_id: UUID,
    staff_id: UUID | None,
    reason: str,
    now: datetime,
    *,
    share: Decimal = Decimal(1),
    since: datetime | None = None,
) -> None:
    """As `move_many`, for one relation."""
    await move_many(tx, [Move(customer_id, kind, branch_id, staff_id, reason, since or now, share)], now)


async def move_many(tx: Tx, moves: Sequence[Move], now: datetime) -> None:
    """End the relations of these kinds that hold at each move's time and begin others; what was before stays.

    A relation that begins in the past ends where a later one of its kind begins. A service relation also moves the
    customer's serving branch. Raises Invalid for an unknown kind or share.
    """
    for m in moves:
        if m.kind not in KINDS:
            raise Invalid("relation-kind", f"A relation is one of {', '.join(KINDS)}.")
        if not 0 < m.share <= 1:
            raise Invalid("relation-share", "A share lies above 0 and at most at 1.")
    await repository.close(tx, [(m.customer_id, m.kind, m.at) for m in moves])
    await repository.begin(tx, moves)
    await profiles.place_firmly(tx, list(rules.serving(moves).items()), RANK_SERVICE)
    facts = [RelationMoved(m.customer_id, m.kind, m.branch_id, m.staff_id, float(m.share), m.at) for m in moves]
    await the_log.publish(tx, *facts, now=now)
