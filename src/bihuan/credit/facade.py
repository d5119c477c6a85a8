"""The only way into the credit room."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bihuan.credit.ledger import repository as _ledger
from bihuan.credit.ledger.repository import Tally, Totals, totals
from bihuan.kit.postgres import Tx

__all__ = ["Tally", "Totals", "tallies", "totals"]


async def tallies(
    tx: Tx,
    since: datetime | None,
    until: datetime | None,
    branches: Collection[UUID] | None = None,
    *,
    by_staff: bool = False,
) -> list[Tally]:
    """Accounts (by share), assists and entries of a period, per branch or per person, most accounts first.

    The period is that of the accounts' opening, `until` excluded; None means without limit, or all branches. What a
    judge took back counts no more.
    """
    return await _ledger.tallied(tx, since, until, branches, by_staff)
