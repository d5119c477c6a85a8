"""What exists in demo mode only: customers without the firm's server, and the list of sign-ins."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bihuan.kit.errors import Forbidden, NotFound
from bihuan.kit.house import House
from bihuan.kit.http import HouseDep, RequestTx
from bihuan.people.sessions.browser import check_origin, keep_secret, set_cookie
from bihuan.people.sessions.schemas import SessionOut
from bihuan.people.sessions.service import begin, real_now
from bihuan.people.staff import repository as staff_repository
from bihuan.people.tokens.rules import caller_of, issue
from bihuan.people.tokens.schemas import DemoAccount, DemoAccounts, DemoCustomer, DemoSeat, DemoToken

router = APIRouter(tags=["people"])

_LASTS = timedelta(hours=12)
_HERE = ("127.0.0.1", "::1")


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


@router.post("/demo/session")
async def take_demo_seat(
    house: DemoHouse, given: DemoSeat, request: Request, response: Response, tx: RequestTx
) -> SessionOut:
    """Be one of the demo's staff without typing a password: in demo mode, from this machine only.

    403 from elsewhere, 404 for who has a password of his own or none, and outside demo mode.
    """
    check_origin(request, house.settings.public_url)
    address = request.client.host if request.client else ""
    if address not in _HERE or "x-forwarded-for" in request.headers:  # behind a proxy every caller looks local
        raise Forbidden("elsewhere", "From another machine sign in with the password that the demo printed.")
    found = [staff for staff in await staff_repository.of_the_demo(tx) if staff.login == given.login]
    if not found:
        raise NotFound("account", "There is no such demo account.")
    agent = request.headers.get("user-agent", "")
    made = await begin(tx, found[0].id, house.settings.session_hours, address, agent)
    set_cookie(request, response, house.settings, made.token)
    return SessionOut.of(made.staff, made.token)


@router.get("/demo/accounts")
async def list_demo_accounts(house: DemoHouse, tx: RequestTx) -> DemoAccounts:
    """The demo's sign-ins, for the sign-in page. 404 outside demo mode."""
    branches = {branch.id: branch for branch in await staff_repository.branches(tx)}
    found = await staff_repository.of_the_demo(tx)
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
