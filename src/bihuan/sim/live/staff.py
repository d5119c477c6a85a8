"""A member of staff signed in: his session, and calls made with it."""

from dataclasses import dataclass
from typing import Any

from bihuan.sim.live.api import Api, Refused
from bihuan.sim.population.staff import Person

_COOKIE = "bihuan_session"


@dataclass
class Session:
    """The session of one person. `call` signs in again when the session has ended."""

    api: Api
    person: Person
    password: str
    staff_id: str = ""
    branch_id: str | None = None
    _token: str = ""
    _csrf: str = ""

    async def sign_in(self) -> None:
        """Sign in with login and password; raises Refused when they are wrong."""
        login = {"login": self.person.login, "password": self.password}
        answer = await self.api.call("POST", "/api/v1/session", login)
        told = answer.json()
        self._csrf = told["csrf"]
        self._token = _cookie_of(answer.headers.get_list("set-cookie"))
        self.staff_id = told["staff"]["id"]
        self.branch_id = told["staff"].get("branch_id")

    @property
    def cookie(self) -> dict[str, str]:
        """The header that shows the session, for the WebSocket."""
        return {"Cookie": f"{_COOKIE}={self._token}"}

    async def call(self, method: str, path: str, json: Any = None) -> Any:
        """A call under /api/v1 as this person; the decoded answer, None where there is no body."""
        try:
            answer = await self.api.call(method, f"/api/v1{path}", json, self._headers())
        except Refused as error:
            if error.status != 401:
                raise
            await self.sign_in()
            answer = await self.api.call(method, f"/api/v1{path}", json, self._headers())
        return answer.json() if answer.content else None

    def _headers(self) -> dict[str, str]:
        return {**self.cookie, "X-CSRF-Token": self._csrf}


def _cookie_of(headers: list[str]) -> str:
    """The session's value among Set-Cookie headers.

    >>> _cookie_of(["bihuan_session=abc; HttpOnly; Path=/"])
    'abc'
    """
    for header in headers:
        name, _, rest = header.partition("=")
        if name.strip() == _COOKIE:
            return rest.split(";", 1)[0]
    raise ValueError("the answer to signing in set no session cookie")
