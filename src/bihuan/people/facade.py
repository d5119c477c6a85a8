"""The way into people: who calls, what he may do, which rows he sees; staff, branches, keys, approvals."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bihuan.kit.crypto import Cipher
from bihuan.kit.postgres import Tx
from bihuan.people.access import (
    AtTheDemo,
    AuditReader,
    CatalogueEditor,
    CatalogueReader,
    CockpitReader,
    ConsentKeeper,
    CreditDisputer,
    CreditJudge,
    CreditReader,
    CreditRuleEditor,
    CustomerCaller,
    CustomerHistoryReader,
    CustomerReader,
    CustomerUnmasker,
    DecideCaller,
    DecisionReader,
    DeliveryReader,
    DemoHouse,
    EnquiryClaimer,
    EnquiryParty,
    EnquiryReader,
    EnquirySupervisor,
    EventReader,
    ExperimentEditor,
    ExperimentReader,
    ImportReader,
    KeyKeeper,
    KnowledgeAuthor,
    KnowledgeReader,
    MeasureAnalyst,
    MeasureReader,
    OpeningDeskReader,
    PeopleAdmin,
    PeopleReader,
    PolicyKeeper,
    PolicyReader,
    QuarantineKeeper,
    RescueAssigner,
    RescueTaker,
    SegmentAuthor,
    SegmentReader,
    SignedIn,
    SuitabilityReader,
    TagReader,
    TagRefresher,
    TemplateAuthor,
    TemplateReader,
    WordingChecker,
    requires,
    scope_sql,
)
from bihuan.people.approvals.repository import one as approval
from bihuan.people.approvals.service import decide as decide_approval
from bihuan.people.approvals.service import request as request_approval
from bihuan.people.approvals.service import withdraw as withdraw_approval
from bihuan.people.keys.repository import keys
from bihuan.people.keys.service import NewKey, source_of_key
from bihuan.people.keys.service import create as create_key
from bihuan.people.keys.service import revoke as revoke_key
from bihuan.people.rules import Permission, Role, Scope
from bihuan.people.sessions import repository as sessions_repository
from bihuan.people.sessions import service as sessions
from bihuan.people.sessions.browser import COOKIE, check_origin
from bihuan.people.staff import repository as staff_repository
from bihuan.people.staff.editing import add_staff, give_password
from bihuan.people.staff.repository import branch, branch_by_code, branches, regions
from bihuan.people.staff.service import import_branches, import_staff
from bihuan.people.tokens.rules import caller_of
from bihuan.people.tokens.rules import issue as issue_customer_token
from bihuan.people.tokens.rules import secret_of as customer_secret
from bihuan.people.types import (
    Approval,
    Branch,
    BranchRow,
    Caller,
    Imported,
    Region,
    Source,
    Staff,
    StaffRow,
)

__all__ = [
    "COOKIE",
    "Approval",
    "AtTheDemo",
    "AuditReader",
    "Branch",
    "BranchRow",
    "Caller",
    "CatalogueEditor",
    "CatalogueReader",
    "CockpitReader",
    "ConsentKeeper",
    "CreditDisputer",
    "CreditJudge",
    "CreditReader",
    "CreditRuleEditor",
    "CustomerCaller",
    "CustomerHistoryReader",
    "CustomerReader",
    "CustomerUnmasker",
    "DecideCaller",
    "DecisionReader",
    "DeliveryReader",
    "DemoHouse",
    "EnquiryClaimer",
    "EnquiryParty",
    "EnquiryReader",
    "EnquirySupervisor",
    "EventReader",
    "ExperimentEditor",
    "ExperimentReader",
    "ImportReader",
    "Imported",
    "KeyKeeper",
    "KnowledgeAuthor",
    "KnowledgeReader",
    "MeasureAnalyst",
    "MeasureReader",
    "NewKey",
    "OpeningDeskReader",
    "PeopleAdmin",
    "PeopleReader",
    "Permission",
    "PolicyKeeper",
    "PolicyReader",
    "QuarantineKeeper",
    "Region",
    "RescueAssigner",
    "RescueTaker",
    "Role",
    "Scope",
    "SegmentAuthor",
    "SegmentReader",
    "SignedIn",
    "Source",
    "Staff",
    "StaffRow",
    "SuitabilityReader",
    "TagReader",
    "TagRefresher",
    "TemplateAuthor",
    "TemplateReader",
    "WordingChecker",
    "add_staff",
    "all_staff",
    "approval",
    "branch",
    "branch_by_code",
    "branches",
    "branches_of_staff_codes",
    "caller_of_token",
    "check_origin",
    "create_key",
    "customer_secret",
    "decide_approval",
    "end_demo_sessions",
    "give_password",
    "import_branches",
    "import_staff",
    "issue_customer_token",
    "keys",
    "regions",
    "request_approval",
    "requires",
    "revoke_key",
    "scope_sql",
    "set_demo_passwords",
    "set_password",
    "source_of_key",
    "staff_by_code",
    "staff_by_id",
    "staff_by_ids",
    "staff_by_login",
    "staff_of_branch",
    "staff_of_session",
    "staff_with",
    "withdraw_approval",
]


async def staff_by_id(tx: Tx, staff_id: UUID) -> Staff | None:
    """One staff member, also one who has left; None when there never was one."""
    return await staff_repository.by_id(tx, staff_id)


async def all_staff(tx: Tx) -> list[Staff]:
    """Everybody, by login; also those who have left."""
    return await staff_repository.every(tx)


async def staff_by_ids(tx: Tx, staff_ids: Collection[UUID]) -> dict[UUID, Staff]:
    """Those of these ids that exist, also those who have left."""
    found = await staff_repository.by_ids(tx, staff_ids)
    return {staff.id: staff for staff in found}


async def staff_by_login(tx: Tx, login: str) -> Staff | None:
    """One active staff member by login."""
    return await staff_repository.active_by_login(tx, login)


async def staff_by_code(tx: Tx, staff_code: str) -> Staff | None:
    """Whose QR or referral code this is; also one who has left, because old codes stay in the street."""
    found = await staff_repository.by_codes(tx, [staff_code])
    return found[0] if found else None


async def branches_of_staff_codes(tx: Tx, codes: Collection[str]) -> dict[str, UUID]:
    """The branch behind each staff code; codes without one are left out."""
    found = await staff_repository.by_codes(tx, codes)
    return {staff.staff_code: staff.branch_id for staff in found if staff.staff_code and staff.branch_id}


async def staff_of_branch(tx: Tx, branch_id: UUID, role: Role | None = None) -> list[Staff]:
    """The active staff of a branch, of one role or of all."""
    return await staff_repository.of_branch(tx, branch_id, role)


async def staff_with(tx: Tx, role: Role) -> list[Staff]:
    """All active staff who hold a role."""
    return await staff_repository.with_role(tx, role)


async def staff_of_session(tx: Tx, cookie: str | None) -> Staff | None:
    """Whose session the cookie is, for the live WebSocket; None when it has ended. The session is not extended.

    Whoever upgrades a socket also calls `check_origin`.
    """
    return await sessions.staff_of(tx, cookie)


def caller_of_token(cipher: Cipher, token: str, at: datetime | None = None) -> Caller:
    """Whose customer token this is; `at` is real time, now when not given. Raises Unauthenticated."""
    return caller_of(cipher, token, at or sessions.real_now())


async def set_password(tx: Tx, login: str, password: str) -> bool:
    """Give one staff member a password and end his sessions; False when there is no such login."""
    staff = await staff_by_login(tx, login)
    if staff is None:
        return False
    await sessions_repository.set_password_hash(tx, staff.id, await sessions.hash_password(password))
    await sessions_repository.end_all_of(tx, staff.id)
    return True


async def set_demo_passwords(tx: Tx, password: str, logins: Collection[str] | None = None) -> int:
    """Give staff without a password the demo's one; how many got it. Hashed once, because 90 hashes take seconds.

    Only demo mode calls this, and only in demo mode does it open the door.
    """
    hashed = await sessions.hash_password(password)
    named = None if logins is None else [login.lower() for login in logins]
    return await sessions_repository.set_password_hashes(tx, named, hashed, demo=True)


async def end_demo_sessions(tx: Tx) -> None:
    """Outside demo mode nobody stays signed in who signed in with the demo's password."""
    await sessions_repository.end_demo(tx)
