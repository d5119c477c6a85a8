"""Rings, candidates and offers in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.serve.dispatch.rules import Candidate, Ring

RINGS = "SELECT position, name, reach, size, patience FROM serve_ring ORDER BY position"

# Who is online, how many conversations each holds and how many offers lie before him.
CANDIDATES = """
SELECT p.staff_id, p.branch_id, p.region_id, p.licensed, p.capacity, coalesce(e.n, 0) AS load,
       coalesce(o.n, 0) AS offers, p.last_claimed_at
  FROM serve_presence p
  LEFT JOIN (SELECT owner_id, count(*) AS n FROM serve_enquiry
              WHERE state = 'claimed' AND origin = 'customer' GROUP BY owner_id) e ON e.owner_id = p.staff_id
  LEFT JOIN (SELECT staff_id, count(*) AS n FROM serve_offer
              WHERE state = 'offered' GROUP BY staff_id) o ON o.staff_id = p.staff_id
 WHERE p.state = 'online' AND (%(staff_id)s::uuid IS NULL OR p.staff_id = %(staff_id)s)
"""

# Those of the chosen who are still online, kept so until the offer is committed: whoever is going offline at this
# moment holds his row and is passed over without waiting.
HOLD = """
SELECT staff_id FROM serve_presence WHERE staff_id = ANY(%(staff_ids)s) AND state = 'online'
   FOR SHARE SKIP LOCKED
"""

OFFERS = "SELECT staff_id, state, ended_at FROM serve_offer WHERE enquiry_id = %(enquiry_id)s"

OFFER = """
INSERT INTO serve_offer (enquiry_id, staff_id, state, ring, offered_at)
SELECT %(enquiry_id)s, s, 'offered', %(ring)s, %(now)s FROM unnest(%(staff_ids)s::uuid[]) s
ON CONFLICT (enquiry_id, staff_id) DO UPDATE
   SET state = 'offered', ring = excluded.ring, offered_at = excluded.offered_at, ended_at = NULL
 WHERE serve_offer.state <> 'offered'
RETURNING staff_id
"""

# One person's part in it ends, or had no offer before it (a supervisor assigned him).
SETTLE = """
INSERT INTO serve_offer (enquiry_id, staff_id, state, ring, offered_at, ended_at)
VALUES (%(enquiry_id)s, %(staff_id)s, %(state)s, 0, %(now)s, %(now)s)
ON CONFLICT (enquiry_id, staff_id) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at
"""

DECLINE = """
UPDATE serve_offer SET state = 'declined', ended_at = %(now)s
 WHERE enquiry_id = %(enquiry_id)s AND staff_id = %(staff_id)s AND state = 'offered'
RETURNING staff_id
"""

WITHDRAW = """
UPDATE serve_offer SET state = 'withdrawn', ended_at = %(now)s
 WHERE enquiry_id = %(enquiry_id)s AND state = 'offered' RETURNING staff_id
"""

# What needs a registered advisor lies before others no more.
WITHDRAW_UNLICENSED = """
UPDATE serve_offer o SET state = 'withdrawn', ended_at = %(now)s
 WHERE o.enquiry_id = %(enquiry_id)s AND o.state = 'offered'
   AND NOT EXISTS (SELECT 1 FROM serve_presence p WHERE p.staff_id = o.staff_id AND p.licensed)
RETURNING o.staff_id
"""

WITHDRAW_OF_STAFF = """
UPDATE serve_offer SET state = 'withdrawn', ended_at = %(now)s
 WHERE staff_id = %(staff_id)s AND enquiry_id = ANY(%(enquiry_ids)s) AND state = 'offered' RETURNING enquiry_id
"""

OFFERED_TO = "SELECT staff_id FROM serve_offer WHERE enquiry_id = %(enquiry_id)s AND state = 'offered'"

# What lies before one advisor, longest waiting first.
OFFERS_OF_STAFF = """
SELECT o.enquiry_id FROM serve_offer o JOIN serve_enquiry e ON e.id = o.enquiry_id
 WHERE o.staff_id = %(staff_id)s AND o.state = 'offered' ORDER BY e.person_asked_at, e.id
"""

# What waits and does not lie before him, longest waiting first.
WAITING_FOR = """
SELECT e.id FROM serve_enquiry e
 WHERE e.state IN ('waiting', 'callback_owed')
   AND NOT EXISTS (SELECT 1 FROM serve_offer o
                    WHERE o.enquiry_id = e.id AND o.staff_id = %(staff_id)s AND o.state = 'offered')
 ORDER BY e.person_asked_at, e.id LIMIT 200
"""

WAS_OFFERED = "SELECT state FROM serve_offer WHERE enquiry_id = %(enquiry_id)s AND staff_id = %(staff_id)s"


@dataclass(frozen=True)
class Offer:
    """One advisor's offer of one enquiry."""

    staff_id: UUID
    state: str
    ended_at: datetime | None


async def rings(tx: Tx) -> list[Ring]:
    """The widening circle, innermost first."""
    return await postgres.read(tx, Ring, RINGS)


async def candidates(tx: Tx, staff_id: UUID | None = None) -> list[Candidate]:
    """Who is online; with `staff_id` only that person."""
    return await postgres.read(tx, Candidate, CANDIDATES, staff_id=staff_id)


async def hold(tx: Tx, staff_ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """Those who are still online and stay so until this transaction ends, in the order given."""
    held = {row["staff_id"] for row in await postgres.rows(tx, HOLD, staff_ids=list(staff_ids))}
    return tuple(staff_id for staff_id in staff_ids if staff_id in held)


async def offers(tx: Tx, enquiry_id: UUID) -> list[Offer]:
    """All offers there were of an enquiry."""
    return await postgres.read(tx, Offer, OFFERS, enquiry_id=enquiry_id)


async def offer(tx: Tx, enquiry_id: UUID, ring: int, staff_ids: tuple[UUID, ...], now: datetime) -> list[UUID]:
    """Offer it; those who did not hold it before."""
    return _staff(await postgres.rows(tx, OFFER, enquiry_id=enquiry_id, ring=ring, staff_ids=list(staff_ids), now=now))


async def settle(tx: Tx, enquiry_id: UUID, staff_id: UUID, state: str, now: datetime) -> None:
    """His part ends as `claimed`, `silent` or `withdrawn`."""
    await postgres.execute(tx, SETTLE, enquiry_id=enquiry_id, staff_id=staff_id, state=state, now=now)


async def decline(tx: Tx, enquiry_id: UUID, staff_id: UUID, now: datetime) -> bool:
    """He declines what he was offered; False when he holds no offer."""
    return bool(await postgres.rows(tx, DECLINE, enquiry_id=enquiry_id, staff_id=staff_id, now=now))


async def withdraw(tx: Tx, enquiry_id: UUID, now: datetime) -> list[UUID]:
    """Nobody else is asked any more; who was."""
    return _staff(await postgres.rows(tx, WITHDRAW, enquiry_id=enquiry_id, now=now))


async def withdraw_unlicensed(tx: Tx, enquiry_id: UUID, now: datetime) -> list[UUID]:
    """Those who may not answer it are asked no more; who was."""
    return _staff(await postgres.rows(tx, WITHDRAW_UNLICENSED, enquiry_id=enquiry_id, now=now))


async def withdraw_of_staff(tx: Tx, staff_id: UUID, enquiry_ids: list[UUID], now: datetime) -> list[UUID]:
    """He is asked these no more; those he held an offer of."""
    found = await postgres.rows(tx, WITHDRAW_OF_STAFF, staff_id=staff_id, enquiry_ids=enquiry_ids, now=now)
    return [row["enquiry_id"] for row in found]


async def offered_to(tx: Tx, enquiry_id: UUID) -> list[UUID]:
    """Who holds an offer of it now."""
    return _staff(await postgres.rows(tx, OFFERED_TO, enquiry_id=enquiry_id))


async def offers_of_staff(tx: Tx, staff_id: UUID) -> list[UUID]:
    """The enquiries that lie before one advisor, longest waiting first."""
    return [row["enquiry_id"] for row in await postgres.rows(tx, OFFERS_OF_STAFF, staff_id=staff_id)]


async def waiting_for(tx: Tx, staff_id: UUID) -> list[UUID]:
    """What waits and is not offered to him, longest waiting first."""
    return [row["id"] for row in await postgres.rows(tx, WAITING_FOR, staff_id=staff_id)]


async def was_offered(tx: Tx, enquiry_id: UUID, staff_id: UUID) -> str | None:
    """What became of his offer; None when there never was one."""
    state: str | None = await postgres.value(tx, WAS_OFFERED, enquiry_id=enquiry_id, staff_id=staff_id)
    return state


def _staff(found: list[dict[str, Any]]) -> list[UUID]:
    return [row["staff_id"] for row in found]
