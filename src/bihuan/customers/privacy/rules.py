"""What staff may read of a tracked event. Pure.

Lists of what is hidden never end, so a timeline shows what is listed here and nothing else. Engineers and operators,
who look for what a source sends, see whole bodies with the fields of a person masked.
"""

import re
from collections.abc import Mapping
from typing import Any

from bihuan.kit.crypto import mask_name, mask_phone

# Events of the screens that staff may explain and never see (domain: risk questionnaire, agreements, follow-up). Those
# of the steps whose `answers_hidden` is set are among them; tests/understand holds the two together.
ANSWERS = ("opening:risk:", "opening:agreements:", "opening:callback:", "risk:")

# Properties and traits worth a line on a timeline: what was looked at, where from, how an attempt went.
WORTH_SAYING = frozenset(
    {
        "amount", "branch_code", "campaign", "channel", "city", "code", "decision_id", "device", "item", "kind",
        "language", "opening_id", "path", "price", "product", "quantity", "query", "reason", "recommended", "screen",
        "side", "slot", "source", "staff_code", "status", "step", "symbol", "tier", "title", "topic",
    }
)  # fmt: skip

_ENVELOPE = ("type", "event", "messageId", "timestamp", "sentAt", "originalTimestamp")
_NAMES = frozenset({"name", "realname", "fullname", "firstname", "lastname", "username", "nickname"})
_MACHINES = frozenset({"app", "library", "os", "device", "campaign", "network"})  # what an SDK calls by a name
_PHONES = frozenset({"phone", "phonenumber", "mobile", "mobilephone", "tel", "telephone"})
_SECRETS = frozenset(
    {
        "address", "bankcard", "birthdate", "birthday", "cardnumber", "email", "idcard", "idno", "idnumber",
        "identitycard", "passport", "password", "token",
    }
)  # fmt: skip
# Numbers of phones (mainland mobiles, with or without the country's code and gaps) and of identity cards (GB 11643),
# wherever they stand.
_PHONE = re.compile(r"(?<![0-9A-Za-z])((?:00)?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?![0-9A-Za-z])")
_PAPERS = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")


def hides_answers(name: str) -> bool:
    """Whether an event of this name may carry what somebody answered or signed.

    >>> hides_answers("opening:risk:assessed"), hides_answers("opening:id:rejected")
    (True, False)
    """
    return name.startswith(ANSWERS)


def worth_saying(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What a timeline says of an event beside its name; nothing where it may carry answers."""
    if hides_answers(name):
        return {}
    return {
        key: masked(value) for key, value in told.items() if key in WORTH_SAYING and not isinstance(value, dict | list)
    }


def readable(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an event as staff may read it: of one that may carry answers the envelope only, else all of it with
    names, phones and papers masked.
    """
    if hides_answers(name):
        return {key: body[key] for key in _ENVELOPE if key in body}
    own_name = {"name": body["name"]} if body.get("type") in ("page", "screen") and "name" in body else {}
    masked_body: dict[str, Any] = masked(dict(body))
    return masked_body | own_name


def masked(value: Any, key: str = "") -> Any:
    """A value with everything masked that names a person, by the key it stands under or by its form.

    >>> masked({"traits": {"name": "王小明", "Phone": 15400001234, "note": "call 15400001234"}})
    {'traits': {'name': '王**', 'Phone': '154****1234', 'note': 'call 154****1234'}}
    """
    if isinstance(value, dict):
        return {name: masked(one, "" if key in _MACHINES and name == "name" else name) for name, one in value.items()}
    if isinstance(value, list):
        return [masked(one, key) for one in value]
    if value is None or isinstance(value, bool | float):
        return value
    return _masked(str(value), key) if isinstance(value, str) or _told(value, key) else value


def _told(number: int, key: str) -> bool:
    """Whether a number is one of a person."""
    text = str(number)
    return _plain(key) in _PHONES | _SECRETS or bool(_PHONE.fullmatch(text) or _PAPERS.fullmatch(text))


def _masked(text: str, key: str) -> str:
    plain = _plain(key)
    if plain in _NAMES:
        return mask_name(text)
    if plain in _PHONES:
        return mask_phone(text)
    if plain in _SECRETS:
        return "****"
    return _PAPERS.sub("****", _PHONE.sub(_hidden, text))


def _hidden(found: re.Match[str]) -> str:
    return (found[1] or "") + mask_phone(re.sub(r"\D", "", found[2]))


def _plain(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.lower())
