"""Consent over HTTP: for the customer himself, and for staff to whom he says it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from bihuan.comply.consent import repository, service
from bihuan.comply.consent.repository import Said
from bihuan.comply.consent.schemas import (
    ConsentChange,
    ConsentChanges,
    ConsentOut,
    ConsentTable,
    LedgerLine,
    LedgerOut,
    RecordedChanges,
)
from bihuan.comply.scope import Homes, canonical_in_scope
from bihuan.comply.suitability.repository import same_person
from bihuan.kit import audit, ids
from bihuan.kit.http import Limit, Now, RequestTx
from bihuan.kit.postgres import Tx
from bihuan.people.facade import ConsentKeeper, CustomerCaller, CustomerReader

router = APIRouter(tags=["comply"])


@router.get("/customers/{customer_id}/consent")
async def read_consent(customer_id: UUID, staff: CustomerReader, homes: Homes, tx: RequestTx) -> ConsentTable:
    """What this customer allows. 404 outside the data scope."""
    return await _table(tx, await canonical_in_scope(tx, customer_id, staff, homes))


@router.put("/customers/{customer_id}/consent")
async def record_consent(
    customer_id: UUID, given: RecordedChanges, staff: ConsentKeeper, homes: Homes, tx: RequestTx, now: Now
) -> ConsentTable:
    """Write down what the customer told a member of staff. A grant needs its evidence."""
    user = await canonical_in_scope(tx, customer_id, staff, homes)
    await service.say(tx, _said(user, given.changes, "staff", f"staff:{staff.id}", now, given.evidence), now)
    changes = [change.model_dump() for change in given.changes]
    await audit.record(tx, staff.id, "comply:consent:recorded", user, {"changes": changes}, now)
    return await _table(tx, user)


@router.get("/customers/{customer_id}/consent/ledger")
async def read_consent_ledger(
    customer_id: UUID, staff: ConsentKeeper, homes: Homes, tx: RequestTx, limit: Limit = 100
) -> LedgerOut:
    """All that this customer ever said, newest first."""
    user = await canonical_in_scope(tx, customer_id, staff, homes)
    lines = await repository.ledger(tx, await same_person(tx, user), limit)
    return LedgerOut(items=[LedgerLine.of(line) for line in lines])


@router.get("/me/consent")
async def read_own_consent(caller: CustomerCaller, tx: RequestTx) -> ConsentTable:
    """What I allow."""
    return await _table(tx, caller.customer_id)


@router.put("/me/consent")
async def change_own_consent(caller: CustomerCaller, given: ConsentChanges, tx: RequestTx, now: Now) -> ConsentTable:
    """Allow or refuse. Refusing takes as many taps as allowing."""
    said = _said(caller.customer_id, given.changes, "customer", f"customer:{caller.customer_id}", now, "")
    await service.say(tx, said, now)
    return await _table(tx, caller.customer_id)


def _said(
    customer_id: UUID, changes: Sequence[ConsentChange], source: str, actor: str, now: datetime, evidence: str
) -> list[Said]:
    call = f"call:{ids.new_id()}"
    return [
        Said(customer_id, change.purpose, change.channel, change.granted, now, source, actor, call, evidence)
        for change in changes
    ]


async def _table(tx: Tx, customer_id: UUID) -> ConsentTable:
    held = (await service.consents(tx, [customer_id]))[customer_id]
    return ConsentTable(customer_id=customer_id, items=[ConsentOut.of(consent) for consent in held.values()])
