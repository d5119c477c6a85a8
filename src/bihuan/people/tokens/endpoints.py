"""What exists in demo mode only: customers without the firm's server, and the list of sign-ins."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from bihuan.kit.errors import NotFound
from bihuan.kit.house import House
from bihuan.kit.http import HouseDep, RequestTx
from bihuan.people.sessions.browser import keep_secret
from bihuan.people.sessions.service import real_now
from bihuan.people.staff import repository as staff_repository
from bihuan.people.tokens.rules import caller_of, issue
from bihuan.people.tokens.schemas import DemoAccount, DemoAccounts, DemoCustomer, DemoToken

router = APIRouter(tags=["people"])

_LASTS = timedelta(hours=12)


def _demo_house(house: HouseDep) -> House:
    if not house.settings.demo:
        raise NotFound("demo", "This exists in demo mode only.")
    return house


DemoHouse = Annotated[House, Depends(_demo_house)]


@router.post("/demo/customer-session")
async def begin_demo_customer(house: DemoHouse, given: DemoCustomer, response: Response) -> DemoToken:
    """A customer token for a persona of the demo. 404 outside demo mode."""
    at = real_now()
    token = issue(house.cipher, given.user_id, given.anonymous_id, at, _LASTS)
    caller = caller_of(house.cipher, token, at)
    keep_secret(response)
    return DemoToken(token=token, customer_id=caller.customer_id, expires_at=at + _LASTS)


@router.get("/demo/accounts")
async def list_demo_accounts(house: DemoHouse, tx: RequestTx) -> DemoAccounts:
    """The demo's sign-ins, for the sign-in page. 404 outside demo mode."""
    branches = {branch.id: branch for branch in await staff_repository.branches(tx)}
    found = await staff_repository.staff_where(tx, "s.active AND s.password_hash IS NOT NULL")
    items = []
    for staff in sorted(found, key=lambda member: (member.roles, member.login)):
        branch = branches.get(staff.branch_id) if staff.branch_id else None
        items.append(
            DemoAccount(
                login=staff.login,
                name=staff.name,
                name_en=staff.name_en,
                roles=list(staff.roles),
                branch=branch.name if branch else None,
                branch_en=branch.name_en if branch else None,
            )
        )
    return DemoAccounts(items=items)
