"""The SQL of profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from bihuan.customers.profiles.rules import Alias, Touch
from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

# One row per customer of a batch. What came first wins by the events' own time, so the order of batches is free.
UPSERT = """
INSERT INTO customers_customer AS c (id, user_id, anonymous_id, first_seen, last_seen, events, channel, campaign,
                                     staff_code, city, first_touch)
SELECT * FROM unnest(%(ids)s::uuid[], %(user_ids)s::text[], %(anonymous_ids)s::text[], %(firsts)s::timestamptz[],
                     %(lasts)s::timestamptz[], %(events)s::bigint[], %(channels)s::text[], %(campaigns)s::text[],
                     %(codes)s::text[], %(cities)s::text[], %(touched)s::timestamptz[])
ON CONFLICT (id) DO UPDATE SET
  user_id = coalesce(c.user_id, excluded.user_id),
  first_seen = least(c.first_seen, excluded.first_seen),
  last_seen = greatest(c.last_seen, excluded.last_seen),
  events = c.events + excluded.events,
  channel = CASE WHEN excluded.first_touch < coalesce(c.first_touch, 'infinity')
                 THEN excluded.channel ELSE c.channel END,
  campaign = CASE WHEN excluded.first_touch < coalesce(c.first_touch, 'infinity')
                  THEN excluded.campaign ELSE c.campaign END,
  staff_code = CASE WHEN excluded.first_touch < coalesce(c.first_touch, 'infinity')
                    THEN excluded.staff_code ELSE c.staff_code END,
  city = CASE WHEN excluded.first_touch < coalesce(c.first_touch, 'infinity') AND excluded.city IS NOT NULL
              THEN excluded.city ELSE coalesce(c.city, excluded.city) END,
  first_touch = least(c.first_touch, excluded.first_touch)
"""

TRAITS = """
SELECT id, traits, trait_order,
       array_remove(ARRAY[CASE WHEN name_sealed IS NOT NULL THEN 'name' END,
                          CASE WHEN phone_sealed IS NOT NULL THEN 'phone' END,
                          CASE WHEN birth_year IS NOT NULL THEN 'birth_year' END,
                          CASE WHEN gender IS NOT NULL THEN 'gender' END,
                          CASE WHEN tier IS NOT NULL THEN 'tier' END], NULL) AS filled
  FROM customers_customer WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE
"""

SET_TRAITS = """
UPDATE customers_customer SET traits = %(traits)s::jsonb, trait_order = %(trait_order)s::jsonb,
  name_sealed = coalesce(%(name_sealed)s, name_sealed), name_masked = coalesce(%(name_masked)s, name_masked),
  name_hash = coalesce(%(name_hash)s, name_hash),
  phone_sealed = coalesce(%(phone_sealed)s, phone_sealed), phone_masked = coalesce(%(phone_masked)s, phone_masked),
  phone_hash = coalesce(%(phone_hash)s, phone_hash),
  birth_year = coalesce(%(birth_year)s, birth_year), gender = coalesce(%(gender)s, gender),
  city = coalesce(%(city)s, city), language = coalesce(%(language)s, language), tier = coalesce(%(tier)s, tier)
 WHERE id = %(id)s
"""

# A device goes to the user who was seen on it first. Rows come back where that changed.
ALIAS = """
INSERT INTO customers_alias AS a (visitor_id, into_id, first_at, message_id, reason, merged_at)
SELECT v, i, f, m, r, %(now)s
  FROM unnest(%(visitors)s::uuid[], %(intos)s::uuid[], %(firsts)s::timestamptz[], %(messages)s::text[],
              %(reasons)s::text[]) AS u(v, i, f, m, r)
ON CONFLICT (visitor_id) DO UPDATE SET
  into_id = excluded.into_id, first_at = excluded.first_at, message_id = excluded.message_id,
  reason = excluded.reason, merged_at = excluded.merged_at
 WHERE (excluded.first_at, excluded.message_id) < (a.first_at, a.message_id) AND excluded.into_id <> a.into_id
RETURNING visitor_id, into_id
"""

# Point visitors' rows at their users, whichever of the two was written first.
POINT = """
UPDATE customers_customer c SET merged_into = a.into_id FROM customers_alias a
 WHERE a.visitor_id = c.id AND c.id = ANY(%(ids)s) AND c.merged_into IS DISTINCT FROM a.into_id
"""

# A user inherits the earlier first touch of his visitors' rows.
INHERIT = """
UPDATE customers_customer u
   SET channel = v.channel, campaign = v.campaign, staff_code = v.staff_code,
       city = coalesce(v.city, u.city), first_touch = v.first_touch
  FROM (SELECT DISTINCT ON (merged_into) merged_into, channel, campaign, staff_code, city, first_touch
          FROM customers_customer WHERE merged_into = ANY(%(users)s) AND first_touch IS NOT NULL
         ORDER BY merged_into, first_touch) v
 WHERE u.id = v.merged_into AND v.first_touch < coalesce(u.first_touch, 'infinity')
RETURNING u.id
"""

# Customers whose serving branch may follow from their staff code or city.
UNPLACED = """
SELECT id, staff_code, city FROM customers_customer
 WHERE id = ANY(%(ids)s) AND branch_rank > 2 AND (staff_code IS NOT NULL OR (city IS NOT NULL AND branch_rank > 4))
"""

PLACE = """
UPDATE customers_customer c SET branch_id = p.branch_id, branch_rank = p.rank
  FROM unnest(%(ids)s::uuid[], %(branches)s::uuid[], %(ranks)s::smallint[]) AS p(id, branch_id, rank)
 WHERE c.id = p.id AND p.rank < c.branch_rank
RETURNING c.id, c.branch_id
"""

# The ids under which a customer is kept now.
CANONICAL = "SELECT visitor_id, into_id FROM customers_alias WHERE visitor_id = ANY(%(ids)s)"

BRANCHES = """
SELECT c.id, coalesce(u.branch_id, c.branch_id) AS branch_id
  FROM customers_customer c LEFT JOIN customers_customer u ON u.id = c.merged_into
 WHERE c.id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Profile:
    """A customer as staff see him: names and numbers masked, his visitors' rows counted in."""

    id: UUID
    user_id: str | None
    name_masked: str
    phone_masked: str
    birth_year: int | None
    gender: str | None
    city: str | None
    language: str
    channel: str | None
    campaign: str | None
    staff_code: str | None
    branch_id: UUID | None
    tier: str | None
    traits: dict[str, Any]
    first_seen: datetime
    last_seen: datetime
    events: int
    opened_on: date | None


_PROFILE = """
SELECT c.id, c.user_id, c.name_masked, c.phone_masked, c.birth_year, c.gender, c.city, c.language, c.channel,
       c.campaign, c.staff_code, c.branch_id, c.tier, c.traits,
       least(c.first_seen, v.first_seen) AS first_seen, greatest(c.last_seen, v.last_seen) AS last_seen,
       c.events + coalesce(v.events, 0) AS events, c.opened_on
  FROM customers_customer c
  LEFT JOIN LATERAL (SELECT min(first_seen) AS first_seen, max(last_seen) AS last_seen, sum(events)::bigint AS events
                       FROM customers_customer WHERE merged_into = c.id) v ON true
"""


async def lock_crossing(tx: Tx) -> None:
    """Be the only one, until the end of the transaction, who writes customers of several lanes."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('customers.crossing'))")


async def upsert(tx: Tx, touches: Sequence[Touch]) -> None:
    """Fold a batch's touches into the rows."""
    await postgres.execute(
        tx,
        UPSERT,
        ids=[t.customer_id for t in touches],
        user_ids=[t.user_id for t in touches],
        anonymous_ids=[t.anonymous_id for t in touches],
        firsts=[t.first_seen for t in touches],
        lasts=[t.last_seen for t in touches],
        events=[t.events for t in touches],
        channels=[t.channel for t in touches],
        campaigns=[t.campaign for t in touches],
        codes=[t.staff_code for t in touches],
        cities=[t.city for t in touches],
        touched=[t.first_touch for t in touches],
    )


async def known_traits(
    tx: Tx, ids: Sequence[UUID]
) -> Mapping[UUID, tuple[dict[str, Any], dict[str, str], frozenset[str]]]:
    """Traits, the order keys that set them, and which traits have a value; rows locked."""
    return {
        row["id"]: (row["traits"], row["trait_order"], frozenset({*row["filled"], *row["traits"]}))
        for row in await postgres.rows(tx, TRAITS, ids=list(ids))
    }


async def set_traits(tx: Tx, sets: Sequence[dict[str, Any]]) -> None:
    """Write merged traits and the columns derived from them."""
    encoded = [s | {name: msgspec.json.encode(s[name]).decode() for name in ("traits", "trait_order")} for s in sets]
    await postgres.execute_many(tx, SET_TRAITS, encoded)


async def alias(tx: Tx, found: Sequence[Alias], now: datetime) -> list[tuple[UUID, UUID]]:
    """Take down aliases; the (visitor, user) pairs that are new or changed."""
    rows = await postgres.rows(
        tx,
        ALIAS,
        visitors=[a.visitor_id for a in found],
        intos=[a.into_id for a in found],
        firsts=[a.first_at for a in found],
        messages=[a.message_id for a in found],
        reasons=[a.reason for a in found],
        now=now,
    )
    return [(row["visitor_id"], row["into_id"]) for row in rows]


async def point(tx: Tx, visitors: Sequence[UUID]) -> None:
    """Point visitors' rows at their users."""
    await postgres.execute(tx, POINT, ids=list(visitors))


async def inherit(tx: Tx, users: Sequence[UUID]) -> None:
    """Let users inherit their visitors' earlier first touch."""
    await postgres.execute(tx, INHERIT, users=list(users))


async def unplaced(tx: Tx, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Customers whose branch may follow from their staff code or city."""
    return await postgres.rows(tx, UNPLACED, ids=list(ids))


async def place(tx: Tx, placed: Sequence[tuple[UUID, UUID, int]]) -> None:
    """Set serving branches where a better reason than the known one is given (a lower rank)."""
    await postgres.execute(
        tx,
        PLACE,
        ids=[p[0] for p in placed],
        branches=[p[1] for p in placed],
        ranks=[p[2] for p in placed],
    )


async def canonical(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Each id, and the id of the user it belongs to (itself where there is none)."""
    found = {id: id for id in ids}
    for row in await postgres.rows(tx, CANONICAL, ids=list(found)):
        found[row["visitor_id"]] = row["into_id"]
    return found


async def branches(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Serving branches; None where unknown."""
    found: dict[UUID, UUID | None] = dict.fromkeys(ids)
    for row in await postgres.rows(tx, BRANCHES, ids=list(ids)):
        found[row["id"]] = row["branch_id"]
    return found


async def profile(tx: Tx, customer_id: UUID, scope: str, params: Mapping[str, Any]) -> Profile | None:
    """One customer within a data scope."""
    return await postgres.read_one(tx, Profile, f"{_PROFILE} WHERE c.id = %(id)s AND {scope}", id=customer_id, **params)


async def search(
    tx: Tx,
    scope: str,
    params: Mapping[str, Any],
    *,
    exact: Mapping[str, Any] | None,
    branch_id: UUID | None,
    after: tuple[str, str] | None,
    limit: int,
) -> list[Profile]:
    """Customers within a scope, latest seen first; `exact` looks for user id, hashed phone or hashed name."""
    clauses = ["c.merged_into IS NULL", scope]
    values: dict[str, Any] = dict(params)
    if exact is not None:
        clauses.append("(c.user_id = %(q)s OR c.phone_hash = %(q_hash)s OR c.name_hash = %(q_hash)s)")
        values |= exact
    if branch_id is not None:
        clauses.append("c.branch_id = %(branch)s")
        values["branch"] = branch_id
    if after is not None:
        clauses.append("(c.last_seen, c.id) < (%(after_seen)s::timestamptz, %(after_id)s::uuid)")
        values |= {"after_seen": after[0], "after_id": after[1]}
    return await postgres.read(
        tx,
        Profile,
        f"{_PROFILE} WHERE {' AND '.join(clauses)} ORDER BY c.last_seen DESC, c.id DESC LIMIT %(limit)s",
        limit=limit,
        **values,
    )


async def sealed(tx: Tx, customer_id: UUID) -> dict[str, Any] | None:
    """The encrypted columns of one customer and his language."""
    return await postgres.one(
        tx,
        "SELECT name_sealed, phone_sealed, user_id, language FROM customers_customer WHERE id = %(id)s",
        id=customer_id,
    )


async def labels(tx: Tx, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """What lists show of customers: masked name and phone, user id, branch, tier."""
    return await postgres.rows(
        tx,
        "SELECT c.id, coalesce(u.user_id, c.user_id) AS user_id, coalesce(u.name_masked, c.name_masked) AS name_masked,"
        " coalesce(u.phone_masked, c.phone_masked) AS phone_masked, coalesce(u.branch_id, c.branch_id) AS branch_id,"
        " coalesce(u.tier, c.tier) AS tier, coalesce(u.language, c.language) AS language"
        " FROM customers_customer c LEFT JOIN customers_customer u ON u.id = c.merged_into WHERE c.id = ANY(%(ids)s)",
        ids=list(ids),
    )


async def place_firmly(tx: Tx, placed: Sequence[tuple[UUID, UUID]], rank: int) -> None:
    """Set serving branches, whatever stood there; a customer who is not known yet gets his row later."""
    await postgres.execute(
        tx,
        "UPDATE customers_customer c SET branch_id = p.branch_id, branch_rank = %(rank)s"
        " FROM unnest(%(ids)s::uuid[], %(branches)s::uuid[]) AS p(id, branch_id) WHERE c.id = p.id",
        ids=[p[0] for p in placed],
        branches=[p[1] for p in placed],
        rank=rank,
    )


async def count(tx: Tx) -> int:
    """How many customers there are; visitors merged into users count once."""
    return int(await postgres.value(tx, "SELECT count(*) FROM customers_customer WHERE merged_into IS NULL"))
