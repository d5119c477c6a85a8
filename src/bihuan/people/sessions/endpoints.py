"""Signing in and out over HTTP."""

from fastapi import APIRouter, Request, Response

from bihuan.kit.http import HouseDep, RequestTx
from bihuan.people.access import SessionCookie, SignedIn
from bihuan.people.sessions import service
from bihuan.people.sessions.browser import check_origin, clear_cookie, set_cookie
from bihuan.people.sessions.schemas import PasswordChange, SessionOut, SignIn

router = APIRouter(tags=["people"])


def _caller(request: Request) -> tuple[str, str]:
    return (request.client.host if request.client else ""), request.headers.get("user-agent", "")


@router.post("/session")
async def sign_in(given: SignIn, request: Request, response: Response, house: HouseDep) -> SessionOut:
    """Sign in. 401 for a wrong login or password; 429 with Retry-After after too many attempts."""
    check_origin(request, house.settings.public_url)
    made = await service.sign_in(house, given.login, given.password, *_caller(request))
    set_cookie(request, response, house.settings, made.token)
    return SessionOut.of(made.staff, made.token)


@router.get("/session", responses={204: {"description": "nobody is signed in"}})
async def read_session(house: HouseDep, cookie: SessionCookie, tx: RequestTx) -> SessionOut:
    """Who is signed in. 204 for nobody: a question every page asks first, and no error."""
    staff = await service.staff_of(tx, cookie, house.settings.session_hours)
    if staff is None or cookie is None:
        return Response(status_code=204)  # type: ignore[return-value]
    return SessionOut.of(staff, cookie)


@router.delete("/session", status_code=204)
async def sign_out(staff: SignedIn, cookie: SessionCookie, response: Response, tx: RequestTx) -> None:
    """End this session."""
    await service.sign_out(tx, cookie or "")
    clear_cookie(response)


@router.post("/password")
async def change_password(
    given: PasswordChange, staff: SignedIn, request: Request, response: Response, house: HouseDep
) -> SessionOut:
    """Choose a new password. All other sessions end; this browser gets a new one. 401 when `current` is wrong."""
    made = await service.change_password(house, staff, given.current, given.wanted, *_caller(request))
    set_cookie(request, response, house.settings, made.token)
    return SessionOut.of(made.staff, made.token)
