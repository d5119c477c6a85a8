"""What staff write is checked before it leaves, and what is stopped is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.customers import facade as customers
from bihuan.kit import log
from bihuan.kit.errors import Conflict, Invalid
from bihuan.kit.postgres import Postgres, Tx
from bihuan.people.facade import Staff
from bihuan.serve.conversations import repository
from bihuan.serve.conversations.rules import supplied_answer
from bihuan.serve.facts import WordingRefused
from bihuan.understand import facade as understand


@dataclass(frozen=True)
class About:
    """Whom and what words of staff are about."""

    customer_id: UUID
    branch_id: UUID | None
    enquiry_id: UUID | None
    opening_id: str | None


class Stopped(Invalid):
    """A message of staff that must not leave. `keep` records it, although the call that brought it is rolled back."""

    def __init__(
        self,
        reason: str,
        detail: str,
        text: str,
        about: About,
        phrases: tuple[str, ...],
        hits: Sequence[comply.Hit] = (),
    ) -> None:
        super().__init__(reason, detail, phrases=list(phrases), hits=[asdict(hit) for hit in hits])
        self.text = text
        self.about = about
        self.phrases = phrases


async def checked(tx: Tx, staff: Staff, about: About, text: str, now: datetime) -> tuple[str, ...]:
    """The phrases that are let through with a warning. Raises Stopped for what must not leave."""
    hidden = await answers_hidden(tx, about)
    if hidden and (phrase := supplied_answer(text)) is not None:
        detail = "At this step explain the screen, never the answers; the customer answers by himself."
        raise Stopped("hidden_answers", detail, text, about, (phrase,))
    advises = await _signed_advisor(tx, staff, about.customer_id, now)
    hits = await comply.check_text(tx, text, context="questionnaire" if hidden else "any", licensed=advises)
    stopped = tuple(hit.found for hit in hits if hit.severity != "warn")
    if stopped:
        detail = "Take out the phrases that are named; they may not be said to a customer."
        raise Stopped("wording", detail, text, about, stopped, hits)
    return tuple(hit.found for hit in hits)


async def answers_hidden(tx: Tx, about: About) -> bool:
    """Whether the applicant stands at a step whose answers are his alone, in any application of his."""
    found = {one.opening_id: one for one in await understand.openings_of(tx, about.customer_id)}
    if about.opening_id is not None and (one := await understand.opening(tx, about.opening_id)) is not None:
        found[one.opening_id] = one
    for opening in found.values():
        step = await understand.step_of(tx, opening.step) if opening.state in ("under_way", "sent_back") else None
        if step is not None and step.answers_hidden:
            return True
    return False


async def _signed_advisor(tx: Tx, staff: Staff, customer_id: UUID, now: datetime) -> bool:
    if not staff.licensed:
        return False
    relations = await customers.relations(tx, customer_id, now)
    return any(found.kind == "contract" and found.staff_id == staff.id for found in relations)


async def keep(postgres: Postgres, stopped: Stopped, staff: Staff, now: datetime) -> None:
    """Record what was stopped, for compliance, in a transaction of its own."""
    about = {**vars(stopped.about), "staff_id": staff.id, "reason": stopped.code}
    async with postgres.transaction() as tx:
        await repository.refuse(tx, **about, text=stopped.text, phrases=list(stopped.phrases), now=now)
        await log.publish(tx, WordingRefused(**about, phrases=stopped.phrases, at=now), now=now)


async def reserve(tx: Tx, customer_id: UUID, channel: str, occasion: str, now: datetime) -> None:
    """Count words that the customer did not ask for as a contact. Raises Conflict when there may be none now."""
    reserved = await comply.reserve_contact(tx, customer_id, channel, "service", now, occasion)
    if isinstance(reserved, comply.Refused):
        until = reserved.until.isoformat() if reserved.until else None
        detail = "The customer may not be contacted in this way now; `reason` says why, `until` for how long."
        raise Conflict("contact-refused", detail, reason=reserved.reason, until=until)
