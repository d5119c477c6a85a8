"""Finding phrases, however they are spaced, widened or written in traditional characters."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bihuan.comply.wording.variants import SIMPLIFIED

SEVERITIES = ("block", "ask", "warn")

# A phrase right behind one of these says the opposite: 不保本, not guaranteed returns.
NEGATIONS: Final = (
    "不",
    "非",
    "未",
    "勿",
    "不是",
    "不会",
    "不得",
    "不能",
    "不可",
    "不提供",
    "没有",
    "禁止",
    "严禁",
    "拒绝",
)
NEGATIONS_EN: Final = ("not", "no", "never", "without", "nor", "not a", "not any", "no such")

# Whoever puts these into the middle of a phrase may still mean two sentences.
_STOPS: Final = frozenset("。，、；：！？.,;:!?\n\r…")


@dataclass(frozen=True)
class Watched:
    """A phrase to find. `severity`: block (must not leave), ask (a second person), warn (the author is told)."""

    id: UUID | None
    phrase: str
    severity: str
    category: str
    reason: str
    reason_en: str
    context: str = "any"
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A phrase that was found at text[start:end], where it reads `found`."""

    phrase: str
    found: str
    start: int
    end: int
    severity: str
    category: str
    reason: str
    reason_en: str


@dataclass(frozen=True)
class Reduced:
    """A text reduced to letters and digits, each with where it stands in the original."""

    text: str
    places: Sequence[int]


def reduce(text: str) -> Reduced:
    """Letters and digits only: compatibility forms unified (NFKC), lower case, traditional characters simplified.

    >>> reduce("保 ​本－ＡＢ穩賺").text
    '保本ab稳赚'
    """
    chars, places = [], []
    for place, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char).casefold():
            if unicodedata.category(part)[0] in "LN":
                chars.append(SIMPLIFIED.get(part, part))
                places.append(place)
    return Reduced("".join(chars), places)


def lint(text: str, phrases: Iterable[Watched], context: str = "any") -> list[Hit]:
    """All hits, in the order of the text; of two that start at the same place the longer first.

    A phrase across the end of a sentence is only warned of: it may be two innocent ones.

    >>> [hit.found for hit in lint("本产品不保本。朋友都说穩 賺", [
    ...     Watched(None, "保本", "block", "promise", "", ""), Watched(None, "稳赚", "block", "promise", "", "")])]
    ['穩 賺']
    """
    reduced = reduce(text)
    hits = []
    for watched in phrases:
        if watched.context not in ("any", context):
            continue
        needle = reduce(watched.phrase).text
        covers = [reduce(word).text for word in watched.unless]
        at = reduced.text.find(needle) if needle else -1
        while at >= 0:
            if _counts(text, reduced, needle, at, covers):
                hits.append(_hit(text, reduced, watched, at, at + len(needle)))
            at = reduced.text.find(needle, at + 1)
    return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.phrase))


def _counts(text: str, reduced: Reduced, needle: str, at: int, covers: Sequence[str]) -> bool:
    end = at + len(needle)
    if needle.isascii() and not needle.isdigit() and needle[0].isalpha() and not _whole(text, reduced, at, end):
        return False
    for cover in covers:
        # Whether the longer word stands around this very place.
        first = reduced.text.find(cover, max(0, end - len(cover)), at + len(cover))
        if 0 <= first <= at and first + len(cover) >= end:
            return False
    return not _negated(text, reduced, needle, at)


def _whole(text: str, reduced: Reduced, at: int, end: int) -> bool:
    """Whether Latin letters are words of their own, not part of longer ones."""
    before = reduced.places[at] - 1
    after = reduced.places[end - 1] + 1
    left = before >= 0 and text[before].isalnum() and text[before].isascii()
    right = after < len(text) and text[after].isalnum() and text[after].isascii()
    return not left and not right


def _negated(text: str, reduced: Reduced, needle: str, at: int) -> bool:
    if at and _parted(text, reduced.places[at - 1], reduced.places[at]):
        return False
    if needle.isascii() and needle[0].isalpha():
        words = text[: reduced.places[at]].lower().split()
        return bool(words) and (words[-1] in NEGATIONS_EN or " ".join(words[-2:]) in NEGATIONS_EN)
    before = reduced.text[:at]
    return any(before.endswith(word) for word in NEGATIONS)


def _parted(text: str, first: int, last: int) -> bool:
    return any(char in _STOPS for char in text[first + 1 : last])


def _hit(text: str, reduced: Reduced, watched: Watched, at: int, end: int) -> Hit:
    start, last = reduced.places[at], reduced.places[end - 1]
    return Hit(
        phrase=watched.phrase,
        found=text[start : last + 1],
        start=start,
        end=last + 1,
        severity="warn" if _parted(text, start, last) else watched.severity,
        category=watched.category,
        reason=watched.reason,
        reason_en=watched.reason_en,
    )
