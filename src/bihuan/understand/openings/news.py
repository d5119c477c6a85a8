"""What is published of an application: its turning points and its silences, as facts."""

from collections.abc import Iterable
from datetime import datetime

from bihuan.kit.log import Fact
from bihuan.understand import facts
from bihuan.understand.openings.repository import Opening
from bihuan.understand.openings.rules import Turn

Told = tuple[datetime, Fact]


def of_turns(opening: Opening, turns: Iterable[Turn]) -> list[Told]:
    """The facts of these turning points, each with the time it happened."""
    return [(turn.at, _of_turn(opening, turn)) for turn in turns]


def in_order(told: Iterable[Told]) -> list[Fact]:
    """The facts of several applications in the order in which they happened."""
    return [fact for _, fact in sorted(told, key=lambda item: item[0])]


def _of_turn(opening: Opening, turn: Turn) -> Fact:
    who = (opening.customer_id, opening.opening_id, opening.branch_id)
    if turn.kind == "started":
        return facts.OpeningStarted(*who, opening.channel, turn.step, turn.at)
    if turn.kind == "returned":
        return facts.OpeningReturned(*who, turn.step, turn.reason, turn.at)
    if turn.kind == "submitted":
        return facts.OpeningSubmitted(*who, opening.channel, opening.staff_code, turn.at, turn.again)
    if turn.kind == "opened":
        return _opened(opening, turn)
    if turn.kind == "ineligible":
        return facts.OpeningIneligible(*who, turn.step or "", turn.reason or "", turn.at)
    return facts.OpeningAdvanced(*who, turn.step or "", turn.next_step, turn.at, turn.again)


def _opened(opening: Opening, turn: Turn) -> Fact:
    return facts.OpeningOpened(
        opening.customer_id,
        opening.opening_id,
        opening.branch_id,
        opening.channel,
        opening.staff_code,
        opening.chosen_branch,
        turn.at,
        started_at=opening.first_fact_at,
        submitted_at=opening.submitted_at,
        staff_code_at=opening.staff_code_at,
        city=opening.city,
        latitude=opening.latitude,
        longitude=opening.longitude,
    )


def of_stall(opening: Opening) -> Fact:
    """The fact that the clock of the current step has run out."""
    assert opening.step is not None  # noqa: S101  (a clock runs at a step)
    assert opening.stuck_at is not None  # noqa: S101
    return facts.OpeningStuck(
        opening.customer_id,
        opening.opening_id,
        opening.branch_id,
        opening.channel,
        opening.step,
        opening.last_fact_at,
        opening.stuck_at,
        opening.times_stuck,
        opening.stuck_reason,
    )


def of_end(opening: Opening) -> Fact:
    """The fact that nobody waits for this application any more."""
    return facts.OpeningAbandoned(
        opening.customer_id,
        opening.opening_id,
        opening.branch_id,
        opening.channel,
        opening.step,
        opening.last_fact_at,
    )
