"""Number an application, tell its steps, show the applicant how it stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.collect import facade as collect
from bihuan.decide import facade as decide
from bihuan.demo.access import openings_of
from bihuan.demo.openings import rules
from bihuan.demo.openings.rules import Numbers, Played
from bihuan.demo.openings.schemas import OwnOpening, OwnStep, StepsIn, properties_of
from bihuan.kit import ids
from bihuan.kit.errors import Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Branch, Caller, Scope, Source
from bihuan.understand import facade as understand
from bihuan.understand.facade import Opening, Step

# Events of the opening system that finish no step.
MORE = frozenset({"opening:visit", "opening:returned", "deposit:first", "trade:first"})
SYSTEM = Source(UUID(int=0), "demo-opening-system", "server", frozenset({Scope.TRACK, Scope.TRUSTED}))


async def number(tx: Tx, arm: str | None, now: datetime) -> Numbers:
    """Numbers for a new application. Where the story needs a certain arm it is picked, and counts in no analysis."""
    numbers = rules.numbered(str(ids.new_id()))
    if arm is not None:
        await decide.pick_arm(tx, decide.RESCUE, ids.customer_of_user(numbers.user_id), arm, now)
    return numbers


async def tell(tx: Tx, intake: collect.Intake, caller: Caller, given: StepsIn, now: datetime) -> int:
    """Publish step events of the caller's own application, as its opening system would. Raises NotFound, Invalid."""
    found = await understand.opening(tx, given.opening_id)
    if found is not None and given.opening_id not in {one.opening_id for one in await openings_of(tx, caller)}:
        raise NotFound("opening", "There is no such application of yours.")
    known = {event for step in await understand.opening_steps(tx) for event in _events(step)} | MORE
    unknown = sorted({step.event for step in given.steps} - known)
    if unknown:
        raise Invalid("step", f"These are no events of an opening: {', '.join(unknown)}.")
    played = [Played(s.event, timedelta(seconds=s.ago_seconds), properties_of(s)) for s in given.steps]
    traits = given.applicant.model_dump(exclude_none=True)
    told = rules.messages(played, given.opening_id, caller.user_id, caller.anonymous_id, traits, now)
    await collect.tell(intake, told, SYSTEM, now)
    return len(told)


def _events(step: Step) -> tuple[str, ...]:
    return (*step.started_by, *step.done_by, *step.failed_by)


async def own(tx: Tx, caller: Caller) -> list[OwnOpening]:
    """The caller's applications, step by step."""
    steps = await understand.opening_steps(tx)
    branches = {branch.id: branch for branch in await people.branches(tx)}
    return [
        _shown(opening, steps, branches.get(opening.branch_id) if opening.branch_id else None)
        for opening in await openings_of(tx, caller)
    ]


def _shown(opening: Opening, steps: Sequence[Step], branch: Branch | None) -> OwnOpening:
    plain = {name: getattr(opening, name) for name in OwnOpening.model_fields if hasattr(opening, name)}
    states = opening.steps or {}
    shown = []
    for step in steps:
        state = states.get(step.code) or {}
        done = bool(state.get("done_at") or state.get("passed"))
        reason = None if done else state.get("reason")
        shown.append(OwnStep(code=step.code, name_zh=step.name_zh, name_en=step.name_en, done=done, reason=reason))
    return OwnOpening(
        **{**plain, "steps": shown},
        id=opening.opening_id,
        branch_code=branch.code if branch else None,
        branch=branch.name if branch else None,
        branch_en=branch.name_en if branch else None,
    )
