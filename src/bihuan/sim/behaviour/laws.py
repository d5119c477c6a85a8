"""When contacts really came: estimated from a run, to be used by the calculation of the true effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bihuan.sim.behaviour.rules import NEVER, Floats


@dataclass(frozen=True)
class Seen:
    """One case under observation: after `delay` came a contact of this kind, or, where `kind` is empty, the
    observation ended because the person moved by himself or the run was over."""

    delay: float
    kind: str


@dataclass(frozen=True)
class ContactLaw:
    """A distribution of (delay, kind) of the first contact; what is missing to 1 is never contacted."""

    delays: Floats
    kinds: tuple[str, ...]
    weights: Floats

    @classmethod
    def nothing(cls) -> "ContactLaw":
        """Nobody is ever contacted."""
        return cls(np.zeros(0), (), np.zeros(0))

    @classmethod
    def of(cls, seen: Sequence[Seen]) -> "ContactLaw":
        """The Aalen-Johansen estimate: waiting for a contact is censored when the person moves by himself.

        Counting only the contacted would make contacts look faster than they are, because the slow ones come too
        late to be counted.

        >>> law = ContactLaw.of([Seen(10, "call"), Seen(20, ""), Seen(30, "sms"), Seen(30, "sms")])
        >>> [(float(d), k, round(float(w), 3)) for d, k, w in zip(law.delays, law.kinds, law.weights)]
        [(10.0, 'call', 0.25), (30.0, 'sms', 0.375), (30.0, 'sms', 0.375)]
        """
        ordered = sorted(seen, key=lambda s: (s.delay, s.kind == ""))
        waiting, surviving = len(ordered), 1.0
        delays, kinds, weights = [], [], []
        for one in ordered:
            if one.kind:
                weight = surviving / waiting
                delays.append(one.delay)
                kinds.append(one.kind)
                weights.append(weight)
                surviving -= weight
            waiting -= 1
        return cls(np.array(delays), tuple(kinds), np.array(weights))

    def draw(self, n: int, rng: np.random.Generator) -> tuple[Floats, "np.ndarray[Any, np.dtype[np.str_]]"]:
        """Draw (delay, kind) for `n` people; a delay of NEVER and an empty kind for those not contacted."""
        bounds = np.cumsum(self.weights)
        index = np.searchsorted(bounds, rng.random(n), side="right")
        return np.append(self.delays, NEVER)[index], np.array([*self.kinds, ""])[index]

    def as_json(self) -> dict[str, Any]:
        """Shares by kind and quartiles of the delay in seconds, for `truth.json`."""
        out: dict[str, Any] = {"n": len(self.kinds)}
        kinds = np.array(self.kinds)
        for kind in sorted(set(self.kinds)):
            mask = kinds == kind
            out[kind] = {
                "share": round(float(self.weights[mask].sum()), 4),
                "quartiles": [round(float(q), 1) for q in np.quantile(self.delays[mask], [0.25, 0.5, 0.75])],
            }
        return out
