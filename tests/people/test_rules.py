"""Who may do what, and whose rows he sees."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from bihuan.people.access import scope_sql
from bihuan.people.rules import (
    EVERYWHERE,
    MARKETING,
    NEVER_WITNESS,
    PERMISSIONS,
    Permission,
    Role,
    Scope,
    branches_of,
    faults_of_key,
    faults_of_staff,
    permissions_of,
)
from bihuan.people.types import Staff

roles = st.lists(st.sampled_from(list(Role)), min_size=1, max_size=4)
branch = st.one_of(st.none(), st.uuids())


def test_every_role_has_permissions_and_every_permission_a_role() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert permissions_of(Role) == set(Permission)


@given(roles, roles)
def test_more_roles_never_take_a_permission_away(one: list[Role], other: list[Role]) -> None:
    assert permissions_of(one) <= permissions_of(one + other)


@given(roles, branch, st.lists(st.uuids(), max_size=3))
def test_a_scope_holds_only_ones_own_places(held: list[Role], own: UUID | None, region: list[UUID]) -> None:
    seen = branches_of(held, own, region)
    if seen is None:
        assert set(held) & EVERYWHERE or (Role.SUPERVISOR in held and own is None)
    else:
        assert set(seen) <= {own, *region}
        assert Role.REGION_MANAGER in held or set(seen) <= {own}


def test_who_asks_for_raw_events_sees_the_whole_firm() -> None:
    assert {role for role in Role if Permission.MEASURE_ANALYSE in permissions_of([role])} <= EVERYWHERE


@given(branch, st.lists(st.uuids(), max_size=3))
def test_an_advisor_never_sees_the_region(own: UUID | None, region: list[UUID]) -> None:
    assert branches_of([Role.ADVISOR], own, region) == ((own,) if own else ())


@given(roles, branch, branch)
def test_a_witness_never_markets_nor_directs_who_does(held: list[Role], own: UUID | None, region: UUID | None) -> None:
    clash = Role.WITNESS in held and bool(set(held) & {*MARKETING, Role.SUPERVISOR})
    faults = faults_of_staff(held, own, region)
    assert any("witness" in fault for fault in faults) == clash


def test_whoever_serves_or_directs_customers_is_no_witness() -> None:
    work = {Permission.RESCUE_TAKE, Permission.RESCUE_ASSIGN, Permission.ENQUIRY_CLAIM, Permission.ENQUIRY_SUPERVISE}
    assert {role for role in Role if permissions_of([role]) & work} <= NEVER_WITNESS


def test_a_witness_reads_applications_and_no_customers() -> None:
    assert permissions_of(["witness"]) == {Permission.PEOPLE_READ, Permission.OPENING_READ}


def test_who_writes_a_template_cannot_approve_it_and_nobody_of_marketing_approves() -> None:
    assert not permissions_of(["operator"]) & {Permission.APPROVE, Permission.POLICY_KEEP}
    assert not any(Permission.APPROVE in PERMISSIONS[role] for role in MARKETING)


def test_a_second_person_directs_no_desk() -> None:
    """Compliance approves what others propose; whom a customer is served by is not theirs to say."""
    directs = {Permission.RESCUE_ASSIGN, Permission.ENQUIRY_SUPERVISE}
    assert not permissions_of(["compliance"]) & directs
    assert {role for role in Role if directs & permissions_of([role])} == {Role.BRANCH_MANAGER, Role.SUPERVISOR}


@given(st.sampled_from(["write", "server", "other"]), st.lists(st.sampled_from([*Scope, "all"]), max_size=4))
def test_a_write_key_can_only_track(kind: str, scopes: list[str]) -> None:
    if not faults_of_key(kind, scopes) and kind == "write":
        assert set(scopes) == {"track"}


def test_no_branch_is_no_row() -> None:
    person = Staff(uuid4(), "x", "x", "", ("advisor",), None, None, (), None, False, None, True)
    condition, params = scope_sql("t.branch_id", person)
    assert condition == "t.branch_id = ANY(%(scope_branches)s)"
    assert params == {"scope_branches": []}
    assert not person.sees(None)
    assert not person.sees(uuid4())
