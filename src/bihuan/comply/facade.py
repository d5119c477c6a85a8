"""The way into comply: what may be offered, said and sent. Every answer fails closed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bihuan.comply.consent.repository import Said
from bihuan.comply.consent.rules import Consent
from bihuan.comply.consent.service import consented, consents, personalised
from bihuan.comply.consent.service import import_words as import_consents
from bihuan.comply.consent.service import say as record_consents
from bihuan.comply.contacts.service import Refused, Reserved, cancel_contact, forbidden_now, reserve_contact
from bihuan.comply.policy.repository import policy
from bihuan.comply.policy.rules import Policy
from bihuan.comply.portrait.repository import portrait
from bihuan.comply.suitability import repository as _suitability
from bihuan.comply.suitability.rules import (
    Investor,
    Product,
    Reason,
    Verdict,
    level_of,
    match,
    term_of_days,
)
from bihuan.comply.suitability.service import (
    AssessmentRow,
    InvestorRow,
    may_offer,
    may_offer_each,
    record_assessments,
    record_investors,
    verdict,
)
from bihuan.comply.suitability.service import fault_of as assessment_fault
from bihuan.comply.wording.repository import check_text
from bihuan.comply.wording.rules import Hit
from bihuan.kit.postgres import Tx

__all__ = [
    "AssessmentRow",
    "Consent",
    "Hit",
    "Investor",
    "InvestorRow",
    "Policy",
    "Product",
    "Reason",
    "Refused",
    "Reserved",
    "Said",
    "Verdict",
    "assessment_fault",
    "cancel_contact",
    "check_text",
    "consented",
    "consents",
    "forbidden_now",
    "import_consents",
    "investors",
    "level_of",
    "match",
    "may_offer",
    "may_offer_each",
    "personalised",
    "policy",
    "portrait",
    "record_assessments",
    "record_consents",
    "record_investors",
    "reserve_contact",
    "term_of_days",
    "verdict",
]


async def investors(tx: Tx, customer_ids: Collection[UUID], now: datetime) -> dict[UUID, Investor]:
    """Every one of these ids as `match` takes it; one of whom nothing is known is never assessed."""
    return await _suitability.investors(tx, customer_ids, now)
