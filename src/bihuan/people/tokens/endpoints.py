"""What exists in demo mode only: customers without the firm's server, and the list of sign-ins."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from bihuan.kit.errors import NotFound
from bihuan.kit.http import RequestTx
from bihuan.people.access import AtTheDemo, DemoHouse
from bihuan.people.sessions.browser import keep_secret, set_cookie
from bihuan.people.sessions.schemas import SessionOut
from bihuan.people.sessions.service import begin, real_now
from bihuan.people.staff import repository as staff_repository
from bihuan.people.tokens.rules import caller_of, issue
from bihuan.people.tokens.schemas import DemoAccount, DemoAccounts, DemoCustomer, DemoSeat, DemoToken

router = APIRouter(tags=["people"])

_LASTS = timedelta(hours=12)


@router.post("/demo/customer-session")
async def begin_demo_customer(house: AtTheDemo, given: DemoCustomer, response: Response) -> DemoToken:
    """A customer token for a persona of the demo. 404 outside demo mode, 403 as for a seat."""
    at = real_now()
    token = issue(house.cipher, given.user_id, given.anonymous_id, at, _LASTS)
    caller = caller_of(house.cipher, token, at)
    keep_secret(response)
    return DemoToken(token=token, customer_id=caller.customer_id, expires_at=at + _LASTS)


@router.post("/demo/session")
async def take_demo_seat(
    house: AtTheDemo, given: DemoSeat, request: Request, response: Response, tx: RequestTx
) -> SessionOut:
    """Be one of the demo's staff without typing a password: from this machine, or once the demo's password was typed.

    403 from elsewhere, 404 for who has a password of his own or none, and outside demo mode.
    """
    found = [staff for staff in await staff_repository.of_the_demo(tx) if staff.login == given.login]
    if not found:
        raise NotFound("account", "There is no such demo account.")
    address, agent = request.client.host if request.client else "", request.headers.get("user-agent", "")
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
