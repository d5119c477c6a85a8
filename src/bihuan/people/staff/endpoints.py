"""Staff and branches over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from bihuan.kit.http import Cursor, Limit, Now, RequestTx, cursor_of, parts_of
from bihuan.people.access import CustomerCaller, PeopleAdmin, PeopleReader, scope_sql
from bihuan.people.rules import Role
from bihuan.people.sessions.browser import keep_secret
from bihuan.people.staff import editing, repository
from bihuan.people.staff.schemas import (
    BranchChoice,
    BranchEdit,
    BranchIn,
    BranchList,
    BranchOut,
    ChoiceList,
    NewPassword,
    RegionList,
    RegionOut,
    StaffEdit,
    StaffIn,
    StaffOut,
    StaffPage,
)

router = APIRouter(tags=["people"])


@router.get("/regions")
async def list_regions(staff: PeopleReader, tx: RequestTx) -> RegionList:
    """All regions, by code."""
    return RegionList(items=[RegionOut.of(region) for region in await repository.regions(tx)])


@router.get("/branches")
async def list_branches(staff: PeopleReader, tx: RequestTx) -> BranchList:
    """The branches within the data scope, by code."""
    found = await repository.branches_in(tx, scope_sql("id", staff))
    return BranchList(items=[BranchOut.of(branch) for branch in found])


@router.get("/me/branches")
async def list_branch_choices(caller: CustomerCaller, tx: RequestTx) -> ChoiceList:
    """The branches a customer may choose, by code."""
    return ChoiceList(items=[BranchChoice.of(branch) for branch in await repository.branches(tx) if branch.active])


@router.post("/branches", status_code=201)
async def add_branch(given: BranchIn, staff: PeopleAdmin, tx: RequestTx, now: Now) -> BranchOut:
    """Open a branch. 409 when its code is taken."""
    return BranchOut.of(await editing.add_branch(tx, given.model_dump(), staff, now))


@router.patch("/branches/{branch_id}")
async def change_branch(branch_id: UUID, given: BranchEdit, staff: PeopleAdmin, tx: RequestTx, now: Now) -> BranchOut:
    """Change a branch; what is left out stays."""
    return BranchOut.of(await editing.change_branch(tx, branch_id, given.model_dump(exclude_unset=True), staff, now))


@router.get("/staff")
async def list_staff(
    staff: PeopleReader,
    tx: RequestTx,
    branch: Annotated[UUID | None, Query(description="only of this branch")] = None,
    role: Annotated[Role | None, Query(description="only who hold this role")] = None,
    active: Annotated[bool | None, Query(description="only who work here, or only who have left")] = None,
    q: Annotated[str | None, Query(min_length=1, max_length=50, description="part of a name or login")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> StaffPage:
    """Staff within the data scope, by login. Who belongs to no branch is seen by those who see all."""
    after = parts_of(cursor, 1) or [""]
    found = await repository.list_staff(
        tx, scope_sql("s.branch_id", staff), after=after[0], branch=branch, role=role, active=active, q=q, limit=limit
    )
    following = cursor_of(found[-1].login) if len(found) == limit else None
    return StaffPage(items=[StaffOut.of(member) for member in found], next=following)


@router.post("/staff", status_code=201)
async def add_staff(given: StaffIn, staff: PeopleAdmin, tx: RequestTx, now: Now) -> StaffOut:
    """Add a person. 409 when login or staff code is taken, 422 for roles that exclude each other."""
    return StaffOut.of(await editing.add_staff(tx, given.model_dump(), staff.id, now))


@router.patch("/staff/{staff_id}")
async def change_staff(staff_id: UUID, given: StaffEdit, staff: PeopleAdmin, tx: RequestTx, now: Now) -> StaffOut:
    """Change a person; what is left out stays. Whoever is deactivated loses his sessions. 403 for one's own roles."""
    return StaffOut.of(await editing.change_staff(tx, staff_id, given.model_dump(exclude_unset=True), staff, now))


@router.post("/staff/{staff_id}/password")
async def give_password(staff_id: UUID, staff: PeopleAdmin, response: Response, tx: RequestTx, now: Now) -> NewPassword:
    """Give a person a new random password, shown this once. His sessions end."""
    keep_secret(response)
    return NewPassword(password=await editing.give_password(tx, staff_id, staff.id, now))
