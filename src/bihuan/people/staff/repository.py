"""All SQL about regions, branches and staff."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx
from bihuan.people.rules import Role, branches_of
from bihuan.people.types import Branch, BranchRow, Region, Staff, StaffRow

BRANCH = "id, code, name, name_en, city, region_id, latitude, longitude, opens_at, closes_at, monthly_capacity, active"

# A staff member with the branches of his region; a region manager without one has his branch's region.
STAFF = """
SELECT s.id, s.login, s.name, s.name_en, s.roles, s.branch_id, coalesce(s.region_id, own.region_id) AS region_id,
       s.registration_number, s.licensed, s.staff_code, s.active,
       ARRAY(SELECT b.id FROM people_branch b
              WHERE b.region_id = coalesce(s.region_id, own.region_id)) AS region_branches
  FROM people_staff s LEFT JOIN people_branch own ON own.id = s.branch_id
"""


def staff_of_row(row: dict[str, Any]) -> Staff:
    """A row of STAFF as other rooms get it."""
    region_branches = row.pop("region_branches")
    roles = tuple(row.pop("roles"))
    return Staff(roles=roles, branch_ids=branches_of(roles, row["branch_id"], region_branches), **row)


async def _staff(tx: Tx, where: str, **params: Any) -> list[Staff]:
    found = await postgres.rows(tx, f"{STAFF} WHERE {where} ORDER BY s.login", **params)
    return [staff_of_row(row) for row in found]


def _only(found: Sequence[Staff]) -> Staff | None:
    return found[0] if found else None


async def every(tx: Tx) -> list[Staff]:
    """Everybody, also those who have left, by login."""
    return await _staff(tx, "true")


async def by_id(tx: Tx, staff_id: UUID) -> Staff | None:
    """One staff member, also one who has left."""
    return _only(await by_ids(tx, [staff_id]))


async def active_by_id(tx: Tx, staff_id: UUID) -> Staff | None:
    """One staff member who has not left."""
    return _only(await _staff(tx, "s.id = %(id)s AND s.active", id=staff_id))


async def by_ids(tx: Tx, staff_ids: Collection[UUID]) -> list[Staff]:
    """Those of these who exist, also those who have left."""
    return await _staff(tx, "s.id = ANY(%(ids)s)", ids=list(set(staff_ids)))


async def active_by_login(tx: Tx, login: str) -> Staff | None:
    """Who has this login and has not left."""
    return _only(await _staff(tx, "s.login = lower(%(login)s) AND s.active", login=login))


async def by_codes(tx: Tx, codes: Collection[str]) -> list[Staff]:
    """Whose these staff codes are, also of those who have left."""
    return await _staff(tx, "s.staff_code = ANY(%(codes)s)", codes=list(codes))


async def of_branch(tx: Tx, branch_id: UUID, role: Role | None) -> list[Staff]:
    """The active staff of a branch, of one role or of all."""
    return await _staff(
        tx,
        "s.active AND s.branch_id = %(branch)s AND (%(role)s::text IS NULL OR %(role)s = ANY(s.roles))",
        branch=branch_id,
        role=role,
    )


async def with_role(tx: Tx, role: Role) -> list[Staff]:
    """All active staff who hold a role."""
    return await _staff(tx, "s.active AND %(role)s = ANY(s.roles)", role=role)


async def of_the_demo(tx: Tx) -> list[Staff]:
    """Active staff who have the demo's password, and none of their own."""
    return await _staff(tx, "s.active AND s.password_hash IS NOT NULL AND s.password_is_demos")


async def branch(tx: Tx, branch_id: UUID) -> Branch | None:
    """One branch, or None."""
    return await postgres.read_one(tx, Branch, f"SELECT {BRANCH} FROM people_branch WHERE id = %(id)s", id=branch_id)


async def branch_by_code(tx: Tx, code: str) -> Branch | None:
    """One branch by the firm's code, or None."""
    return await postgres.read_one(tx, Branch, f"SELECT {BRANCH} FROM people_branch WHERE code = %(code)s", code=code)


async def branches(tx: Tx) -> list[Branch]:
    """All branches, by code."""
    return await postgres.read(tx, Branch, f"SELECT {BRANCH} FROM people_branch ORDER BY code")


async def regions(tx: Tx) -> list[Region]:
    """All regions, by code."""
    return await postgres.read(tx, Region, "SELECT id, code, name, name_en FROM people_region ORDER BY code")


# A region is named by the first branch that names it; an empty name leaves the known one.
WRITE_REGIONS = """
INSERT INTO people_region AS r (id, code, name, name_en)
VALUES (%(id)s, %(code)s, %(name)s, %(name_en)s)
ON CONFLICT (code) DO UPDATE SET name = coalesce(nullif(%(given)s, ''), r.name),
                                 name_en = coalesce(nullif(excluded.name_en, ''), r.name_en)
"""

WRITE_BRANCH = """
INSERT INTO people_branch (id, code, name, name_en, city, region_id, latitude, longitude, opens_at, closes_at,
                           monthly_capacity, active)
SELECT %(id)s, %(code)s, %(name)s, %(name_en)s, %(city)s, r.id, %(latitude)s, %(longitude)s, %(opens_at)s,
       %(closes_at)s, %(monthly_capacity)s, %(active)s
  FROM people_region r WHERE r.code = %(region_code)s
ON CONFLICT (code) DO UPDATE SET
  name = excluded.name, name_en = excluded.name_en, city = excluded.city, region_id = excluded.region_id,
  latitude = excluded.latitude, longitude = excluded.longitude, opens_at = excluded.opens_at,
  closes_at = excluded.closes_at, monthly_capacity = excluded.monthly_capacity, active = excluded.active
"""


async def write_branches(tx: Tx, given: Sequence[BranchRow]) -> None:
    """Insert or update branches by code, and the regions they name."""
    regions_named = {row.region_code: row for row in reversed(given)}
    await postgres.execute_many(
        tx,
        WRITE_REGIONS,
        [
            {
                "id": ids.new_id(),
                "code": code,
                "name": row.region_name or code,
                "given": row.region_name,
                "name_en": row.region_name_en,
            }
            for code, row in sorted(regions_named.items())
        ],
    )
    await postgres.execute_many(tx, WRITE_BRANCH, [{"id": ids.new_id(), **vars(row)} for row in given])


WRITE_STAFF = """
INSERT INTO people_staff (id, login, name, name_en, roles, branch_id, region_id, registration_number, licensed,
                          staff_code, active)
VALUES (%(id)s, %(login)s, %(name)s, %(name_en)s, %(roles)s, %(branch_id)s, %(region_id)s, %(registration_number)s,
        %(licensed)s, %(staff_code)s, %(active)s)
ON CONFLICT (login) DO UPDATE SET
  name = excluded.name, name_en = excluded.name_en, roles = excluded.roles, branch_id = excluded.branch_id,
  region_id = excluded.region_id, registration_number = excluded.registration_number, licensed = excluded.licensed,
  staff_code = excluded.staff_code, active = excluded.active
"""


async def write_staff(tx: Tx, given: Sequence[tuple[StaffRow, UUID | None, UUID | None]]) -> None:
    """Insert or update staff by login, each with the ids of his branch and region."""
    await postgres.execute_many(
        tx,
        WRITE_STAFF,
        [
            {
                "id": ids.new_id(),
                **vars(row),
                "login": row.login.lower(),
                "roles": sorted(set(row.roles)),
                "branch_id": branch_id,
                "region_id": region_id,
            }
            for row, branch_id, region_id in given
        ],
    )


async def holders_of_codes(tx: Tx, codes: Collection[str]) -> dict[str, str]:
    """The logins that hold these staff codes."""
    found = await postgres.rows(
        tx, "SELECT staff_code, login FROM people_staff WHERE staff_code = ANY(%(codes)s)", codes=list(codes)
    )
    return {row["staff_code"]: row["login"] for row in found}


# A page of staff: of a branch, a role, a part of the name or login; the fragment in braces is the data scope.
LIST_STAFF = """
s.login > %(after)s AND {scope}
  AND (%(branch)s::uuid IS NULL OR s.branch_id = %(branch)s) AND (%(role)s::text IS NULL OR %(role)s = ANY(s.roles))
  AND (%(active)s::boolean IS NULL OR s.active = %(active)s)
  AND (%(q)s::text IS NULL OR strpos(lower(s.name || ' ' || s.name_en || ' ' || s.login), lower(%(q)s)) > 0)
"""


async def list_staff(
    tx: Tx,
    scope: tuple[str, dict[str, Any]],
    *,
    after: str,
    branch: UUID | None,
    role: str | None,
    active: bool | None,
    q: str | None,
    limit: int,
) -> list[Staff]:
    """Staff by login, after a login."""
    condition, params = scope
    found = await postgres.rows(
        tx,
        f"{STAFF} WHERE {LIST_STAFF.format(scope=condition)} ORDER BY s.login LIMIT %(limit)s",
        after=after,
        branch=branch,
        role=role,
        active=active,
        q=q,
        limit=limit,
        **params,
    )
    return [staff_of_row(row) for row in found]


async def branches_in(tx: Tx, scope: tuple[str, dict[str, Any]]) -> list[Branch]:
    """The branches within a data scope, by code."""
    condition, params = scope
    return await postgres.read(
        tx, Branch, f"SELECT {BRANCH} FROM people_branch WHERE {condition} ORDER BY code", **params
    )


async def insert_staff(tx: Tx, values: Mapping[str, Any]) -> None:
    """A new person; the driver's UniqueViolation and ForeignKeyViolation come through."""
    await _insert(tx, "people_staff", values)


async def insert_branch(tx: Tx, values: Mapping[str, Any]) -> None:
    """A new branch; the driver's UniqueViolation and ForeignKeyViolation come through."""
    await _insert(tx, "people_branch", values)


async def update_staff(tx: Tx, staff_id: UUID, values: Mapping[str, Any]) -> None:
    """Change these columns of a person."""
    await _update(tx, "people_staff", staff_id, values)


async def update_branch(tx: Tx, branch_id: UUID, values: Mapping[str, Any]) -> None:
    """Change these columns of a branch."""
    await _update(tx, "people_branch", branch_id, values)


# Column names are the field names of our own schemas, never a caller's words.
async def _insert(tx: Tx, table: str, values: Mapping[str, Any]) -> None:
    columns, places = ", ".join(values), ", ".join(f"%({name})s" for name in values)
    await postgres.execute(tx, f"INSERT INTO {table} ({columns}) VALUES ({places})", **values)


async def _update(tx: Tx, table: str, row_id: UUID, values: Mapping[str, Any]) -> None:
    settings = ", ".join(f"{name} = %({name})s" for name in values)
    await postgres.execute(tx, f"UPDATE {table} SET {settings} WHERE id = %(row_id)s", row_id=row_id, **values)
