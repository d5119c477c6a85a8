"""What a credited account does to a customer's relations. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

BY_RELATION = "relation"  # the rule by which an account went to whoever had the customer already


@dataclass(frozen=True)
class Move:
    """A relation that begins at a moment; `share` is above 0 and at most 1."""

    customer_id: UUID
    kind: str
    branch_id: UUID
    staff_id: UUID | None
    reason: str
    at: datetime
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Holding:
    """One part of a credited account: `share` of it belongs to this branch and, where known, this person."""

    branch_id: UUID
    staff_id: UUID | None
    share: Decimal


@dataclass(frozen=True)
class Credited:
    """A credited account as far as relations care; `corrects` names the entry that a dispute took back."""

    customer_id: UUID
    holders: Sequence[Holding]
    rule: str
    corrects: UUID | None
    at: datetime


def moves_of(credited: Credited, has_service: bool) -> list[Move]:
    """The relations that a credited account begins: one per holder, with his share, from the account's time on.

    An account that went by the existing relations leaves them as they are, however many hold them. A correction
    always replaces the acquisition. A service relation begins only where none is.
    """
    if credited.rule == BY_RELATION and credited.corrects is None:
        return []
    kinds = ("acquisition",) if has_service else ("acquisition", "service")
    return [
        Move(credited.customer_id, kind, holder.branch_id, holder.staff_id, "credit", credited.at, holder.share)
        for kind in kinds
        for holder in credited.holders
    ]


def serving(moves: Iterable[Move]) -> dict[UUID, UUID]:
    """The branch that serves each customer after these moves: that of the largest service share."""
    served = (move for move in moves if move.kind == "service")
    ranked = sorted(served, key=lambda move: (move.at, move.share, str(move.branch_id)))
    return {move.customer_id: move.branch_id for move in ranked}
