"""What the log is told of enquiries, built from their rows."""

from datetime import datetime
from uuid import UUID

from bihuan.serve.conversations.repository import Message
from bihuan.serve.enquiries.row import Enquiry
from bihuan.serve.facts import (
    CallbackOwed,
    EnquiryAnswered,
    EnquiryAsked,
    EnquiryClaimed,
    EnquiryClosed,
    EnquiryMessaged,
    EnquiryOffered,
    EnquiryRated,
    EnquiryReturned,
)


def asked(enquiry: Enquiry) -> EnquiryAsked:
    """Somebody asked."""
    return EnquiryAsked(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        opening_id=enquiry.opening_id,
        topic=enquiry.topic,
        round=enquiry.round,
        asked_at=enquiry.asked_at,
    )


def messaged(enquiry: Enquiry, message: Message) -> EnquiryMessaged:
    """Something was said."""
    return EnquiryMessaged(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        number=message.number,
        author=message.author,
        staff_id=message.staff_id,
        proactive=message.proactive,
        at=message.said_at,
    )


def answered(enquiry: Enquiry, knowledge_id: UUID | None, at: datetime) -> EnquiryAnswered:
    """The first answer of its owner, or of the bot while nobody owns it."""
    return EnquiryAnswered(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        opening_id=enquiry.opening_id,
        staff_id=enquiry.owner_id,
        staff_branch_id=enquiry.owner_branch_id,
        by_bot=enquiry.owner_id is None,
        knowledge_id=knowledge_id,
        topic=enquiry.topic,
        round=enquiry.round,
        asked_at=enquiry.asked_at,
        person_asked_at=enquiry.person_asked_at,
        first_offered_at=enquiry.first_offered_at,
        claimed_at=enquiry.claimed_at,
        first_answer_at=at,
    )


def offered(enquiry: Enquiry, ring: str, staff_ids: tuple[UUID, ...], at: datetime) -> EnquiryOffered:
    """A ring was asked."""
    return EnquiryOffered(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        ring=ring,
        round=enquiry.round,
        staff_ids=staff_ids,
        person_asked_at=enquiry.person_asked_at or at,
        at=at,
    )


def owed(enquiry: Enquiry, at: datetime) -> CallbackOwed:
    """Nobody came."""
    return CallbackOwed(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        round=enquiry.round,
        person_asked_at=enquiry.person_asked_at or at,
        at=at,
    )


def claimed(enquiry: Enquiry, staff_id: UUID, at: datetime) -> EnquiryClaimed:
    """It has its one owner."""
    return EnquiryClaimed(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        opening_id=enquiry.opening_id,
        staff_id=staff_id,
        staff_branch_id=enquiry.owner_branch_id,
        round=enquiry.round,
        asked_at=enquiry.asked_at,
        person_asked_at=enquiry.person_asked_at or at,
        first_offered_at=enquiry.first_offered_at,
        claimed_at=at,
    )


def returned(enquiry: Enquiry, staff_id: UUID, reason: str, at: datetime) -> EnquiryReturned:
    """Its owner of before has it no more."""
    return EnquiryReturned(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        staff_id=staff_id,
        reason=reason,
        claimed_at=enquiry.claimed_at,
        at=at,
        round=enquiry.round,
        answered_at=enquiry.owner_answered_at,
    )


def closed(enquiry: Enquiry, outcome: str, at: datetime) -> EnquiryClosed:
    """The round is over."""
    return EnquiryClosed(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        opening_id=enquiry.opening_id,
        staff_id=enquiry.owner_id,
        staff_branch_id=enquiry.owner_branch_id,
        by_bot=enquiry.by_bot,
        outcome=outcome,
        round=enquiry.round,
        asked_at=enquiry.asked_at,
        person_asked_at=enquiry.person_asked_at,
        first_offered_at=enquiry.first_offered_at,
        claimed_at=enquiry.claimed_at,
        first_answer_at=enquiry.first_answer_at,
        closed_at=at,
    )


def rated(enquiry: Enquiry, stars: int, at: datetime) -> EnquiryRated:
    """The customer says how it was."""
    return EnquiryRated(
        customer_id=enquiry.customer_id,
        enquiry_id=enquiry.id,
        branch_id=enquiry.branch_id,
        staff_id=enquiry.owner_id,
        staff_branch_id=enquiry.owner_branch_id,
        by_bot=enquiry.by_bot,
        stars=stars,
        at=at,
    )
