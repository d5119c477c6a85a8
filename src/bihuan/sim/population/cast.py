"""Whom a visitor of the demo may be: five customers whose phone he can hold, and the staff seats left to him."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bihuan.sim.population.book import Book
from bihuan.sim.population.customers import AFFLUENT, Customers
from bihuan.sim.population.files import write_json
from bihuan.sim.population.names import read_aloud
from bihuan.sim.population.products import SHARES, Product
from bihuan.sim.population.staff import Brokerage, Person

FILE = "cast.json"
_ASSESSED_WITHIN = 300  # days: well before the year after which an assessment lapses


@dataclass(frozen=True)
class Seats:
    """Staff whom nobody plays, so that a person may. `recruiter` is a colleague of another branch, with a QR code."""

    advisor: Person
    manager: Person
    judge: Person
    compliance: Person
    recruiter: Person

    @property
    def vacant(self) -> frozenset[str]:
        """The logins the simulator leaves alone."""
        return frozenset(person.login for person in (self.advisor, self.manager, self.judge, self.compliance))


def seats(firm: Brokerage) -> Seats:
    """The first advisor and the manager of the first branch, the first of headquarters' posts."""
    branch = firm.branches[0].code
    return Seats(
        advisor=next(person for person in firm.having("advisor") if person.branch == branch),
        manager=next(person for person in firm.having("branch_manager") if person.branch == branch),
        judge=firm.having("operator")[0],
        compliance=firm.having("compliance")[0],
        recruiter=next(person for person in firm.having("advisor") if person.branch == firm.branches[1].code),
    )


def personas(customers: Customers, book: Book, end: date) -> dict[str, int]:
    """The row of the customer who fits each part best, the first wish counting most; nobody plays two parts."""
    c, held = customers, book.item >= 0
    shares = ((book.item < SHARES) & held).any(1)
    maturing = (book.due > 0).any(1)
    assessed = (c.risk > 0) & (np.datetime64(end) - c.risk_assessed_on < _ASSESSED_WITHIN)
    usable = assessed & c.personalised & c.consent_inbox
    parts: dict[str, Sequence[Any]] = {
        "retired_c1": [c.risk == 1, c.lowest, c.age >= 60, usable, maturing, held.any(1)],
        "high_net_worth": [c.assets >= 3e6, usable, c.contract_staff != "", maturing, c.age >= 45, c.assets >= 1e7],
        "active_trader": [c.risk >= 4, usable, shares, c.age < 50, c.activity >= np.quantile(c.activity, 0.9)],
        "fund_saver": [(c.risk == 2) | (c.risk == 3), usable, held.any(1) & ~shares, c.age < 45, c.assets < AFFLUENT],
        "dormant": [~held.any(1), c.activity <= np.quantile(c.activity, 0.1), ~assessed, c.age < 60],
    }
    chosen: dict[str, int] = {}
    for name, wishes in parts.items():
        score = np.zeros(len(c), np.int64)
        for wish in wishes:
            score = 2 * score + wish
        score[list(chosen.values())] = -1
        chosen[name] = int(np.argmax(score))
    return chosen


def write_cast(
    out: Path, firm: Brokerage, customers: Customers | None, book: Book | None, items: Sequence[Product], end: date
) -> None:
    """Write `cast.json` for the demo's pages; without customers only the seats are cast."""
    told: dict[str, Any] = {"personas": {}, "seats": _told(seats(firm)), "items": {}}
    if customers is not None and book is not None and len(customers):
        told["personas"] = {
            name: {"user_id": str(customers.user_id[row]), "age": int(customers.age[row])}
            for name, row in personas(customers, book, end).items()
        }
        told["items"] = {item.code: [item.name, item.name_en] for item in items}
    write_json(out / FILE, told)


def _told(taken: Seats) -> dict[str, Any]:
    return {
        post: {"name_en": read_aloud(person.name)}
        | {name: getattr(person, name) for name in ("login", "name", "branch", "code")}
        for post, person in vars(taken).items()
    }
