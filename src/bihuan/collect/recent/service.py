"""The latest tracked events, as list and as live topic."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bihuan.customers import facade as customers
from bihuan.kit import live, postgres
from bihuan.kit.errors import Forbidden
from bihuan.kit.live import TopicKind
from bihuan.kit.log import TRACKED, Batch, Entry, Reaction
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Permission, Staff

TOPIC = "events"
RING = 100  # rows of the live topic; each batch of the log puts at most `_SHOWN` of its entries there
_SHOWN = 3

LATEST = """
SELECT seq, name, source, user_id, anonymous_id, customer_id, message_id, occurred_at, received_at, trusted,
       body
  FROM log WHERE kind = 'tracked' AND (%(source)s::text IS NULL OR source = %(source)s)
   AND (%(name)s::text IS NULL OR name = %(name)s)
 ORDER BY xid DESC, seq DESC LIMIT %(limit)s
"""


async def latest(tx: Tx, source: str | None, name: str | None, limit: int) -> list[dict[str, Any]]:
    """The latest tracked events, latest first, their bodies as staff may read them.

    Names, phones and papers are masked for everybody: whoever may unmask does it on the customer's page, on the record.
    """
    found = await postgres.rows(tx, LATEST, source=source, name=name, limit=limit)
    return [{**row, "body": customers.readable_event(row["name"], row["body"])} for row in found]


async def _react(batch: Batch, tx: Tx) -> None:
    """Show a few entries of each batch: a live view is for looking, not for reading a thousand lines a second."""
    tracked = batch.tracked
    for entry in tracked[-_SHOWN:]:
        await live.change(tx, TOPIC, entry.seq % RING, _row(entry, len(tracked), batch.now))


def _row(entry: Entry, of: int, now: datetime) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "name": entry.name,
        "source": entry.source,
        "user_id": entry.user_id,
        "anonymous_id": entry.anonymous_id,
        "customer_id": entry.customer_id,
        "occurred_at": entry.occurred_at,
        "received_at": entry.received_at,
        "in_batch": of,
    }


REACTION = Reaction("collect.recent", frozenset({TRACKED}), _react)


async def _authorise(tx: Tx, principal: object, argument: str) -> None:
    if not isinstance(principal, Staff) or not principal.may(Permission.EVENT_READ):
        raise Forbidden("permission", "Ask an operator for a role that may see events.")


async def _snapshot(tx: Tx, principal: object, argument: str) -> Mapping[str, dict[str, Any]]:
    return await live.standing(tx, TOPIC)


TOPIC_KIND = TopicKind(TOPIC, _authorise, _snapshot)
