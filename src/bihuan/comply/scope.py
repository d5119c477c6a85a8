"""Whether a customer is within a person's data scope.

Whose customer he is, a later room knows; what comply asks of it is said here, and composition hands it in.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from bihuan.comply.suitability import repository
from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Staff

# The serving branch of each customer, None where unknown.
BranchesOf = Callable[[Tx, Sequence[UUID]], Awaitable[Mapping[UUID, UUID | None]]]


def _branches_of(request: Request) -> BranchesOf:
    found: BranchesOf = request.app.state.branches_of_customers
    return found


Homes = Annotated[BranchesOf, Depends(_branches_of)]


async def canonical_in_scope(tx: Tx, customer_id: UUID, staff: Staff, homes: BranchesOf) -> UUID:
    """The user behind this id. Raises NotFound for a customer of a branch this person does not see.

    A customer of no branch is seen by those who see all branches.
    """
    if not staff.sees((await homes(tx, [customer_id])).get(customer_id)):
        raise NotFound("customer", "There is no such customer within your data scope.")
    return (await repository.canonical(tx, [customer_id]))[customer_id]
