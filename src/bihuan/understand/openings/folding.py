"""The fold of one application's events into its state.

Everything here depends on the set of events alone, never on the order in which they arrived or on how they were
batched: events are taken in the order of `(occurred_at, message_id)`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from bihuan.understand.openings.course import Course, Step
from bihuan.understand.openings.rules import (
    DEGREES,
    NOWHERE,
    RETURNED,
    WAITING,
    Event,
    OpeningState,
    Place,
    Stall,
    StepState,
    Turn,
)

# Where an applicant says where he is; a city elsewhere is that of his papers or his bank.
PLACES = frozenset({"opening:visit", "opening:products:chosen"})


def fold(events: Iterable[Event], course: Course) -> OpeningState | None:
    """The state that these events of one application add up to; None when there are none."""
    ordered = sorted({event.message_id: event for event in events}.values(), key=lambda event: event.order)
    if not ordered:
        return None
    folding = _Folding(course, ordered[0].occurred_at)
    for event in ordered:
        folding.take(event)
    return folding.state()


def fold_all(events: Mapping[str, Collection[Event]], course: Course) -> dict[str, OpeningState]:
    """The states of those applications that have events."""
    folded = {opening_id: fold(found, course) for opening_id, found in events.items()}
    return {opening_id: state for opening_id, state in folded.items() if state is not None}


class _Folding:
    """The fold under way; `take` is called in order."""

    def __init__(self, course: Course, first_fact_at: datetime) -> None:
        self.course = course
        self.steps = {step.code: StepState() for step in course.steps}
        self.first_fact_at = self.last_fact_at = first_fact_at
        self.customer: tuple[bool, UUID] | None = None
        self.channel: str | None = None
        self.staff_code: str | None = None
        self.staff_code_at: datetime | None = None
        self.chosen_branch: str | None = None
        self.place = NOWHERE
        self.submitted_at: datetime | None = None
        self.returned: Event | None = None
        self.returned_step: str | None = None
        self.awaited: dict[str, list[str]] = {}  # step -> the returns after which it has not been done again
        self.ever: set[str] = set()
        self.stalls: list[Stall] = []
        self.turns: list[Turn] = []

    def take(self, event: Event) -> None:
        """Take the next event in order."""
        self._end_silence(event.occurred_at)
        first, self.last_fact_at = not self.turns, event.occurred_at
        self._learn(event)
        self._mark(event)
        if first:
            self.turns.insert(0, Turn("started", "started", event.occurred_at, self.step()))

    def _end_silence(self, at: datetime) -> None:
        if at - self.last_fact_at <= self.course.shortest_clock:
            return
        step = self.step()
        due = self.course.runs_out(step, self.last_fact_at) if step and self.status() in WAITING else None
        if step and due is not None and at > due:
            self.stalls.append(Stall(step, self.last_fact_at, due, at))

    def _learn(self, event: Event) -> None:
        if event.customer_id is not None and (event.known_user or not (self.customer and self.customer[0])):
            self.customer = (event.known_user, event.customer_id)
        self.channel = self.channel or event.properties.get("channel")
        if self.staff_code is None and (code := event.properties.get("staff_code")):
            self.staff_code, self.staff_code_at = code, event.occurred_at
        self.chosen_branch = event.properties.get("branch_code") or self.chosen_branch
        self.place = _place(event) or self.place

    def _mark(self, event: Event) -> None:
        if event.name == RETURNED:
            self._return(event)
        for step in self.course.started_by(event.name):
            found = self.steps[step.code]
            found.started_at = found.started_at or event.occurred_at
        for step in self.course.failed_by(event.name):
            self._fail(step, event)
        for step in self.course.done_by(event.name):
            self._do(step, event)

    def _fail(self, step: Step, event: Event) -> None:
        found = self.steps[step.code]
        found.attempts += 1
        found.failed_at, found.reason = event.occurred_at, event.properties.get("reason")
        if found.reason in step.final_reasons:
            found.barred = found.reason
            self._turn_once("ineligible", f"ineligible:{step.code}", event, step.code, reason=found.reason)

    def _do(self, step: Step, event: Event) -> None:
        found = self.steps[step.code]
        if not found.done_at:
            found.done_at = event.occurred_at
            found.attempts += 1
        found.reason = found.barred = found.failed_at = None
        if step.ordinal >= self.course.submission.ordinal:
            for earlier in self.course.before(step):
                self.steps[earlier.code].passed = True
            self.submitted_at = self.submitted_at or event.occurred_at
        again = self.awaited.pop(step.code, [])
        if step.code not in self.ever:
            self.ever.add(step.code)
            self._turn("advanced", f"done:{step.code}", event, step.code)
            if step.milestone:
                self._turn(step.milestone, step.milestone, event, step.code)
        for returned in again:
            self._turn("advanced", f"redone:{step.code}:{returned}", event, step.code, again=True)
            if step.milestone:
                self._turn(step.milestone, f"{step.milestone}:{returned}", event, step.code, again=True)

    def _return(self, event: Event) -> None:
        """Reopen the step the review names, and with it submission and review, until it is submitted again.

        A return that names no step, or one that may not be sent back, sends the whole application back.
        """
        named = self.course.returnable(event.properties.get("step"))
        self.returned, self.returned_step = event, named.code if named else None
        reopened = list(self.course.reopened)
        if named is not None:
            self.steps[named.code].sent_back += 1
            reopened.append(named)
        for step in reopened:
            found = self.steps[step.code]
            found.done_at, found.passed = None, False
            if step is named or step is self.course.submission:
                self.awaited.setdefault(step.code, []).append(event.message_id)
        self._turn(
            "returned",
            f"returned:{event.message_id}",
            event,
            self.returned_step,
            reason=event.properties.get("reason"),
        )

    def _turn_once(self, kind: str, key: str, event: Event, step: str, reason: str | None) -> None:
        if key not in {turn.key for turn in self.turns}:
            self._turn(kind, key, event, step, reason=reason)

    def _turn(
        self, kind: str, key: str, event: Event, step: str | None, again: bool = False, reason: str | None = None
    ) -> None:
        self.turns.append(Turn(kind, key, event.occurred_at, step, self.step(), again, reason))

    def _done(self, steps: Collection[Step]) -> bool:
        return any(self.steps[step.code].done for step in steps)

    def status(self) -> str:
        """The state by what has been done so far; the latest milestone wins over what came before it."""
        if self.steps[self.course.opened.code].done:
            return "opened"
        if self._done(self.course.after_submission):
            return "submitted"
        if any(step.barred for step in self.steps.values()):
            return "ineligible"
        return "sent_back" if self.returned else "under_way"

    def step(self) -> str | None:
        """The first step of the current stretch that is not done; None when all are."""
        stretch = {"opened": self.course.afterwards, "submitted": self.course.after_submission}.get(
            self.status(), self.course.application
        )
        return next((step.code for step in stretch if not self.steps[step.code].done), None)

    def state(self) -> OpeningState:
        """What has been folded."""
        properties = self.returned.properties if self.returned else {}
        return OpeningState(
            state=self.status(),
            step=self.step(),
            steps=self.steps,
            first_fact_at=self.first_fact_at,
            last_fact_at=self.last_fact_at,
            customer_id=self.customer[1] if self.customer else None,
            channel=self.channel,
            staff_code=self.staff_code,
            staff_code_at=self.staff_code_at,
            chosen_branch=self.chosen_branch,
            place=self.place,
            submitted_at=self.submitted_at,
            opened_at=self.steps[self.course.opened.code].done_at,
            returned_step=self.returned_step,
            returned_reason=properties.get("reason"),
            stalls=tuple(self.stalls),
            turns=tuple(self.turns),
        )


def _place(event: Event) -> Place | None:
    """Where the applicant says he is with this event, or None when it says nothing of it."""
    if event.name not in PLACES:
        return None
    city, *degrees = (event.properties.get(key) for key in ("city", *DEGREES))
    latitude, longitude = (None if told is None else float(told) for told in degrees)
    return Place(city, latitude, longitude) if city or latitude is not None else None
