"""Who may do what, and which branches' rows he sees. Pure tables and functions; every door asks here."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A post. One person may hold several, within `faults_of_staff`."""

    OPERATOR = "operator"
    REGION_MANAGER = "region_manager"
    BRANCH_MANAGER = "branch_manager"
    SUPERVISOR = "supervisor"
    ADVISOR = "advisor"
    SERVICE_AGENT = "service_agent"
    WITNESS = "witness"
    COMPLIANCE = "compliance"
    ENGINEER = "engineer"


class Permission(StrEnum):
    """One thing a person may do. Endpoints ask for a permission, never for a role."""

    COCKPIT_READ = "cockpit:read"
    EVENT_READ = "event:read"
    QUARANTINE_KEEP = "quarantine:keep"
    IMPORT_READ = "import:read"
    KEY_KEEP = "key:keep"
    PEOPLE_READ = "people:read"
    PEOPLE_ADMIN = "people:admin"
    CUSTOMER_READ = "customer:read"
    CUSTOMER_UNMASK = "customer:unmask"
    CONSENT_KEEP = "consent:keep"
    SUITABILITY_READ = "suitability:read"
    POLICY_READ = "policy:read"
    POLICY_KEEP = "policy:keep"
    WORDING_CHECK = "wording:check"
    AUDIT_READ = "audit:read"
    OPENING_READ = "opening:read"
    RESCUE_TAKE = "rescue:take"
    RESCUE_ASSIGN = "rescue:assign"
    ENQUIRY_READ = "enquiry:read"
    ENQUIRY_CLAIM = "enquiry:claim"
    ENQUIRY_SUPERVISE = "enquiry:supervise"
    KNOWLEDGE_READ = "knowledge:read"
    KNOWLEDGE_AUTHOR = "knowledge:author"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_EDIT = "catalogue:edit"
    DECISION_READ = "decision:read"
    EXPERIMENT_READ = "experiment:read"
    EXPERIMENT_EDIT = "experiment:edit"
    TEMPLATE_READ = "template:read"
    TEMPLATE_AUTHOR = "template:author"
    DELIVERY_READ = "delivery:read"
    APPROVAL_READ = "approval:read"
    APPROVE = "approve"
    CREDIT_READ = "credit:read"
    CREDIT_DISPUTE = "credit:dispute"
    CREDIT_JUDGE = "credit:judge"
    CREDIT_RULE_EDIT = "credit:rule:edit"
    MEASURE_READ = "measure:read"
    MEASURE_ANALYSE = "measure:analyse"
    TAG_READ = "tag:read"
    TAG_REFRESH = "tag:refresh"
    SEGMENT_READ = "segment:read"
    SEGMENT_AUTHOR = "segment:author"


P = Permission

_DESK = {P.CUSTOMER_READ, P.OPENING_READ, P.ENQUIRY_READ, P.KNOWLEDGE_READ, P.CATALOGUE_READ, P.WORDING_CHECK}
_CONTACT = {P.CUSTOMER_UNMASK, P.CONSENT_KEEP, P.SUITABILITY_READ, P.RESCUE_TAKE, P.ENQUIRY_CLAIM, P.TEMPLATE_READ}
# Whoever runs a desk gives work to others, moves it and ends it. Approving as a second person is no part of that.
_RUN_DESK = {P.RESCUE_ASSIGN, P.ENQUIRY_SUPERVISE}
_WATCH = {
    P.COCKPIT_READ,
    P.MEASURE_READ,
    P.EXPERIMENT_READ,
    P.DELIVERY_READ,
    P.DECISION_READ,
    P.TEMPLATE_READ,
    P.TAG_READ,
    P.SEGMENT_READ,
}

# What each post may do. Everybody signed in may also see his colleagues within his data scope.
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset(
        {P.PEOPLE_READ, P.PEOPLE_ADMIN, P.EVENT_READ, P.QUARANTINE_KEEP, P.IMPORT_READ, P.SUITABILITY_READ}
        | {P.KNOWLEDGE_AUTHOR, P.CATALOGUE_EDIT, P.EXPERIMENT_EDIT, P.TEMPLATE_AUTHOR, P.APPROVAL_READ, P.POLICY_READ}
        | {P.CREDIT_READ, P.CREDIT_JUDGE, P.CREDIT_RULE_EDIT, P.MEASURE_ANALYSE, P.TAG_REFRESH, P.SEGMENT_AUTHOR}
        | _DESK
        | _WATCH
    ),
    Role.REGION_MANAGER: frozenset({P.PEOPLE_READ, P.CREDIT_READ, P.CREDIT_JUDGE, P.SUITABILITY_READ} | _DESK | _WATCH),
    # The cockpit is of the whole firm; a branch manager has the morning page of the own branch instead.
    Role.BRANCH_MANAGER: frozenset(
        {P.PEOPLE_READ, P.CREDIT_READ, P.CREDIT_DISPUTE} | _RUN_DESK | _DESK | _CONTACT | _WATCH - {P.COCKPIT_READ}
    ),
    Role.SUPERVISOR: frozenset(
        {P.PEOPLE_READ, P.CUSTOMER_UNMASK, P.SUITABILITY_READ, P.CREDIT_READ, P.APPROVAL_READ, P.APPROVE}
        | {P.KNOWLEDGE_AUTHOR, P.POLICY_READ}
        | _RUN_DESK
        | _DESK
        | _WATCH
    ),
    Role.ADVISOR: frozenset({P.PEOPLE_READ, P.CREDIT_READ, P.CREDIT_DISPUTE} | _DESK | _CONTACT),
    Role.SERVICE_AGENT: frozenset({P.PEOPLE_READ} | _DESK | _CONTACT),
    # His verdicts are given in the firm's opening system and come back as step events.
    Role.WITNESS: frozenset({P.PEOPLE_READ, P.OPENING_READ}),
    Role.COMPLIANCE: frozenset(
        {P.PEOPLE_READ, P.CUSTOMER_UNMASK, P.CONSENT_KEEP, P.SUITABILITY_READ, P.POLICY_READ, P.POLICY_KEEP}
        | {P.AUDIT_READ, P.APPROVAL_READ, P.APPROVE, P.CREDIT_READ, P.MEASURE_ANALYSE}
        | _DESK
        | _WATCH
    ),
    Role.ENGINEER: frozenset(
        {P.PEOPLE_READ, P.EVENT_READ, P.QUARANTINE_KEEP, P.IMPORT_READ, P.KEY_KEEP, P.COCKPIT_READ, P.MEASURE_READ}
        | {P.EXPERIMENT_READ, P.CATALOGUE_READ, P.TEMPLATE_READ, P.DELIVERY_READ, P.DECISION_READ, P.POLICY_READ}
        | {P.MEASURE_ANALYSE, P.TAG_READ, P.TAG_REFRESH, P.SEGMENT_READ}
    ),
}

# Posts whose work covers the whole firm.
EVERYWHERE = frozenset({Role.OPERATOR, Role.COMPLIANCE, Role.ENGINEER, Role.SERVICE_AGENT})
# Posts that make no sense without a branch.
OF_A_BRANCH = frozenset({Role.ADVISOR, Role.BRANCH_MANAGER})
# Posts that market: they win customers, or decide what is offered to them.
MARKETING = frozenset({Role.ADVISOR, Role.BRANCH_MANAGER, Role.REGION_MANAGER, Role.OPERATOR, Role.SERVICE_AGENT})
# Who checks an applicant's identity must not be marketing staff (证券公司开立客户账户规范, 2013), nor direct them, as a
# supervisor does: he would check what his own desk is measured by. Migration 0002 says the same.
NEVER_WITNESS = MARKETING | {Role.SUPERVISOR}


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """All permissions of these roles together.

    >>> Permission.OPENING_READ in permissions_of(["witness"])
    True
    >>> Permission.CREDIT_JUDGE in permissions_of(["advisor"])
    False
    """
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles))


def branches_of(
    roles: Collection[str], branch_id: UUID | None, region_branches: Collection[UUID]
) -> tuple[UUID, ...] | None:
    """The branches whose rows a person sees; None for all, () for none.

    A supervisor without a branch sits at headquarters and sees all; with one, only that.
    """
    held = {Role(role) for role in roles}
    if held & EVERYWHERE or (Role.SUPERVISOR in held and branch_id is None):
        return None
    seen = set(region_branches) if Role.REGION_MANAGER in held else set()
    if branch_id is not None and held - {Role.REGION_MANAGER}:
        seen.add(branch_id)
    return tuple(sorted(seen))


def faults_of_staff(roles: Collection[str], branch_id: object | None, region_id: object | None) -> list[str]:
    """Why this person may not be written down so; empty when he may.

    >>> faults_of_staff(["witness", "advisor"], "b1", None)
    ['A witness checks identities and may not also market or direct who markets (advisor).']
    """
    unknown = sorted(set(roles) - set(Role))
    if unknown or not roles:
        return [f"Choose roles from {', '.join(Role)}; unknown: {', '.join(unknown) or 'none given'}."]
    held = {Role(role) for role in roles}
    faults = []
    if Role.WITNESS in held and held & NEVER_WITNESS:
        clash = ", ".join(sorted(held & NEVER_WITNESS))
        faults.append(f"A witness checks identities and may not also market or direct who markets ({clash}).")
    if held & OF_A_BRANCH and branch_id is None:
        faults.append(f"Name the branch of a {' and '.join(sorted(held & OF_A_BRANCH))}.")
    if Role.REGION_MANAGER in held and region_id is None:
        faults.append("Name the region of a region_manager.")
    return faults


class Scope(StrEnum):
    """What a key may do. A write key has `track` alone and can read nothing."""

    TRACK = "track"
    TRUSTED = "track:trusted"
    DECIDE = "decide"


KEY_KINDS = ("write", "server")


def faults_of_key(kind: str, scopes: Collection[str]) -> list[str]:
    """Why no such key may be made; empty when it may.

    >>> faults_of_key("write", ["track", "decide"])
    ['A write key stands in public apps and web pages: it can only track.']
    """
    unknown = sorted(set(scopes) - set(Scope))
    if kind not in KEY_KINDS or unknown:
        return [f"Choose a kind from {', '.join(KEY_KINDS)} and scopes from {', '.join(Scope)}."]
    if kind == "write" and set(scopes) != {Scope.TRACK}:
        return ["A write key stands in public apps and web pages: it can only track."]
    if kind == "server" and not scopes:
        return ["A server key needs at least one scope."]
    return []
