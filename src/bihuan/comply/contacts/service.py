"""Reserving a contact: consent, quiet hours and caps asked at once, and counted so that two cannot both be the last."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.comply.consent import service as consent
from bihuan.comply.contacts import repository
from bihuan.comply.contacts.rules import WEEK, capped, quiet
from bihuan.comply.policy import repository as policy_repository
from bihuan.comply.policy.rules import Policy
from bihuan.comply.suitability import repository as investors
from bihuan.kit import calendar
from bihuan.kit.errors import Invalid
from bihuan.kit.postgres import Tx
from bihuan.kit.time import TradingCalendar


@dataclass(frozen=True)
class Reserved:
    """The contact may be made; it counts from now on."""

    contact_id: UUID


@dataclass(frozen=True)
class Refused:
    """It may not. `reason`: no-consent, quiet-hours, no-trading-day, cap-day, cap-week or duplicate.

    `until` is when it may be tried again; None where waiting does not help.
    """

    reason: str
    until: datetime | None


async def reserve_contact(
    tx: Tx, customer_id: UUID, channel: str, purpose: str, now: datetime, subject: object
) -> Reserved | Refused:
    """Ask to contact a customer unasked, on any channel, an advisor's call included.

    `purpose` is marketing or service (his own account or application). `subject` names the occasion, such as
    `rescue:ID:message`: one occasion is never used twice on a channel. A customer is locked until the transaction
    ends: whoever reserves for several in one transaction does so in the order of their ids.
    """
    if purpose not in ("marketing", "service"):
        raise Invalid("purpose", "A contact is for marketing or for service.")
    people = await investors.same_person(tx, customer_id)
    customer_id = people[0] if len(people) == 1 else (await investors.canonical(tx, [customer_id]))[customer_id]
    await repository.one_by_one(tx, customer_id)
    if not await consent.consented(tx, customer_id, purpose, channel):
        return Refused("no-consent", None)
    policy = await policy_repository.policy(tx)
    wait = quiet(policy, await _calendar(tx, policy), channel, purpose, now)
    wait = wait or capped(policy, await repository.since(tx, people, now - WEEK), purpose, now)
    if wait:
        return Refused(wait.reason, wait.until)
    contact_id = await repository.add(tx, customer_id, channel, purpose, str(subject), now)
    return Reserved(contact_id) if contact_id else Refused("duplicate", None)


async def forbidden_now(tx: Tx, customer_id: UUID, channel: str, purpose: str, now: datetime) -> Refused | None:
    """Why a contact that was reserved before may not be made now: consent was withdrawn, or it is a quiet hour.

    It is counted already, so the caps are not asked again. Whoever reserves and sends later asks this when he sends.
    """
    if not await consent.consented(tx, customer_id, purpose, channel):
        return Refused("no-consent", None)
    policy = await policy_repository.policy(tx)
    wait = quiet(policy, await _calendar(tx, policy), channel, purpose, now)
    return Refused(wait.reason, wait.until) if wait else None


async def _calendar(tx: Tx, policy: Policy) -> TradingCalendar:
    # Some thousand rows, which few firms need here.
    return await calendar.read(tx) if policy.marketing_on_trading_days_only else TradingCalendar.of({})


async def cancel_contact(tx: Tx, contact_id: UUID) -> None:
    """A reserved contact was not made after all, and does not count."""
    await repository.remove(tx, contact_id)
