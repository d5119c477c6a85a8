"""What keeps other web sites from acting with a staff member's cookie."""

import hmac
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from fastapi import Request
from starlette.requests import HTTPConnection
from starlette.responses import Response

from bihuan.kit.errors import Forbidden
from bihuan.kit.settings import Settings

COOKIE = "bihuan_session"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
# What a proxy says of the call it passes on. Its word is not believed, only that there is one.
_OF_A_PROXY = ("forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")


def csrf_of(token: str) -> str:
    """The CSRF token of a session: derived from its cookie, so that only pages the server answered know it."""
    return hmac.digest(token.encode(), b"bihuan csrf", "sha256").hex()


def check_csrf(token: str, given: str | None) -> None:
    """Raise Forbidden unless the caller knows the session's CSRF token."""
    if given is None or not hmac.compare_digest(csrf_of(token).encode(), given.encode()):
        raise Forbidden(
            "csrf", "Send the session's CSRF token in the header X-CSRF-Token; GET /api/v1/session tells it."
        )


def check_origin(connection: HTTPConnection, public_url: str) -> None:
    """Raise Forbidden for a browser's call from another site: its Origin is neither our host nor the public address.

    Callers without an Origin are no browsers that act across sites. WebSockets are checked here too.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return
    own = {connection.headers.get("host", ""), _place(public_url).netloc} - {""}
    if _place(origin).netloc not in own:
        raise Forbidden("origin", "Call from Bihuan's own pages; set BIHUAN_PUBLIC_URL where a proxy changes the host.")


def at_this_machine(request: Request, public_url: str) -> bool:
    """Whether somebody calls who sits at the server's own machine.

    Behind a proxy every caller has a local address, and some proxies say nothing of themselves: so the names must be
    local too, the one the browser asked for (which also keeps out a site that had its name resolved to this machine)
    and the one under which the firm reaches the product, where there is one.
    """
    here = request.client is not None and request.client.host in _LOCAL and _asked_for(request) in _LOCAL
    behind_a_proxy = any(name in request.headers for name in _OF_A_PROXY)
    return here and not behind_a_proxy and (not public_url or _place(public_url).hostname in _LOCAL)


def _asked_for(request: Request) -> str | None:
    """The name under which the browser called the server."""
    return _place(f"//{request.headers.get('host', '')}").hostname


def _place(address: str) -> SplitResult:
    """Where an address points to; nowhere for what is none (`http://[`)."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def set_cookie(request: Request, response: Response, settings: Settings, token: str) -> None:
    """Give the browser its session. Not readable by scripts, not sent from other sites, Secure off localhost."""
    secure = settings.secure_cookies
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(timedelta(hours=settings.session_hours).total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure if secure is not None else _asked_for(request) not in _LOCAL,
        path="/",
    )
    keep_secret(response)


def keep_secret(response: Response) -> None:
    """This answer holds a secret: nobody on the way, and no store of repeated calls, may keep it."""
    response.headers["Cache-Control"] = "no-store"


def clear_cookie(response: Response) -> None:
    """Take the session away from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
