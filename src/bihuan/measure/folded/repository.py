"""The SQL of folded rows."""

from collections.abc import Collection, Iterable

import msgspec

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx
from bihuan.measure.folded.rules import Kind, Shape, Trace, joined


def upsert(shape: Shape) -> str:
    """SQL that joins traces (`rows`, JSON) into a shape's table, row by row in the order of the keys."""
    types = {**shape.key, **{c: t for kind in shape.kinds for c, t in {kind.at: "timestamptz", **kind.values}.items()}}
    columns, key = ", ".join(types), ", ".join(shape.key)
    changes = ", ".join(change for kind in shape.kinds for change in _changes(kind))
    return (
        f"INSERT INTO {shape.table} AS m ({columns}) SELECT {columns}"
        f" FROM jsonb_to_recordset(%(rows)s::jsonb) AS r({', '.join(f'{c} {t}' for c, t in types.items())})"
        f" ORDER BY {key} ON CONFLICT ({key}) DO UPDATE SET {changes}"
    )


def _changes(kind: Kind) -> list[str]:
    """A moment that is earlier (or later) than the known one takes its place, with what was said with it."""
    own = ", ".join(f"m.{column}" for column in (kind.at, *kind.values))
    new = ", ".join(f"excluded.{column}" for column in (kind.at, *kind.values))
    wins = f"m.{kind.at} IS NULL OR ({new}) {'<' if kind.earliest else '>'} ({own})"
    return [f"{c} = CASE WHEN {wins} THEN excluded.{c} ELSE m.{c} END" for c in (kind.at, *kind.values)]


async def fold(tx: Tx, shape: Shape, traces: Iterable[Trace]) -> list[Trace]:
    """Join traces into the shape's table; what was written, one trace per row."""
    rows = joined(shape, traces)
    if rows:
        text = msgspec.json.encode([_row(shape, row) for row in rows]).decode()
        await postgres.execute(tx, upsert(shape), rows=text)
    return rows


def _row(shape: Shape, row: Trace) -> dict[str, object]:
    flat: dict[str, object] = dict(zip(shape.key, row.key, strict=True))
    for at, moment in row.moments.items():
        flat |= zip((at, *shape.kind(at).values), moment, strict=True)
    return flat


ADD_STEPS = """
INSERT INTO measure_opening_step (opening_id, at, step)
SELECT * FROM unnest(%(openings)s::text[], %(ats)s::timestamptz[], %(steps)s::text[]) AS s(opening_id, at, step)
 ORDER BY opening_id, at, step ON CONFLICT DO NOTHING
"""


async def add_steps(tx: Tx, steps: Collection[Trace]) -> None:
    """Remember finished steps: traces of openings that hold `advanced_at`."""
    told = [(s.key[0], *s.moments["advanced_at"]) for s in steps if "advanced_at" in s.moments]
    if told:
        openings, ats, codes = (list(column) for column in zip(*told, strict=True))
        await postgres.execute(tx, ADD_STEPS, openings=openings, ats=ats, steps=codes)


# Openings of these customers that have not ended.
OPENINGS_OF = """
SELECT opening_id, customer_id FROM measure_opening
 WHERE customer_id = ANY(%(customers)s) AND opened_at IS NULL
"""


async def openings_of(tx: Tx, customers: Collection[object]) -> list[postgres.Row]:
    """The openings of these customers that have not led to an account."""
    return await postgres.rows(tx, OPENINGS_OF, customers=list(customers)) if customers else []


# What became of the assignments of these openings. Their rows of measure_opening are locked by now, so two lanes
# that hold different facts of one opening come one after the other, and the second sees both. Reached is who has the
# message, or whose contact by a person is not known to have gone unanswered.
OUTCOMES = """
UPDATE measure_exposure_outcome x
   SET customer_id = o.customer_id, branch_id = o.branch_id, reached_at = reached.at, reach_channel = reached.channel,
       person_reached_at = (SELECT min(r.contacted_at) FROM measure_rescue r
                             WHERE r.opening_id = o.opening_id AND r.outcome IS DISTINCT FROM 'no_answer'),
       resumed_at = (SELECT min(s.at) FROM measure_opening_step s
                      WHERE s.opening_id = x.opening_id AND s.at > x.exposed_at),
       opened_at = o.opened_at,
       left_at = coalesce(o.ineligible_at, CASE WHEN o.advanced_at > o.abandoned_at THEN NULL ELSE o.abandoned_at END)
  FROM measure_opening o
  LEFT JOIN LATERAL (
       SELECT at, channel
         FROM (SELECT d.delivered_at AS at, d.channel FROM measure_delivery d
                WHERE d.opening_id = o.opening_id AND d.arm <> ''
               UNION ALL
               SELECT r.contacted_at, r.contact_channel FROM measure_rescue r
                WHERE r.opening_id = o.opening_id AND r.outcome IS DISTINCT FROM 'no_answer') contact
        WHERE at IS NOT NULL ORDER BY at, channel LIMIT 1) reached ON true
 WHERE o.opening_id = x.opening_id AND x.opening_id = ANY(%(openings)s)
"""


async def settle(tx: Tx, openings: Collection[str]) -> None:
    """Bring the outcomes of these openings up to date."""
    await postgres.execute(tx, OUTCOMES, openings=sorted(openings))


NOTE_PRESENCE = """
INSERT INTO measure_presence (staff_id, at, state, branch_id)
SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(staff_id uuid, at timestamptz, state text, branch_id uuid)
 ORDER BY staff_id, at
ON CONFLICT (staff_id, at) DO UPDATE SET state = greatest(measure_presence.state, excluded.state)
"""


async def note_presence(tx: Tx, marks: Collection[dict[str, object]]) -> None:
    """Remember changes of presence; of two at the same moment, in any order, the same one stays."""
    kept = {(str(m["staff_id"]), m["at"]): m for m in sorted(marks, key=lambda m: str(m["state"]))}
    if kept:
        await postgres.execute(tx, NOTE_PRESENCE, rows=msgspec.json.encode(list(kept.values())).decode())
