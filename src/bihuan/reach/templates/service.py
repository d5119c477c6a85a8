"""Templates: written by one person, checked for wording, approved by another; versions are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.comply import facade as comply
from bihuan.kit import audit, ids
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Staff
from bihuan.people.facts import ApprovalDecided
from bihuan.reach.templates import repository
from bihuan.reach.templates.rules import Template, faults, variables_of
from bihuan.understand import facade as understand

APPROVAL_KIND = "reach:template"


async def create(tx: Tx, author: Staff, now: datetime, **values: Any) -> Template:
    """A new draft; a known name makes its next version. Raises Conflict while that name has a draft or waits."""
    latest = await repository.listed(tx, name=values["name"], limit=1)
    if latest and latest[0].status in ("draft", "submitted"):
        raise Conflict("template-open", f"Version {latest[0].version} is still {latest[0].status}; finish that one.")
    if latest and any(getattr(latest[0], part) != values[part] for part in ("occasion", "language", "channel")):
        raise Conflict("template-name", "This name stands for another occasion, language or channel; choose another.")
    made = await repository.insert(
        tx, id=ids.new_id(), author_id=author.id, now=now, variables=list(variables_of(values["body"])), **values
    )
    await audit.record(tx, author.id, "reach:template:drafted", made.id, {"name": made.name}, now)
    return made


async def edit(tx: Tx, template_id: UUID, author: Staff, now: datetime, **values: Any) -> Template:
    """The changed draft, or for a version that was decided a new draft after it.

    Raises NotFound, and Conflict while the version waits for its approval.
    """
    found = await known(tx, template_id)
    if found.status == "submitted":
        raise Conflict("template-submitted", "It waits for its approval; withdraw it first.")
    if found.status != "draft":
        fixed = {part: getattr(found, part) for part in ("name", "occasion", "language", "channel")}
        return await create(tx, author, now, **fixed, **values)
    changed = await repository.change_draft(
        tx, id=template_id, author_id=author.id, variables=list(variables_of(values["body"])), **values
    )
    if changed is None:
        raise Conflict("template-submitted", "Somebody submitted it meanwhile.")
    return changed


async def submit(tx: Tx, template_id: UUID, author: Staff, now: datetime) -> Template:
    """Hand a draft to a second person. Raises Invalid for a text that may not leave the house, Conflict for others."""
    found = await known(tx, template_id)
    if found.status != "draft":
        raise Conflict("template-state", f"Only a draft can be submitted; this one is {found.shown_status(now)}.")
    wrong = faults(found.body)
    if wrong:
        raise Invalid("template-text", " ".join(wrong), faults=wrong)
    wording = await wording_of(tx, found.step, f"{found.title}\n{found.body}")
    if wording.stopping:
        phrases = ", ".join(wording.stopping)
        raise Invalid("wording", f"Reword it: {phrases} may not be said.", phrases=wording.stopping)
    proposed = {
        "name": found.name,
        "version": found.version,
        "title": found.title,
        "body": found.body,
        "to_weigh": wording.to_weigh,
    }
    asked = await people.request_approval(tx, APPROVAL_KIND, found.id, proposed, author, now)
    submitted = await repository.submit(tx, template_id, asked.id, now)
    if submitted is None:
        raise Conflict("template-state", "Somebody submitted it meanwhile.")
    await audit.record(tx, author.id, "reach:template:submitted", found.id, {"name": found.name}, now)
    return submitted


async def withdraw(tx: Tx, template_id: UUID, author: Staff, now: datetime) -> Template:
    """Take a submitted version back: it ends as rejected. Raises NotFound, Conflict, and Forbidden for others."""
    found = await known(tx, template_id)
    if found.status != "submitted" or found.approval_id is None:
        raise Conflict("template-state", "Only what waits for an approval can be withdrawn.")
    await people.withdraw_approval(tx, found.approval_id, author, now)
    ended = await repository.decide(tx, found.approval_id, "rejected", None, "withdrawn by its author", now)
    if ended is None:
        raise Conflict("template-state", "It was decided meanwhile.")
    return ended


async def decided(tx: Tx, fact: ApprovalDecided, now: datetime) -> None:
    """A second person has decided about a version."""
    if fact.kind == APPROVAL_KIND:
        await repository.decide(tx, fact.approval_id, fact.state, fact.decided_by, fact.comment, now)


@dataclass(frozen=True)
class Wording:
    """Phrases of a text that may not leave the house, and those a second person must weigh."""

    stopping: list[str]
    to_weigh: list[str]


async def wording_of(tx: Tx, step: str | None, text: str) -> Wording:
    """What in a text about a step must not be said; where answers stay hidden the strict rules apply."""
    about = await understand.step_of(tx, step)
    context = "questionnaire" if about is not None and about.answers_hidden else "any"
    hits = await comply.check_text(tx, text, context=context)
    return Wording(
        sorted({hit.found for hit in hits if hit.severity == "block"}),
        sorted({hit.found for hit in hits if hit.severity == "ask"}),
    )


async def known(tx: Tx, template_id: UUID) -> Template:
    """One version, locked. Raises NotFound."""
    found = await repository.by_id(tx, template_id)
    if found is None:
        raise NotFound("template", "There is no such template.")
    return found
