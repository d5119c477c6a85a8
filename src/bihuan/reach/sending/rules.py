"""The life of a delivery: queued -> sending -> sent -> delivered | failed, never backwards; or refused before."""

from collections.abc import Mapping

FORWARD: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"queued", "sending", "delivered", "failed", "refused"}),
    "sending": frozenset({"queued", "sending", "sent", "delivered", "failed", "refused"}),
    "sent": frozenset({"delivered", "failed"}),
    "delivered": frozenset(),
    "failed": frozenset(),
    "refused": frozenset(),
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


# Refusals that are about the channel, so that another one may be asked.
ABOUT_THE_CHANNEL = frozenset({"no-consent", "no-template"})


def channels_of(has_phone: bool, gateway_reachable: bool) -> tuple[str, ...]:
    """The channels to ask, in order: a text where a gateway is set up and a number is known, then the in-app inbox."""
    return ("sms", "inbox") if has_phone and gateway_reachable else ("inbox",)


def may_fall_back(channel: str, maybe_out: bool) -> bool:
    """Whether the inbox may have a message that did not arrive: only if it is certain that the handset never gets it.

    >>> may_fall_back("sms", maybe_out=False), may_fall_back("sms", maybe_out=True)
    (True, False)
    """
    return channel == "sms" and not maybe_out
