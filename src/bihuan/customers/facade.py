"""The only way into the customers room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.customers.accounts.imports import (
    AccountRow,
    CustomerRow,
    HoldingRow,
    import_accounts,
    import_customers,
    import_holdings,
)
from bihuan.customers.accounts.repository import Account, Holding, accounts, holdings
from bihuan.customers.portrait.repository import portrait
from bihuan.customers.privacy.rules import hides_answers, masked
from bihuan.customers.privacy.rules import readable as readable_event
from bihuan.customers.profiles import repository as _profiles
from bihuan.customers.profiles import service as _service
from bihuan.customers.profiles.repository import count
from bihuan.customers.relations import repository as _relations
from bihuan.customers.relations.repository import Relation
from bihuan.customers.relations.service import move as move_relation
from bihuan.customers.timeline.service import TimelineEntry
from bihuan.customers.timeline.service import entries as timeline
from bihuan.kit.crypto import Cipher
from bihuan.kit.postgres import Tx

__all__ = [
    "Account",
    "AccountRow",
    "Contact",
    "CustomerRow",
    "Holding",
    "HoldingRow",
    "Label",
    "Relation",
    "TimelineEntry",
    "accounts",
    "advisors_of",
    "branch_of",
    "canonical",
    "contact_of",
    "count",
    "hides_answers",
    "holdings",
    "import_accounts",
    "import_customers",
    "import_holdings",
    "labels",
    "masked",
    "masked_names",
    "move_relation",
    "place",
    "portrait",
    "readable_event",
    "relations",
    "timeline",
]


@dataclass(frozen=True)
class Label:
    """What a list shows of a customer."""

    id: UUID
    user_id: str | None
    name_masked: str
    phone_masked: str
    branch_id: UUID | None
    tier: str | None
    language: str


@dataclass(frozen=True)
class Contact:
    """How a message reaches a customer; `phone` in plain text, for the message that leaves and nothing else."""

    customer_id: UUID
    user_id: str | None
    phone: str | None
    language: str


async def branch_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """The serving branch of each customer; None where unknown."""
    return await _profiles.branches(tx, ids)


async def canonical(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The user each id belongs to; itself where it is one, or is not merged yet."""
    return await _profiles.canonical(tx, ids)


async def labels(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Label]:
    """Labels of the customers that are known."""
    return {row["id"]: Label(**row) for row in await _profiles.labels(tx, ids)}


async def masked_names(tx: Tx, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Masked names for a list that tells of customers; none of those who are not known by name."""
    found = await labels(tx, list({one for one in ids if one is not None}))
    return {customer_id: label.name_masked for customer_id, label in found.items()}


async def contact_of(tx: Tx, cipher: Cipher, customer_id: UUID) -> Contact | None:
    """How to reach a customer, or None when he is not known. The caller records why it asked."""
    found = (await canonical(tx, [customer_id]))[customer_id]
    row = await _service.contact(tx, cipher, found)
    return None if row is None else Contact(found, *row)


async def relations(tx: Tx, customer_id: UUID, at: datetime | None) -> list[Relation]:
    """Relations at a moment, or with None all there ever were."""
    return await _relations.of(tx, [customer_id], at)


async def advisors_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The advisor (staff id) of each customer who has one."""
    return await _relations.advisors(tx, ids)


async def place(tx: Tx, customer_id: UUID, branch_id: UUID) -> None:
    """The customer chose this branch: his serving branch, unless a staff code or a service relation says otherwise."""
    await _service.place(tx, [(customer_id, branch_id, _service.RANK_CHOSEN)])
