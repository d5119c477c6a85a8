"""Customers over HTTP, each within the caller's data scope."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bihuan.customers.accounts import repository as accounts
from bihuan.customers.privacy.rules import masked
from bihuan.customers.profiles import repository, service
from bihuan.customers.profiles.repository import Profile
from bihuan.customers.profiles.schemas import (
    AccountOut,
    CustomerOut,
    CustomerPageOut,
    HoldingOut,
    RelationOut,
    TimelineEntryOut,
    UnmaskIn,
    UnmaskOut,
)
from bihuan.customers.relations import repository as relations
from bihuan.customers.timeline import service as timeline
from bihuan.kit import audit
from bihuan.kit.errors import NotFound
from bihuan.kit.http import Cursor, HouseDep, Limit, Now, Page, RequestTx, cursor_of, parts_of
from bihuan.kit.postgres import Tx
from bihuan.people.facade import CustomerHistoryReader, CustomerReader, CustomerUnmasker, Staff, scope_sql

router = APIRouter(tags=["customers"])


@router.get("/customers")
async def list_customers(
    staff: CustomerReader,
    house: HouseDep,
    tx: RequestTx,
    q: Annotated[str | None, Query(max_length=100, description="customer number, phone or full name")] = None,
    branch: UUID | None = None,
    customer: Annotated[UUID | None, Query(description="only this one, or nobody when outside the scope")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CustomerOut]:
    """Customers within the caller's scope, last seen first; `q` finds exactly one number, phone or name."""
    scope, params = scope_sql("c.branch_id", staff)
    if customer is not None:
        canonical = (await repository.canonical(tx, [customer]))[customer]
        found = await repository.profile(tx, canonical, scope, params)
        return Page(items=[_out(found)] if found else [])
    after = parts_of(cursor, 2)
    text = (q or "").strip()
    page = await repository.search(
        tx,
        scope,
        params,
        exact={"q": text, "q_hash": house.cipher.keyed_hash(text)} if text else None,
        branch_id=branch,
        after=(after[0], after[1]) if after else None,
        limit=limit + 1,
    )
    last = page[limit - 1] if len(page) > limit else None
    return Page(
        items=[_out(profile) for profile in page[:limit]],
        next=cursor_of(last.last_seen.isoformat(), last.id) if last else None,
    )


@router.get("/customers/{customer_id}")
async def read_customer(customer_id: UUID, staff: CustomerReader, tx: RequestTx) -> CustomerPageOut:
    """One customer whole. 404 outside the caller's scope."""
    profile = await within_scope(tx, customer_id, staff)
    return CustomerPageOut(
        **{**asdict(profile), "traits": masked(profile.traits)},
        accounts=[AccountOut(**asdict(a)) for a in await accounts.accounts(tx, profile.id)],
        holdings=[HoldingOut(**asdict(h)) for h in await accounts.holdings(tx, profile.id)],
        relations=[
            RelationOut(**{k: v for k, v in asdict(r).items() if k != "customer_id"})
            for r in await relations.of(tx, [profile.id], None)
        ],
    )


@router.get("/customers/{customer_id}/timeline")
async def read_timeline(
    customer_id: UUID, staff: CustomerHistoryReader, house: HouseDep, limit: Limit = 100, cursor: Cursor = None
) -> Page[TimelineEntryOut]:
    """What happened, latest first, the customer's visits before he signed in included."""
    async with house.postgres.transaction() as tx:
        profile = await within_scope(tx, customer_id, staff)
    parts = parts_of(cursor, 2)
    before = (parts[0], parts[1]) if parts else None
    found = await timeline.entries(house.postgres, house.clickhouse, profile.id, before, limit)
    last = found[-1] if len(found) == limit else None
    return Page(
        items=[TimelineEntryOut(**asdict(entry)) for entry in found],
        next=cursor_of(last.occurred_at.isoformat(), last.message_id) if last else None,
    )


@router.post("/customers/{customer_id}/unmask")
async def unmask(
    customer_id: UUID, asked: UnmaskIn, staff: CustomerUnmasker, house: HouseDep, tx: RequestTx, now: Now
) -> UnmaskOut:
    """A masked field in plain text; who asked, when and why is kept."""
    profile = await within_scope(tx, customer_id, staff)
    detail = {"field": asked.field, "reason": asked.reason}
    await audit.record(tx, staff.id, "customers:field:unmasked", profile.id, detail, now)
    return UnmaskOut(value=await service.unmask(tx, house.cipher, profile.id, asked.field))


async def within_scope(tx: Tx, customer_id: UUID, staff: Staff) -> Profile:
    """The customer, or the user a visitor turned out to be. Raises NotFound outside the scope."""
    canonical = (await repository.canonical(tx, [customer_id]))[customer_id]
    scope, params = scope_sql("c.branch_id", staff)
    profile = await repository.profile(tx, canonical, scope, params)
    if profile is None:
        raise NotFound("customer", "There is no such customer in your branches.")
    return profile


def _out(profile: Profile) -> CustomerOut:
    return CustomerOut(**{name: getattr(profile, name) for name in CustomerOut.model_fields})
