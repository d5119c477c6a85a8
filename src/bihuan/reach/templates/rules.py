"""When a template may be sent, which one fits a moment, what stands in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

OCCASIONS = ("opening-stuck", "opening-returned")
LANGUAGES = ("zh-CN", "en")
CHANNELS = ("sms", "inbox")
PURPOSES = ("service", "marketing")
# What a body may name in braces: the link back to the very step, and the step's name in the body's language.
VARIABLES = frozenset({"link", "step"})

_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Template:
    """One version of a message. `status` is draft, submitted, approved or rejected; expiry is told by the time."""

    id: UUID
    name: str
    version: int
    occasion: str
    step: str | None
    language: str
    channel: str
    purpose: str
    title: str
    body: str
    variables: tuple[str, ...]
    status: str
    valid_from: datetime
    valid_to: datetime
    author_id: UUID | None
    approval_id: UUID | None
    approver_id: UUID | None
    reason: str | None
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None

    def shown_status(self, now: datetime) -> str:
        """The status as staff see it: an approved one whose time is over is `expired`."""
        return "expired" if self.status == "approved" and now >= self.valid_to else self.status

    def sendable(self, now: datetime) -> bool:
        """Whether it is approved and its time has come and is not over."""
        return self.status == "approved" and self.valid_from <= now < self.valid_to


def variables_of(body: str) -> tuple[str, ...]:
    """The names in braces, each once, sorted.

    >>> variables_of("{step}: {link} {link}")
    ('link', 'step')
    """
    return tuple(sorted(set(_VARIABLE.findall(body))))


def faults(body: str) -> list[str]:
    """Why a text may not be submitted, apart from its wording; empty when it may."""
    found = []
    unknown = set(variables_of(body)) - VARIABLES
    if unknown:
        found.append(f"Use only the variables {', '.join(sorted(VARIABLES))}; unknown: {', '.join(sorted(unknown))}.")
    if re.search(r"[{}]", _VARIABLE.sub("", body)):
        found.append("Close every brace: a variable stands in braces, as in {link}.")
    if "link" not in variables_of(body):
        found.append("Name {link}: a message leads back to the very step.")
    return found


def render(body: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; a value's own braces are never read again.

    >>> render("Continue: {link}", {"link": "https://firm.example/{step}"})
    'Continue: https://firm.example/{step}'
    """
    return _VARIABLE.sub(lambda found: values[found[1]], body)


def fitting(
    templates: Iterable[Template], occasion: str, step: str, channel: str, languages: Iterable[str], now: datetime
) -> Template | None:
    """The template for a moment: of the first language that has one, the step's own before the general, the latest.

    Only approved ones within their time count; None when there is none.
    """
    wanted = list(languages)
    candidates = [
        t
        for t in templates
        if t.occasion == occasion
        and t.channel == channel
        and t.language in wanted
        and t.step in (step, None)
        and t.sendable(now)
    ]

    def order(t: Template) -> tuple[int, bool, float, int, str]:
        return (
            wanted.index(t.language),
            t.step is None,
            -(t.decided_at or t.created_at).timestamp(),
            -t.version,
            t.name,
        )

    return min(candidates, key=order, default=None)
