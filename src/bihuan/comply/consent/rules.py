"""What a customer allows, from what he has said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

PURPOSES = ("marketing", "personalisation", "service")
CHANNELS = ("sms", "inbox", "push", "call", "chat")
ALL = "all"


@dataclass(frozen=True)
class Word:
    """One entry of the ledger; the channel may be `all`. `rank` orders words of the same moment."""

    purpose: str
    channel: str
    granted: bool
    decided_at: datetime
    rank: str
    source: str


@dataclass(frozen=True)
class Consent:
    """What holds for one purpose and channel; without `since` nothing was said and the default counts."""

    purpose: str
    channel: str
    granted: bool
    since: datetime | None
    source: str


def default_of(purpose: str, personalisation: bool) -> bool:
    """What holds before the customer has said anything.

    Marketing needs his consent (PIPL art. 13, 14). What serves his own account or application needs none, and may
    still be refused. Personalisation is the firm's setting, and refusing it is one tap (art. 24).
    """
    return {"marketing": False, "personalisation": personalisation, "service": True}[purpose]


def standing(words: Mapping[tuple[str, str], Word], personalisation: bool) -> dict[tuple[str, str], Consent]:
    """What holds for every purpose and channel, from the latest word per purpose and channel (`all` among them).

    The later word wins, whether it was about the channel or about all; of the same moment, the refusal.
    """
    found = {}
    for purpose in PURPOSES:
        for channel in CHANNELS:
            said = [word for key in ((purpose, channel), (purpose, ALL)) if (word := words.get(key))]
            last = max(said, key=lambda w: (w.decided_at, not w.granted, w.rank), default=None)
            found[purpose, channel] = (
                Consent(purpose, channel, default_of(purpose, personalisation), None, "default")
                if last is None
                else Consent(purpose, channel, last.granted, last.decided_at, last.source)
            )
    return found


def imported_counts(words: Mapping[tuple[str, str], Word], purpose: str, channel: str, granted: bool) -> bool:
    """Whether a word from a bulk file, which tells no time, says something new about what stands.

    A file may be older than what the customer said himself: it never turns his own refusal into a grant.
    """
    about = [word for (p, c), word in words.items() if p == purpose and (c in (channel, ALL) or channel == ALL)]
    if granted and any(not word.granted and word.source != "import" for word in about):
        return False
    own = [word for word in about if word.channel in (channel, ALL)]
    last = max(own, key=lambda w: (w.decided_at, not w.granted, w.rank), default=None)
    return last is None or last.granted != granted
