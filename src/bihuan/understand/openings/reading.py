"""What staff read of openings, within their data scope."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bihuan.kit.errors import NotFound
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Staff, scope_sql
from bihuan.understand.openings import lists, repository, service
from bihuan.understand.openings.course import Course, Step
from bihuan.understand.openings.folding import fold_all
from bihuan.understand.openings.lists import Asked, page
from bihuan.understand.openings.repository import Opening, steps
from bihuan.understand.openings.rules import WAITING, OpeningState
from bihuan.understand.openings.schemas import (
    OpeningCounts,
    OpeningDetail,
    OpeningEvent,
    OpeningOut,
    StallOut,
    StepCount,
    StepHistory,
)

__all__ = ["asked", "counts", "detail", "page", "steps", "within_scope"]


def asked(
    staff: Staff,
    tab: str,
    states: Sequence[str] | None,
    *,
    branch: UUID | None = None,
    step: str | None = None,
    customer: UUID | None = None,
    stuck: bool | None = None,
) -> Asked:
    """A question to the desk, narrowed to the data scope of the one who asks."""
    scope, params = scope_sql("o.branch_id", staff)
    wanted = states or (sorted(WAITING) if tab == "all" else [tab])
    return Asked(scope, params, wanted, branch_id=branch, step=step, customer_id=customer, stuck=stuck)


async def counts(tx: Tx, question: Asked) -> OpeningCounts:
    """The figures on the desk's tabs, steps in their order."""
    found = await lists.counts(tx, question)
    by_state = {state: sum(row["openings"] for row in found if row["state"] == state) for state in sorted(WAITING)}
    by_step = [
        StepCount(
            step=step.code,
            openings=sum(row["openings"] for row in found if row["step"] == step.code),
            stuck=sum(row["stuck"] for row in found if row["step"] == step.code),
        )
        for step in await steps(tx)
    ]
    return OpeningCounts(
        all=sum(by_state.values()),
        under_way=by_state["under_way"],
        sent_back=by_state["sent_back"],
        stuck=sum(row["stuck"] for row in found),
        steps=[one for one in by_step if one.openings],
    )


async def within_scope(tx: Tx, staff: Staff, opening_id: str) -> Opening:
    """The application, if this person may see it. Raises NotFound otherwise, so that nothing leaks."""
    found = (await repository.openings(tx, [opening_id])).get(opening_id)
    if found is None or not staff.sees(found.branch_id):
        raise NotFound("opening", "There is no such application within your data scope.")
    return found


async def detail(tx: Tx, staff: Staff, opening_id: str, seen: service.Frame) -> OpeningDetail:
    """One application with the history of its steps."""
    opening = await within_scope(tx, staff, opening_id)
    events = sorted((await repository.events(tx, [opening_id]))[opening_id], key=lambda event: event.order)
    course = seen.course
    state = fold_all({opening_id: events}, course)[opening_id]
    at = course.step(opening.step)
    return OpeningDetail(
        **OpeningOut.of(opening).model_dump(),
        staff_code=opening.staff_code,
        chosen_branch=opening.chosen_branch,
        resume_path=at.resume_link(opening_id) if at else None,
        answers_hidden=bool(at and at.answers_hidden),
        history=[_history(step, opening) for step in course.steps],
        stalls=_stalls(opening, state, course),
        events=[OpeningEvent.of(event, hidden=event.name in course.hidden_events) for event in events],
    )


def _history(step: Step, opening: Opening) -> StepHistory:
    told: dict[str, Any] = opening.steps.get(step.code, {})
    shown = {name: value for name, value in told.items() if name in StepHistory.model_fields}
    return StepHistory(step=step.code, answers_hidden=step.answers_hidden, **shown)


def _stalls(opening: Opening, state: OpeningState, course: Course) -> list[StallOut]:
    over = [StallOut(**vars(stall)) for stall in state.stalls]
    if opening.step is None or opening.stuck_since is None:
        return over
    lasting = StallOut(
        step=opening.step, last_fact_at=opening.last_fact_at, stuck_at=opening.stuck_since, ended_at=None
    )
    return [*over, lasting]
