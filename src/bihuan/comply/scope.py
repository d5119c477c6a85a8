"""Whether a customer is within a person's data scope, as far as comply knows whose customer he is."""

from uuid import UUID

from bihuan.comply.suitability import repository
from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Staff


async def canonical_in_scope(tx: Tx, customer_id: UUID, staff: Staff) -> UUID:
    """The user behind this id. Raises NotFound for a customer of a branch this person does not see.

    A customer of no branch is seen by those who see all branches.
    """
    user = (await repository.canonical(tx, [customer_id]))[customer_id]
    if not staff.sees(await repository.branch_of(tx, user)):
        raise NotFound("customer", "There is no such customer within your data scope.")
    return user
