"""What makes a rule book whole."""

from collections.abc import Sequence

from bihuan.credit.ledger.rules import CLAIM_KINDS, Rule

LAST_RESORT = "nearest_branch"


def faults(rules: Sequence[Rule]) -> list[str]:
    """Why a rule book may not be used; empty when it may.

    >>> faults([])
    ['End with nearest_branch: no account may stay without an owner.']
    """
    kinds = [rule.claim_kind for rule in rules]
    found = [f"Name {kind} only once." for kind in CLAIM_KINDS if kinds.count(kind) > 1]
    if not kinds or kinds[-1] != LAST_RESORT:
        found.append(f"End with {LAST_RESORT}: no account may stay without an owner.")
    elif rules[-1].window is not None or rules[-1].before != "opened":
        found.append(f"Let {LAST_RESORT} count before opened and without a window: it must always count.")
    return found


def key_of(claim_kind: str) -> str:
    """The name of the rule for a kind of claim.

    >>> key_of("staff_code")
    'staff-code'
    """
    return claim_kind.replace("_", "-")
