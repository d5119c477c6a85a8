"""Lists of enquiries: an advisor's, a customer's, who waits, and whatever lies within a scope."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.serve.enquiries.row import COLUMNS, Enquiry

OF_OWNER = f"""
SELECT {COLUMNS} FROM serve_enquiry WHERE owner_id = %(staff_id)s AND state = 'claimed' ORDER BY last_at DESC
"""

OF_CUSTOMER = f"""
SELECT {COLUMNS} FROM serve_enquiry WHERE customer_id = ANY(%(customer_ids)s) ORDER BY last_at DESC LIMIT %(limit)s
"""

# Newest first, within a scope; the caller may narrow by state and branch.
LIST = """
SELECT {columns} FROM serve_enquiry
 WHERE ({scope} OR owner_id = %(staff_id)s)
   AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
   AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
   AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s)
   AND (%(before_at)s::timestamptz IS NULL OR (asked_at, id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY asked_at DESC, id DESC LIMIT %(limit)s
"""

# Who waits for a person: of one branch, or of all.
IN_DISPATCH = f"""
SELECT {COLUMNS} FROM serve_enquiry
 WHERE state IN ('waiting', 'callback_owed') AND (%(branch)s::uuid IS NULL OR branch_id = %(branch)s)
 ORDER BY person_asked_at, id LIMIT 500
"""


async def of_owner(tx: Tx, staff_id: UUID) -> list[Enquiry]:
    """The conversations an advisor holds."""
    return await postgres.read(tx, Enquiry, OF_OWNER, staff_id=staff_id)


async def of_customer(tx: Tx, customer_ids: list[UUID], limit: int) -> list[Enquiry]:
    """A customer's own enquiries, latest first."""
    return await postgres.read(tx, Enquiry, OF_CUSTOMER, customer_ids=customer_ids, limit=limit)


async def page(
    tx: Tx,
    scope: tuple[str, dict[str, Any]],
    staff_id: UUID,
    states: list[str] | None,
    branch: UUID | None,
    customer: UUID | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Enquiry]:
    """Enquiries within a scope, newest first."""
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx,
        Enquiry,
        LIST.format(columns=COLUMNS, scope=scope[0]),
        states=states,
        branch=branch,
        customer=customer,
        staff_id=staff_id,
        before_at=before_at,
        before_id=before_id,
        limit=limit,
        **scope[1],
    )


async def in_dispatch(tx: Tx, branch: UUID | None) -> list[Enquiry]:
    """Who waits for a person, longest first."""
    return await postgres.read(tx, Enquiry, IN_DISPATCH, branch=branch)
