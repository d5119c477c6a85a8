"""The life of a delivery: queued -> sending -> sent -> delivered | failed, never backwards."""

from collections.abc import Mapping

FORWARD: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"sending", "delivered", "failed"}),
    "sending": frozenset({"queued", "sending", "sent", "delivered", "failed"}),
    "sent": frozenset({"delivered", "failed"}),
    "delivered": frozenset(),
    "failed": frozenset(),
}


def may_become(state: str, wanted: str) -> bool:
    """Whether a delivery may go from one state to another. A receipt may overtake the record of the call.

    >>> may_become("sending", "delivered"), may_become("delivered", "failed")
    (True, False)
    """
    return wanted in FORWARD[state]


def gives_up(attempts: int, most: int) -> bool:
    """Whether a delivery that was tried so often, and never refused for good, is a failure now."""
    return attempts >= most


def channel_of(has_phone: bool, gateway_reachable: bool) -> str:
    """A text message where a gateway is set up and a number is known, else the in-app inbox."""
    return "sms" if has_phone and gateway_reachable else "inbox"
