"""What the log is told of rescues, built from their rows."""

from datetime import datetime
from uuid import UUID

from bihuan.people.facade import Staff
from bihuan.serve.facts import RescueContacted, RescueFinished, RescueOffered, RescueReleased, RescueTaken
from bihuan.serve.rescue.repository import Rescue


def offered(rescue: Rescue, now: datetime) -> RescueOffered:
    """It lies on the desk."""
    return RescueOffered(
        customer_id=rescue.customer_id,
        rescue_id=rescue.id,
        opening_id=rescue.opening_id,
        branch_id=rescue.branch_id,
        step=rescue.step,
        arm=rescue.arm,
        stuck_at=rescue.stuck_at,
        at=now,
    )


def taken(rescue: Rescue, staff_id: UUID, taken_at: datetime) -> RescueTaken:
    """Somebody holds its latest stall."""
    return RescueTaken(
        customer_id=rescue.customer_id,
        rescue_id=rescue.id,
        opening_id=rescue.opening_id,
        branch_id=rescue.branch_id,
        step=rescue.step,
        staff_id=staff_id,
        staff_branch_id=rescue.staff_branch_id,
        stuck_at=rescue.stalled_at,
        taken_at=taken_at,
    )


def contacted(rescue: Rescue, advisor: Staff, channel: str, now: datetime) -> RescueContacted:
    """The applicant was reached out to."""
    return RescueContacted(
        customer_id=rescue.customer_id,
        rescue_id=rescue.id,
        opening_id=rescue.opening_id,
        branch_id=rescue.branch_id,
        step=rescue.step,
        staff_id=advisor.id,
        staff_branch_id=advisor.branch_id,
        channel=channel,
        stuck_at=rescue.stalled_at,
        contacted_at=now,
    )


def released(rescue: Rescue, staff_id: UUID, reason: str, now: datetime) -> RescueReleased:
    """Its advisor of before holds it no more."""
    return RescueReleased(
        customer_id=rescue.customer_id,
        rescue_id=rescue.id,
        opening_id=rescue.opening_id,
        branch_id=rescue.branch_id,
        staff_id=staff_id,
        reason=reason,
        at=now,
    )


def finished(rescue: Rescue, now: datetime) -> RescueFinished:
    """The fact, with all times an assist is judged by."""
    return RescueFinished(
        customer_id=rescue.customer_id,
        rescue_id=rescue.id,
        opening_id=rescue.opening_id,
        branch_id=rescue.branch_id,
        step=rescue.step,
        arm=rescue.arm,
        staff_id=rescue.staff_id,
        staff_branch_id=rescue.staff_branch_id,
        outcome=rescue.outcome or "other",
        stuck_at=rescue.stuck_at,
        taken_at=rescue.taken_at,
        contacted_at=rescue.contacted_at,
        resumed_at=rescue.resumed_at,
        next_step_at=rescue.next_step_at,
        at=now,
    )
