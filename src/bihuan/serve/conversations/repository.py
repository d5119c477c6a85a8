"""What was said, in order, and what was stopped."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kit import ids, postgres
from bihuan.kit.postgres import Tx


@dataclass(frozen=True)
class Message:
    """One message; `number` counts from 1 without gaps within an enquiry."""

    enquiry_id: UUID
    number: int
    author: str
    staff_id: UUID | None
    staff_name: str | None
    text: str
    link: str | None
    proactive: bool
    client_id: str | None
    knowledge_id: UUID | None
    score: float | None
    warnings: list[str]
    said_at: datetime


COLUMNS = ", ".join(field.name for field in fields(Message))

# A customer may speak while his enquiry is not closed. Somebody who owns it now owes him an answer.
NUMBER_FOR_CUSTOMER = """
UPDATE serve_enquiry
   SET last_number = last_number + 1, last_text = %(text)s, last_author = 'customer', last_at = %(now)s,
       awaiting_since = coalesce(awaiting_since, %(now)s)
 WHERE id = %(id)s AND state <> 'closed'
RETURNING last_number
"""

# The bot may speak only while nobody owns the enquiry and nobody is looked for: never beside a person.
NUMBER_FOR_BOT = """
UPDATE serve_enquiry
   SET last_number = last_number + 1, last_text = %(text)s, last_author = 'bot', last_at = %(now)s,
       awaiting_since = NULL, bot_answered_at = coalesce(bot_answered_at, %(now)s)
 WHERE id = %(id)s AND state = 'bot' AND owner_id IS NULL
RETURNING last_number
"""

# Staff may speak only as the owner.
NUMBER_FOR_STAFF = """
UPDATE serve_enquiry
   SET last_number = last_number + 1, last_text = %(text)s, last_author = 'staff', last_at = %(now)s,
       awaiting_since = NULL, first_answer_at = coalesce(first_answer_at, %(now)s),
       owner_answered_at = coalesce(owner_answered_at, %(now)s)
 WHERE id = %(id)s AND state = 'claimed' AND owner_id = %(staff_id)s
RETURNING last_number
"""

INSERT = f"""
INSERT INTO serve_message (enquiry_id, number, author, staff_id, staff_name, text, link, proactive, client_id,
                           knowledge_id, score, warnings, said_at)
VALUES (%(enquiry_id)s, %(number)s, %(author)s, %(staff_id)s, %(staff_name)s, %(text)s, %(link)s, %(proactive)s,
        %(client_id)s, %(knowledge_id)s, %(score)s, %(warnings)s::text[], %(now)s)
RETURNING {COLUMNS}
"""

BY_CLIENT_ID = f"""
SELECT {COLUMNS} FROM serve_message
 WHERE enquiry_id = %(enquiry_id)s AND author = %(author)s AND client_id = %(client_id)s
"""

# Whether the customer has said anything since.
CUSTOMER_SPOKE = """
SELECT EXISTS (SELECT 1 FROM serve_message
                WHERE enquiry_id = %(enquiry_id)s AND author = 'customer' AND said_at >= %(since)s)
"""

# What the customer said after the last answer, in order.
UNANSWERED = f"""
SELECT {COLUMNS} FROM serve_message
 WHERE enquiry_id = %(enquiry_id)s AND author = 'customer'
   AND number > coalesce((SELECT max(number) FROM serve_message
                           WHERE enquiry_id = %(enquiry_id)s AND author <> 'customer'), 0)
 ORDER BY number
"""

OF_ENQUIRY = f"""
SELECT {COLUMNS} FROM serve_message WHERE enquiry_id = %(enquiry_id)s AND number > %(after)s ORDER BY number
"""

REFUSE = """
INSERT INTO serve_refusal (id, staff_id, customer_id, branch_id, enquiry_id, opening_id, reason, text, phrases, at)
VALUES (%(id)s, %(staff_id)s, %(customer_id)s, %(branch_id)s, %(enquiry_id)s, %(opening_id)s, %(reason)s, %(text)s,
        %(phrases)s::text[], %(now)s)
"""

# What was stopped within a scope, newest first.
REFUSALS = """
SELECT id, staff_id, customer_id, branch_id, enquiry_id, opening_id, reason, text, phrases, at
  FROM serve_refusal
 WHERE {scope} AND (%(before_at)s::timestamptz IS NULL OR (at, id) < (%(before_at)s, %(before_id)s::uuid))
 ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Refusal:
    """A message that staff wrote and that did not leave."""

    id: UUID
    staff_id: UUID
    customer_id: UUID
    branch_id: UUID | None
    enquiry_id: UUID | None
    opening_id: str | None
    reason: str
    text: str
    phrases: list[str]
    at: datetime


async def by_client_id(tx: Tx, enquiry_id: UUID, author: str, client_id: str) -> Message | None:
    """What an earlier send of the same message has made."""
    return await postgres.read_one(tx, Message, BY_CLIENT_ID, enquiry_id=enquiry_id, author=author, client_id=client_id)


async def of_enquiry(tx: Tx, enquiry_id: UUID, after: int = 0) -> list[Message]:
    """The conversation from a number on."""
    return await postgres.read(tx, Message, OF_ENQUIRY, enquiry_id=enquiry_id, after=after)


async def customer_spoke(tx: Tx, enquiry_id: UUID, since: datetime) -> bool:
    """Whether the customer has said anything since."""
    return bool(await postgres.value(tx, CUSTOMER_SPOKE, enquiry_id=enquiry_id, since=since))


async def unanswered(tx: Tx, enquiry_id: UUID) -> list[Message]:
    """What nobody has answered yet."""
    return await postgres.read(tx, Message, UNANSWERED, enquiry_id=enquiry_id)


async def say_as_customer(tx: Tx, enquiry_id: UUID, text: str, client_id: str | None, now: datetime) -> Message | None:
    """The customer's message; None when the enquiry is closed."""
    number = await postgres.value(tx, NUMBER_FOR_CUSTOMER, id=enquiry_id, text=text, now=now)
    return await _insert(tx, enquiry_id, number, "customer", text, now, client_id=client_id)


async def say_as_bot(
    tx: Tx, enquiry_id: UUID, text: str, knowledge_id: UUID, score: float, now: datetime
) -> Message | None:
    """The bot's message; None when the enquiry is not the bot's (any more)."""
    number = await postgres.value(tx, NUMBER_FOR_BOT, id=enquiry_id, text=text, now=now)
    return await _insert(tx, enquiry_id, number, "bot", text, now, knowledge_id=knowledge_id, score=score)


async def say_as_staff(
    tx: Tx,
    enquiry_id: UUID,
    staff_id: UUID,
    staff_name: str,
    text: str,
    now: datetime,
    *,
    client_id: str | None = None,
    warnings: tuple[str, ...] = (),
    link: str | None = None,
    proactive: bool = False,
) -> Message | None:
    """The owner's message; None when he does not own the enquiry."""
    number = await postgres.value(tx, NUMBER_FOR_STAFF, id=enquiry_id, staff_id=staff_id, text=text, now=now)
    return await _insert(
        tx,
        enquiry_id,
        number,
        "staff",
        text,
        now,
        staff_id=staff_id,
        staff_name=staff_name,
        client_id=client_id,
        warnings=list(warnings),
        link=link,
        proactive=proactive,
    )


async def _insert(
    tx: Tx, enquiry_id: UUID, number: int | None, author: str, text: str, now: datetime, **given: Any
) -> Message | None:
    if number is None:
        return None
    columns: dict[str, Any] = {
        "staff_id": None,
        "staff_name": None,
        "link": None,
        "proactive": False,
        "client_id": None,
        "knowledge_id": None,
        "score": None,
        "warnings": [],
    } | given
    return await postgres.read_one(
        tx, Message, INSERT, enquiry_id=enquiry_id, number=number, author=author, text=text, now=now, **columns
    )


async def refuse(tx: Tx, **columns: Any) -> None:
    """Keep what was stopped."""
    await postgres.execute(tx, REFUSE, id=ids.new_id(), **columns)


async def refusals(
    tx: Tx, scope: tuple[str, dict[str, Any]], before: tuple[datetime, UUID] | None, limit: int
) -> list[Refusal]:
    """What was stopped within a scope, newest first."""
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx, Refusal, REFUSALS.format(scope=scope[0]), before_at=before_at, before_id=before_id, limit=limit, **scope[1]
    )
