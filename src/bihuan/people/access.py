"""Doors as types: an endpoint names in its signature who may call it.

`staff: OpeningDeskReader` is a Staff who holds the permission, else 401 or 403; `scope_sql` turns him into the
WHERE that says which rows he sees. `caller: CustomerCaller` is a customer with a token, `caller: DecideCaller` a
customer or one of the firm's systems, by its server key.
"""

import functools
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from bihuan.kit.errors import Forbidden, NotFound, Unauthenticated
from bihuan.kit.house import House
from bihuan.kit.http import HouseDep, RequestTx
from bihuan.people.keys import repository as keys
from bihuan.people.rules import Permission, Scope
from bihuan.people.sessions import service as sessions
from bihuan.people.sessions.browser import COOKIE, at_this_machine, check_csrf, check_origin
from bihuan.people.staff import repository as staff_repository
from bihuan.people.tokens.rules import caller_of
from bihuan.people.types import Caller, Source, Staff

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

SessionCookie = Annotated[
    str | None,
    Security(
        APIKeyCookie(
            name=COOKIE,
            scheme_name="staffSession",
            description="Set by signing in. Calls that change something also need the header X-CSRF-Token.",
            auto_error=False,
        )
    ),
]
ServerKeyHeader = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(scheme_name="serverKey", description="A key of one of the firm's systems.", auto_error=False)),
]
CustomerTokenHeader = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(
        HTTPBearer(
            scheme_name="customerToken",
            bearerFormat="JWT",
            description="Signed by the firm's server (HS256) with sub or anonymous_id and exp.",
            auto_error=False,
        )
    ),
]


async def signed_in(request: Request, house: HouseDep, tx: RequestTx, cookie: SessionCookie) -> Staff:
    """The staff member whose session this is. 401 without one, 403 for a call that another site may have made."""
    staff = await sessions.staff_of(tx, cookie, house.settings.session_hours)
    if staff is None or cookie is None:
        raise Unauthenticated("session", "Sign in first.")
    if request.method not in _SAFE:
        check_origin(request, house.settings.public_url)
        check_csrf(cookie, request.headers.get("x-csrf-token"))
    return staff


SignedIn = Annotated[Staff, Depends(signed_in)]


async def signed_in_briefly(request: Request, house: HouseDep, cookie: SessionCookie) -> Staff:
    """As `signed_in`, in a transaction that has ended when the endpoint runs.

    For endpoints that then wait for ClickHouse: a transaction left open meanwhile would hold the log back.
    """
    async with house.postgres.transaction() as tx:
        return await signed_in(request, house, tx, cookie)


def demo_house(house: HouseDep) -> House:
    """The house in demo mode. 404 outside of it."""
    if not house.settings.demo:
        raise NotFound("demo", "This exists in demo mode only.")
    return house


DemoHouse = Annotated[House, Depends(demo_house)]


async def at_the_demo(request: Request, house: DemoHouse) -> House:
    """The house in demo mode, for who sits at its machine or has signed in with the password it printed. Else 403.

    Another site's page is neither. No token is asked for besides: the customer's phone has none, and shows nobody's.
    """
    check_origin(request, house.settings.public_url)
    if at_this_machine(request, house.settings.public_url):
        return house
    async with house.postgres.transaction() as tx:
        staff = await sessions.staff_of(tx, request.cookies.get(COOKIE), house.settings.session_hours)
        told = staff is not None and staff.id in {one.id for one in await staff_repository.of_the_demo(tx)}
    if not told:
        raise Forbidden("elsewhere", "From another machine sign in with the password that the demo printed.")
    return house


AtTheDemo = Annotated[House, Depends(at_the_demo)]


@functools.cache
def requires(permission: Permission) -> Callable[[Staff], Coroutine[Any, Any, Staff]]:
    """The dependency that lets only holders of this permission through."""

    async def holder(staff: SignedIn) -> Staff:
        if not staff.may(permission):
            raise Forbidden("permission", "Ask an operator for a role that may do this.", permission=permission)
        return staff

    return holder


CockpitReader = Annotated[Staff, Depends(requires(Permission.COCKPIT_READ))]
EventReader = Annotated[Staff, Depends(requires(Permission.EVENT_READ))]
QuarantineKeeper = Annotated[Staff, Depends(requires(Permission.QUARANTINE_KEEP))]
ImportReader = Annotated[Staff, Depends(requires(Permission.IMPORT_READ))]
KeyKeeper = Annotated[Staff, Depends(requires(Permission.KEY_KEEP))]
PeopleReader = Annotated[Staff, Depends(requires(Permission.PEOPLE_READ))]
PeopleAdmin = Annotated[Staff, Depends(requires(Permission.PEOPLE_ADMIN))]
CustomerReader = Annotated[Staff, Depends(requires(Permission.CUSTOMER_READ))]
CustomerUnmasker = Annotated[Staff, Depends(requires(Permission.CUSTOMER_UNMASK))]
ConsentKeeper = Annotated[Staff, Depends(requires(Permission.CONSENT_KEEP))]
SuitabilityReader = Annotated[Staff, Depends(requires(Permission.SUITABILITY_READ))]
PolicyReader = Annotated[Staff, Depends(requires(Permission.POLICY_READ))]
PolicyKeeper = Annotated[Staff, Depends(requires(Permission.POLICY_KEEP))]
WordingChecker = Annotated[Staff, Depends(requires(Permission.WORDING_CHECK))]
AuditReader = Annotated[Staff, Depends(requires(Permission.AUDIT_READ))]
OpeningDeskReader = Annotated[Staff, Depends(requires(Permission.OPENING_READ))]
RescueTaker = Annotated[Staff, Depends(requires(Permission.RESCUE_TAKE))]
RescueAssigner = Annotated[Staff, Depends(requires(Permission.RESCUE_ASSIGN))]
EnquiryReader = Annotated[Staff, Depends(requires(Permission.ENQUIRY_READ))]
EnquiryClaimer = Annotated[Staff, Depends(requires(Permission.ENQUIRY_CLAIM))]
EnquirySupervisor = Annotated[Staff, Depends(requires(Permission.ENQUIRY_SUPERVISE))]
KnowledgeReader = Annotated[Staff, Depends(requires(Permission.KNOWLEDGE_READ))]
KnowledgeAuthor = Annotated[Staff, Depends(requires(Permission.KNOWLEDGE_AUTHOR))]
CatalogueReader = Annotated[Staff, Depends(requires(Permission.CATALOGUE_READ))]
CatalogueEditor = Annotated[Staff, Depends(requires(Permission.CATALOGUE_EDIT))]
DecisionReader = Annotated[Staff, Depends(requires(Permission.DECISION_READ))]
ExperimentReader = Annotated[Staff, Depends(requires(Permission.EXPERIMENT_READ))]
ExperimentEditor = Annotated[Staff, Depends(requires(Permission.EXPERIMENT_EDIT))]
TemplateReader = Annotated[Staff, Depends(requires(Permission.TEMPLATE_READ))]
TemplateAuthor = Annotated[Staff, Depends(requires(Permission.TEMPLATE_AUTHOR))]
DeliveryReader = Annotated[Staff, Depends(requires(Permission.DELIVERY_READ))]
CreditReader = Annotated[Staff, Depends(requires(Permission.CREDIT_READ))]
CreditDisputer = Annotated[Staff, Depends(requires(Permission.CREDIT_DISPUTE))]
CreditJudge = Annotated[Staff, Depends(requires(Permission.CREDIT_JUDGE))]
CreditRuleEditor = Annotated[Staff, Depends(requires(Permission.CREDIT_RULE_EDIT))]
MeasureReader = Annotated[Staff, Depends(requires(Permission.MEASURE_READ))]


@functools.cache
def requires_briefly(permission: Permission) -> Callable[[Staff], Coroutine[Any, Any, Staff]]:
    """As `requires`, in a transaction that has ended when the endpoint runs; see `signed_in_briefly`."""

    async def holder(staff: Annotated[Staff, Depends(signed_in_briefly)]) -> Staff:
        return await requires(permission)(staff)

    return holder


CustomerHistoryReader = Annotated[Staff, Depends(requires_briefly(Permission.CUSTOMER_READ))]
TagReader = Annotated[Staff, Depends(requires_briefly(Permission.TAG_READ))]
SegmentReader = Annotated[Staff, Depends(requires(Permission.SEGMENT_READ))]
SegmentAuthor = Annotated[Staff, Depends(requires(Permission.SEGMENT_AUTHOR))]
TagRefresher = Annotated[Staff, Depends(requires(Permission.TAG_REFRESH))]
# Funnels over raw events know no branch, so whoever may ask for them sees the whole firm.
MeasureAnalyst = Annotated[Staff, Depends(requires_briefly(Permission.MEASURE_ANALYSE))]


async def _source(tx: RequestTx, given: HTTPAuthorizationCredentials | None, scope: Scope) -> Source:
    found = await keys.source_of_key(tx, given.credentials) if given else None
    if found is None:
        raise Unauthenticated("key", "Send a server key that is not revoked, as Authorization: Bearer.")
    if scope not in found.scopes:
        raise Forbidden("scope", f"Use a server key with the scope {scope}.", scope=scope)
    return found


async def customer_caller(house: HouseDep, given: CustomerTokenHeader) -> Caller:
    """The customer whose token this is. 401 for none, and for one that is forged, expired or too long-lived."""
    if given is None:
        raise Unauthenticated("token", "Send the customer token of the firm's server, as Authorization: Bearer.")
    return caller_of(house.cipher, given.credentials, sessions.real_now())


CustomerCaller = Annotated[Caller, Depends(customer_caller)]


async def decide_caller(
    house: HouseDep, tx: RequestTx, key: ServerKeyHeader, token: CustomerTokenHeader
) -> Source | Caller:
    """A server key with the scope `decide`, who may ask about anybody, or a customer, who asks about himself."""
    given = token or key
    if given is not None and given.credentials.count(".") == 2:
        return caller_of(house.cipher, given.credentials, sessions.real_now())
    return await _source(tx, given, Scope.DECIDE)


DecideCaller = Annotated[Source | Caller, Depends(decide_caller)]


async def enquiry_party(
    request: Request, house: HouseDep, tx: RequestTx, token: CustomerTokenHeader, cookie: SessionCookie
) -> Staff | Caller:
    """Either side of a conversation: a customer with his token, else staff who may read enquiries. 401 for neither."""
    if token is not None:
        return await customer_caller(house, token)
    return await requires(Permission.ENQUIRY_READ)(await signed_in(request, house, tx, cookie))


EnquiryParty = Annotated[Staff | Caller, Depends(enquiry_party)]


def scope_sql(column: str, staff: Staff) -> tuple[str, dict[str, Any]]:
    """The condition on a column of branch ids that keeps rows within a person's data scope, with its parameters.

    Rows without a branch are seen only by those who see all branches.
    """
    if staff.branch_ids is None:
        return "true", {}
    return f"{column} = ANY(%(scope_branches)s)", {"scope_branches": list(staff.branch_ids)}
