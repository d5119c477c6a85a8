"""Writing staff and branches: by import, and by hand."""

from collections.abc import Sequence

from bihuan.kit.postgres import Tx
from bihuan.people.rules import faults_of_staff
from bihuan.people.staff import repository
from bihuan.people.types import BranchRow, Imported, StaffRow


async def import_branches(tx: Tx, given: Sequence[BranchRow]) -> Imported:
    """Write branches by code, with their regions; of rows with the same code the last one counts."""
    rejected = [(n, "Name code, name and region_code.") for n, row in enumerate(given) if not _named(row)]
    good = [row for row in given if _named(row)]
    await repository.write_branches(tx, good)
    return Imported(len(good), tuple(rejected))


def _named(row: BranchRow) -> bool:
    return bool(row.code and row.name and row.region_code)


async def import_staff(tx: Tx, given: Sequence[StaffRow]) -> Imported:
    """Write staff by login. Whoever is written inactive loses his sessions with his next call.

    Rejected, with the reason: unknown branch or region codes, roles that exclude each other, a staff code that
    belongs to somebody else.
    """
    branches = {branch.code: branch for branch in await repository.branches(tx)}
    regions = {region.code: region.id for region in await repository.regions(tx)}
    holders = await repository.holders_of_codes(tx, {row.staff_code for row in given if row.staff_code})
    good, rejected = [], []
    for n, row in enumerate(given):
        branch = branches.get(row.branch_code or "")
        region_id = regions.get(row.region_code or "") or (branch.region_id if branch else None)
        fault = _fault(row, branch is not None, region_id is not None, holders)
        if fault:
            rejected.append((n, fault))
            continue
        if row.staff_code:
            holders[row.staff_code] = row.login.lower()
        good.append((row, branch.id if branch else None, regions.get(row.region_code or "")))
    await repository.write_staff(tx, good)
    return Imported(len(good), tuple(rejected))


def _fault(row: StaffRow, branch_known: bool, region_known: bool, holders: dict[str, str]) -> str | None:
    if not (row.login and row.name):
        return "Name login and name."
    if row.branch_code and not branch_known:
        return f"There is no branch {row.branch_code}; import branches first."
    if row.region_code and not region_known:
        return f"There is no region {row.region_code}; import branches first."
    if row.staff_code and holders.get(row.staff_code, row.login.lower()) != row.login.lower():
        return f"The staff code {row.staff_code} belongs to {holders[row.staff_code]}."
    faults = faults_of_staff(row.roles, row.branch_code, row.region_code or (region_known or None))
    return faults[0] if faults else None
