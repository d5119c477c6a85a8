"""One tracking request: from bytes to durable entries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bihuan.collect.intake import rules, wire
from bihuan.collect.intake.committer import Committer
from bihuan.collect.intake.repository import Arrival, Refusal
from bihuan.kit.metrics import ACCEPTED, QUARANTINED
from bihuan.kit.postgres import storable
from bihuan.kit.settings import Settings
from bihuan.people.facade import Source

# An escaped NUL that is not itself behind a backslash; PostgreSQL's jsonb cannot hold it.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass
class Intake:
    """What the tracking endpoints of one server process share."""

    committer: Committer
    limits: rules.Limits
    skew: rules.Skew

    @classmethod
    def of(cls, settings: Settings, committer: Committer) -> "Intake":
        """From the settings."""
        limits = rules.Limits(
            settings.event_max_bytes,
            timedelta(hours=settings.future_limit_hours),
            timedelta(seconds=settings.skew_seconds),
        )
        return cls(committer, limits, rules.Skew())

    async def take(self, body: wire.Body, source: Source, kind: str | None, received_at: datetime) -> None:
        """Make a request's messages durable; `kind` is the message type the address implies.

        Raises Unavailable under overload.
        """
        arrivals: list[Arrival] = []
        refusals: list[Refusal] = []
        sent_at = rules.parse_time(body.sent_at)
        added = len(msgspec.json.encode(body.shared)) if body.shared else 0
        if added > self.limits.event_bytes:
            told = f"the context of the batch has {added} bytes, a message with it may have {self.limits.event_bytes}"
            await self.keep_whole(body.plain, source, "size", told, received_at)
            return
        for raw in body.messages:
            try:
                message = msgspec.json.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                told = f"the message cannot be read: {error}"
                refusals.append(_refused(rules.Rejected("json", told), source, raw, received_at))
                continue
            if isinstance(message, dict):
                _complete(message, body, kind)
            verdict = self._judge(message, len(raw) + added, source, sent_at, received_at)
            if isinstance(verdict, rules.Rejected):
                refusals.append(_refused(verdict, source, msgspec.json.encode(message), received_at))
            else:
                arrivals.append(arrival_of(verdict, source.name, source.trusted, received_at))
        await self.committer.submit(arrivals, refusals)
        ACCEPTED.labels(source.name).inc(len(arrivals))

    async def keep_whole(self, plain: bytes, source: Source, reason: str, detail: str, received_at: datetime) -> None:
        """Keep a body, once, of which no message can be taken."""
        await self.committer.submit([], [_refused(rules.Rejected(reason, detail), source, plain, received_at)])

    def _judge(
        self, message: object, size: int, source: Source, sent_at: datetime | None, received_at: datetime
    ) -> rules.Accepted | rules.Rejected:
        skew = None
        if isinstance(message, dict):
            sent = rules.parse_time(message.get("sentAt")) or sent_at
            device = str(message.get("anonymousId") or message.get("userId") or "")
            if device and not source.trusted:
                skew = self.skew.of(device, sent, received_at)
        return rules.judge(
            message,
            size=size,
            trusted=source.trusted,
            received_at=received_at,
            skew=skew,
            limits=self.limits,
        )


def _refused(why: rules.Rejected, source: Source, kept: bytes, received_at: datetime) -> Refusal:
    QUARANTINED.labels(why.reason).inc()
    return Refusal(source.name, source.trusted, why.reason, why.detail, kept, received_at)


def _complete(message: dict[str, Any], body: wire.Body, kind: str | None) -> None:
    """Add what the address and the envelope say of the message, the raw time of sending with it; its own words win."""
    if kind is not None:
        message["type"] = kind
    if body.sent_at is not None:
        message.setdefault("sentAt", body.sent_at)
    for name, found in body.shared.items():
        own = message.get(name)
        message[name] = {**found, **own} if isinstance(own, dict) else found
    message.pop("writeKey", None)


def arrival_of(found: rules.Accepted, source: str, trusted: bool, received_at: datetime) -> Arrival:
    """An accepted message in the form the log takes; what PostgreSQL cannot hold becomes U+FFFD."""
    text = msgspec.json.encode(found.body).decode()
    if "\\u0000" in text:
        text = _NUL.sub("\\1\\\\ufffd", text)
    return Arrival(
        storable(found.name),
        found.customer_id,
        storable(found.user_id) if found.user_id else None,
        storable(found.anonymous_id) if found.anonymous_id else None,
        storable(found.message_id),
        source,
        trusted,
        found.occurred_at,
        received_at,
        text,
    )


async def tell(intake: Intake, messages: Sequence[Mapping[str, Any]], source: Source, received_at: datetime) -> None:
    """Make messages of a source inside this process durable, judged as if they had come over the wire."""
    body = wire.Body([msgspec.json.encode(message) for message in messages], None, None, {})
    await intake.take(body, source, None, received_at)
