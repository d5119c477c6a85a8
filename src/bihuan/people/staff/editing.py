"""Changing staff and branches by hand: checked, audited, told."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import ForeignKeyViolation, UniqueViolation

from bihuan.kit import audit, ids, log
from bihuan.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.facts import StaffChanged
from bihuan.people.rules import faults_of_staff
from bihuan.people.sessions import repository as sessions
from bihuan.people.sessions.service import hash_password
from bihuan.people.staff import repository
from bihuan.people.types import Branch, Staff

# What a change of roles or place would let a person give himself.
_NOT_ONESELF = frozenset({"roles", "active", "branch_id", "region_id", "licensed"})


async def add_staff(tx: Tx, given: Mapping[str, Any], actor: object, now: datetime) -> Staff:
    """A new person, written down by `actor` (an id, or "command line").

    Raises Invalid for roles that exclude each other, Conflict for a login or code that is taken.
    """
    _check(given["roles"], given["branch_id"], given["region_id"])
    staff_id = ids.new_id()
    await _written(repository.insert_staff(tx, {"id": staff_id, **given, "roles": sorted(set(given["roles"]))}))
    await audit.record(tx, actor, "people:staff:added", staff_id, _plain(given), now)
    return await _told(tx, staff_id, now)


async def change_staff(tx: Tx, staff_id: UUID, changes: Mapping[str, Any], by: Staff, now: datetime) -> Staff:
    """Change a person; whoever is deactivated or gets other roles loses his sessions.

    Raises NotFound, Invalid, Conflict; Forbidden for one's own roles and place, which somebody else must change.
    """
    known = await repository.by_id(tx, staff_id)
    if known is None:
        raise NotFound("staff", "There is no such person.")
    differing = {name: value for name, value in changes.items() if _differs(getattr(known, name), value)}
    if staff_id == by.id and differing.keys() & _NOT_ONESELF:
        raise Forbidden("own-roles", "Ask another operator: nobody changes his own roles, place or licence.")
    wanted = {name: differing.get(name, getattr(known, name)) for name in ("roles", "branch_id", "region_id")}
    _check(**wanted)
    if not differing:
        return known
    if "roles" in differing:
        differing["roles"] = sorted(set(differing["roles"]))
    await _written(repository.update_staff(tx, staff_id, differing))
    if differing.get("active") is False or "roles" in differing:
        await sessions.end_all_of(tx, staff_id)
    before = {name: getattr(known, name) for name in differing}
    await audit.record(
        tx, by.id, "people:staff:changed", staff_id, {"from": _plain(before), "to": _plain(differing)}, now
    )
    return await _told(tx, staff_id, now)


async def give_password(tx: Tx, staff_id: UUID, actor: object, now: datetime) -> str:
    """A new random password for somebody; all his sessions end. Raises NotFound."""
    known = await repository.active_by_id(tx, staff_id)
    if known is None:
        raise NotFound("staff", "There is no such active person.")
    password = secrets.token_urlsafe(12)
    await sessions.set_password_hash(tx, staff_id, await hash_password(password))
    await sessions.end_all_of(tx, staff_id)
    await audit.record(tx, actor, "people:password:given", staff_id, {}, now)
    return password


async def add_branch(tx: Tx, given: Mapping[str, Any], by: Staff, now: datetime) -> Branch:
    """A new branch. Raises Invalid for an unknown region, Conflict for a code that is taken."""
    branch_id = ids.new_id()
    await _written(repository.insert_branch(tx, {"id": branch_id, **given}))
    await audit.record(tx, by.id, "people:branch:added", branch_id, _plain(given), now)
    return await _branch(tx, branch_id)


async def change_branch(tx: Tx, branch_id: UUID, changes: Mapping[str, Any], by: Staff, now: datetime) -> Branch:
    """Change a branch. Raises NotFound, and Invalid for an unknown region."""
    known = await _branch(tx, branch_id)
    differing = {name: value for name, value in changes.items() if getattr(known, name) != value}
    if not differing:
        return known
    if differing.get("region_id", known.region_id) is None:
        raise Invalid("branch", "A branch belongs to a region.")
    await _written(repository.update_branch(tx, branch_id, differing))
    before = {name: getattr(known, name) for name in differing}
    await audit.record(
        tx, by.id, "people:branch:changed", branch_id, {"from": _plain(before), "to": _plain(differing)}, now
    )
    return await _branch(tx, branch_id)


def _check(roles: Any, branch_id: UUID | None, region_id: UUID | None) -> None:
    faults = faults_of_staff(roles, branch_id, region_id or branch_id)
    if faults:
        raise Invalid("staff", faults[0], faults=faults)


def _differs(known: Any, wanted: Any) -> bool:
    return set(known) != set(wanted) if isinstance(known, tuple) else known != wanted


async def _written(writing: Any) -> None:
    try:
        await writing
    except UniqueViolation as error:
        raise Conflict("taken", "This login or code belongs to somebody else; choose another.") from error
    except ForeignKeyViolation as error:
        raise Invalid("unknown-place", "Choose a branch and region that exist.") from error


async def _branch(tx: Tx, branch_id: UUID) -> Branch:
    found = await repository.branch(tx, branch_id)
    if found is None:
        raise NotFound("branch", "There is no such branch.")
    return found


async def _told(tx: Tx, staff_id: UUID, now: datetime) -> Staff:
    staff = await repository.by_id(tx, staff_id)
    assert staff is not None  # noqa: S101  (just written in this transaction)
    await log.publish(tx, StaffChanged(None, staff.id, staff.active, staff.roles, staff.branch_id), now=now)
    return staff


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
