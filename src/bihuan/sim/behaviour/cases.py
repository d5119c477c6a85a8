"""From what truly happened to the input of `effect`: the state of each applicant when the product called him stuck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from bihuan.sim.behaviour.applicant import Applicant
from bihuan.sim.behaviour.effect import LEFT, STALLED, WAITING, WORKING, ArmLaws, Cases
from bihuan.sim.behaviour.laws import ContactLaw, Seen
from bihuan.sim.behaviour.parameters import CODES, PHONE
from bihuan.sim.behaviour.rules import NEVER, Pushes, Traits


@dataclass(frozen=True)
class Episode:
    """One time the product called an application stuck: when, in which arm, and the contacts after it, in time."""

    applicant: Applicant
    stuck_at: float
    arm: str
    contacts: tuple[tuple[float, str], ...] = ()


def row_of(applicant: Applicant, stuck_at: float) -> dict[str, Any] | None:
    """One applicant's entry of `Cases`; None where the model has no such moment (submitted and in review)."""
    journal = applicant.journal
    row: dict[str, Any] = {
        "step": _step_at(applicant, stuck_at),
        "state": WORKING,
        "since": stuck_at,
        "stuck_at": stuck_at,
        "free_at": NEVER,
        "asked": False,
        "returned": journal.sent_back_at <= stuck_at,
        "pushes": [],
    }
    if journal.left_at <= stuck_at:
        return row | {"state": LEFT}
    stall = journal.stall_at(stuck_at)
    done = min((at for at, _ in journal.steps if at > stuck_at), default=NEVER)
    if stall is None:
        wait = next((back for at, back in journal.waits if at <= stuck_at < back), None)
        if wait is not None:
            return row | {"state": WAITING, "free_at": wait}
        stall = next((s for s in journal.stalls if stuck_at < s.at < done), None)
    if stall is not None:
        pushes = [(c.push_age, c.gain, c.fade) for c in stall.contacts if c.at <= stuck_at and c.push_age < NEVER]
        asked = stall.asked_at <= stuck_at
        return row | {
            "state": STALLED,
            "step": stall.step,
            "since": stall.at,
            "asked": asked,
            "pushes": pushes,
        }
    return None if done == NEVER else row | {"free_at": done}


def _step_at(applicant: Applicant, at: float) -> int:
    """The step he was in: after the last one done, or the one sent back."""
    before = [(then, step + 1) for then, step in applicant.journal.steps if then <= at]
    if applicant.journal.sent_back_at <= at:
        redone = [step for then, step in applicant.journal.steps if applicant.journal.sent_back_at < then <= at]
        return CODES.index("submit") if redone else applicant.step
    return min(before[-1][1], CODES.index("submit")) if before else 0


def cases_of(applicants: Sequence[Applicant], rows: Sequence[Mapping[str, Any]]) -> Cases:
    """The arrays of `Cases`, in the order given."""
    slots = max([len(row["pushes"]) for row in rows], default=0) or 1
    pushes = Pushes.none(len(rows), slots)
    for i, row in enumerate(rows):
        for j, (at, gain, fade) in enumerate(row["pushes"]):
            pushes.at[i, j], pushes.gain[i, j], pushes.fade[i, j] = at, gain, fade
    traits = Traits(*(np.concatenate([getattr(a.traits, field.name) for a in applicants]) for field in fields(Traits)))
    columns = {
        name: np.array([row[name] for row in rows], kind)
        for name, kind in (
            ("step", np.int64), ("state", np.int64), ("since", float), ("stuck_at", float), ("free_at", float),
            ("asked", bool), ("returned", bool),
        )
    }  # fmt: skip
    return Cases(traits=traits, pushes=pushes, **columns)


def laws_of(episodes: Sequence[Episode], arm: str, until: float) -> ArmLaws:
    """The contact laws that one arm realised, for people who can be contacted at all: an applicant whose number is not
    verified yet reaches nobody's telephone, and the calculation knows that by itself. An episode without contact is
    censored when the person moved. What follows a contact (a call after the text of those who waited too long) is
    a law of its own for each kind of contact before it.
    """
    first: list[Seen] = []
    later: list[Seen] = []
    then: dict[str, list[Seen]] = {}
    met: set[Applicant] = set()
    for episode in sorted(episodes, key=lambda e: e.stuck_at):
        if episode.arm != arm:
            continue
        law = later if episode.applicant in met else first
        met.add(episode.applicant)
        if _step_at(episode.applicant, episode.stuck_at) == PHONE:
            continue
        moved = _moved_after(episode.applicant, episode.stuck_at, until)
        since = episode.stuck_at
        for at, kind in episode.contacts:
            if at > moved:
                break
            law.append(Seen(max(0.0, at - since), kind))
            law, since = then.setdefault(kind, []), at
        law.append(Seen(max(0.0, moved - since), ""))
    return ArmLaws(
        ContactLaw.of(first),
        ContactLaw.of(later if len(later) >= 30 else first),
        {kind: ContactLaw.of(seen) for kind, seen in then.items()},
    )


def _moved_after(applicant: Applicant, at: float, until: float) -> float:
    """When an applicant moved by himself after `at` (resumed, or finished a step), as the product could see it."""
    resumed = [s.ended_at for s in applicant.journal.stalls if s.end == "resumed" and s.ended_at > at]
    done = [then for then, _ in applicant.journal.steps if then > at]
    return min([*resumed, *done, until])


def answers_of(applicants: Sequence[Applicant], until: float) -> dict[str, ContactLaw]:
    """How long after asking the bot and a person answered, over everybody who asked; in every arm the same."""
    laws = {}
    for kind in ("bot", "chat"):
        seen = []
        for applicant in applicants:
            for stall in applicant.journal.stalls:
                if stall.asked_at > until:
                    continue
                answered = [c.at for c in stall.contacts if c.kind == kind and c.at >= stall.asked_at]
                over = min(stall.ended_at, until)
                seen.append(
                    Seen(answered[0] - stall.asked_at, kind) if answered else Seen(max(0.0, over - stall.asked_at), "")
                )
        laws[kind] = ContactLaw.of(seen)
    return laws
