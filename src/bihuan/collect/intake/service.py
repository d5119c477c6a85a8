"""One tracking request: from bytes to durable entries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bihuan.collect.intake import rules, wire
from bihuan.collect.intake.clocks import Clocks, Note
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
    clocks: Clocks

    @classmethod
    def of(cls, settings: Settings, committer: Committer) -> "Intake":
        """From the settings."""
        limits = rules.Limits(
            settings.event_max_bytes,
            timedelta(hours=settings.future_limit_hours),
            timedelta(seconds=settings.skew_seconds),
        )
        return cls(committer, limits, Clocks(limits.skew))

    async def take(self, body: wire.Body, source: Source, kind: str | None, received_at: datetime) -> None:
        """Make a request's messages durable; `kind` is the message type the address implies.

        Raises Unavailable under overload.
        """
        refusals: list[Refusal] = []
        sent_at = rules.parse_time(body.sent_at)
        added = len(msgspec.json.encode(body.shared)) if body.shared else 0
        if added > self.limits.event_bytes:
            told = f"the context of the batch has {added} bytes, a message with it may have {self.limits.event_bytes}"
            await self.keep_whole(body.plain, source, "size", told, received_at)
            return
        read: list[tuple[Any, int, str | None]] = []
        seen: dict[str, timedelta] = {}
        for raw in body.messages:
            try:
                message = msgspec.json.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                told = f"the message cannot be read: {error}"
                refusals.append(_refused(rules.Rejected("json", told), source, raw, received_at))
                continue
            device = None
            if isinstance(message, dict):
                _complete(message, body, kind)
                clock = None if source.trusted else rules.clock_of(message, sent_at, received_at)
                if clock:
                    device, behind = clock
                    seen[device] = min(behind, seen.get(device, behind))
            read.append((message, len(raw) + added, device))
        skews, notes = await self._skews(seen, received_at)
        accepted: list[rules.Accepted] = []
        for message, size, device in read:
            verdict = rules.judge(
                message,
                size=size,
                trusted=source.trusted,
                received_at=received_at,
                skew=skews.get(device) if device else None,
                limits=self.limits,
            )
            if isinstance(verdict, rules.Rejected):
                refusals.append(_refused(verdict, source, msgspec.json.encode(message), received_at))
            else:
                accepted.append(verdict)
        arrivals = [arrival_of(each, source.name, source.trusted, received_at) for each in rules.in_order(accepted)]
        await self.committer.submit(arrivals, refusals, notes)
        ACCEPTED.labels(source.name).inc(len(arrivals))

    async def keep_whole(self, plain: bytes, source: Source, reason: str, detail: str, received_at: datetime) -> None:
        """Keep a body, once, of which no message can be taken."""
        await self.committer.submit([], [_refused(rules.Rejected(reason, detail), source, plain, received_at)])

    async def _skews(
        self, seen: dict[str, timedelta], received_at: datetime
    ) -> tuple[dict[str, timedelta], list[Note]]:
        """How far behind the clocks of a request's devices run, and what is to be written down of them."""
        unknown = self.clocks.unknown(seen)
        if unknown:
            self.clocks.learn(await self.committer.noted(unknown))
        return self.clocks.observe(seen, received_at)


def _refused(why: rules.Rejected, source: Source, kept: bytes, received_at: datetime) -> Refusal:
    QUARANTINED.labels(why.reason).inc()
    return Refusal(source.name, source.trusted, why.reason, why.detail, kept, received_at)


def _complete(message: dict[str, Any], body: wire.Body, kind: str | None) -> None:
    """Add what the address and the envelope say of the message, the raw time of sending with it; its own words win."""
    if kind is not None:
        message["type"] = kind
    if body.sent_at is not None:
        message["sentAt"] = message.get("sentAt") or body.sent_at
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
