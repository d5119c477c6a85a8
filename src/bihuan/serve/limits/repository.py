"""The room's numbers, as rows that a firm may change."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

# All numbers with their names.
ALL = "SELECT name, value FROM serve_limit"


@dataclass(frozen=True)
class Limits:
    """What the rows say; the defaults and their meanings are in the migration."""

    presence_silence: timedelta
    presence_grace: timedelta
    presence_capacity: int
    enquiry_first_answer: timedelta
    enquiry_answer: timedelta
    enquiry_idle: timedelta
    enquiry_callback_retry: timedelta
    bot_threshold: float
    rescue_offer: timedelta
    rescue_contact: timedelta
    rescue_follow: timedelta
    rescue_outcome: timedelta
    rescue_capacity: int


async def limits(tx: Tx) -> Limits:
    """The numbers as they stand now."""
    found: dict[str, Any] = {row["name"]: row["value"] for row in await postgres.rows(tx, ALL)}

    def span(name: str) -> timedelta:
        return timedelta(seconds=float(found[name]))

    return Limits(
        presence_silence=span("presence.silence"),
        presence_grace=span("presence.grace"),
        presence_capacity=int(found["presence.capacity"]),
        enquiry_first_answer=span("enquiry.first_answer"),
        enquiry_answer=span("enquiry.answer"),
        enquiry_idle=span("enquiry.idle"),
        enquiry_callback_retry=span("enquiry.callback_retry"),
        bot_threshold=float(found["bot.threshold"]),
        rescue_offer=span("rescue.offer"),
        rescue_contact=span("rescue.contact"),
        rescue_follow=span("rescue.follow"),
        rescue_outcome=span("rescue.outcome"),
        rescue_capacity=int(found["rescue.capacity"]),
    )
