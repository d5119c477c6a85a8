"""A customer's own page and his orders, put together from what the rooms know of him."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.comply.facade import Reason
from bihuan.customers import facade as customers
from bihuan.customers.facade import Holding
from bihuan.decide import facade as decide
from bihuan.demo.phone.schemas import AdvisorPlayed, HoldingPlayed, MeOut, OrderOut, SaidOut, ShelfItem
from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE
from bihuan.people import facade as people
from bihuan.people.facade import Caller


async def me(tx: Tx, caller: Caller, names: Mapping[str, Any], now: datetime) -> MeOut:
    """The caller as his app shows him; `names` are the names of items in both languages."""
    customer_id = (await customers.canonical(tx, [caller.customer_id]))[caller.customer_id]
    label = (await customers.labels(tx, [customer_id])).get(customer_id)
    branch = await people.branch(tx, label.branch_id) if label and label.branch_id else None
    investor = (await comply.investors(tx, [customer_id], now))[customer_id]
    held = [_holding(holding, names) for holding in await customers.holdings(tx, customer_id)]
    return MeOut(
        user_id=caller.user_id,
        name=label.name_masked if label else "",
        tier=label.tier if label else None,
        branch=branch.name if branch else None,
        branch_en=branch.name_en if branch else None,
        advisor=await _advisor(tx, customer_id),
        level=f"C{investor.level}" if investor.level else None,
        lowest_category=investor.lowest_category,
        assessment=investor.state(_today(now)),
        valid_until=investor.valid_until,
        holdings=held,
        total=sum((holding.value for holding in held), start=Decimal(0)),
    )


def _today(now: datetime) -> date:
    return now.astimezone(EXCHANGE).date()


def _holding(holding: Holding, names: Mapping[str, Any]) -> HoldingPlayed:
    zh, en = names.get(holding.product, (holding.product, holding.product))
    plain = {name: getattr(holding, name) for name in HoldingPlayed.model_fields if hasattr(holding, name)}
    return HoldingPlayed(item=holding.product, name_zh=zh, name_en=en, **plain)


async def _advisor(tx: Tx, customer_id: UUID) -> AdvisorPlayed | None:
    staff_id = (await customers.advisors_of(tx, [customer_id])).get(customer_id)
    staff = await people.staff_by_id(tx, staff_id) if staff_id else None
    if staff is None:
        return None
    branch = await people.branch(tx, staff.branch_id) if staff.branch_id else None
    return AdvisorPlayed(
        name=staff.name,
        name_en=staff.name_en,
        branch=branch.name if branch else None,
        branch_en=branch.name_en if branch else None,
        registration_number=staff.registration_number,
    )


async def shelf(tx: Tx, names: Mapping[str, Any]) -> list[ShelfItem]:
    """Every product that is on sale, lowest risk first."""
    found = [item for item in (await decide.items(tx, list(names))).values() if item.offers and item.active]
    found.sort(key=lambda item: (item.risk_level or 0, item.code))
    return [ShelfItem.model_validate({**vars(item), "item": item.code}) for item in found]


async def order(tx: Tx, caller: Caller, code: str, now: datetime) -> OrderOut:
    """What the suitability gate says when this customer asks for a product by himself. Raises NotFound."""
    item = (await decide.items(tx, [code])).get(code)
    if item is None or not item.offers:
        raise NotFound("item", "There is no such product.")
    verdict = await comply.may_offer(tx, caller.customer_id, item.product(), now)
    return OrderOut(
        item=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        risk_level=item.risk_level,
        allowed=verdict.allowed,
        warnings=[_said(reason) for reason in verdict.warnings],
        refusals=[_said(reason) for reason in verdict.refusals],
    )


def _said(reason: Reason) -> SaidOut:
    return SaidOut(code=reason.code, zh=reason.zh, en=reason.en)
