"""What every customer holds, day by day: cash and up to six positions each, as columns. Orders only move what is there.

Arrays have one row per customer; a position is a slot holding an item (index into the items, -1 for empty).
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from bihuan.sim.population.customers import Customers
from bihuan.sim.population.products import CATALOGUE, SHARES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SLOTS = 6
LOT = 100
COMMISSION, LEAST_FEE, STAMP = 0.00025, 5.0, 0.0005  # common retail terms; the stamp duty is paid when selling
RISK = np.array([3 if i % 4 else 4 for i in range(SHARES)] + [int(p.risk[1]) for p in CATALOGUE])
MINIMUM = np.array([0] * SHARES + [p.minimum for p in CATALOGUE], float)
TERM = np.array([0] * SHARES + [p.term_days for p in CATALOGUE])
QUALIFIED = np.array([False] * SHARES + [p.needs_qualified for p in CATALOGUE])
RENEWED = 0.7  # of matured positions, by standing order
QUALIFIED_FROM = 3_000_000.0  # family financial assets of a qualified investor (domain.md 2.1)


@dataclass(frozen=True)
class Orders:
    """What customers want: at most one order each. `item` is the subject; `sell` what they hold of it, or all else."""

    who: Ints
    item: Ints
    sell: Bools
    price: Floats


@dataclass(frozen=True)
class Fills:
    """Which of the orders were done (`index` into them), and how."""

    index: Ints
    quantity: Floats
    price: Floats
    amount: Floats
    fee: Floats


@dataclass
class Book:
    """Cash and positions of everybody, as they stand."""

    cash: Floats
    item: Ints
    quantity: Floats
    cost: Floats
    due: Ints  # day number on which the position matures, 0 for none

    @classmethod
    def opening(cls, customers: Customers, prices: Floats, today: int, rng: np.random.Generator) -> Self:
        """Spread everybody's assets over cash, shares and products that fit him."""
        n = len(customers)
        book = cls(
            customers.assets.copy(),
            np.full((n, SLOTS), -1),
            np.zeros((n, SLOTS)),
            np.zeros((n, SLOTS)),
            np.zeros((n, SLOTS), np.int64),
        )
        keep = rng.beta(1.6, 2.4, n)
        wanted = np.minimum(1 + rng.poisson(1.3, n), SLOTS - 1)
        everybody = np.arange(n)
        for slot in range(SLOTS - 1):
            who = everybody[(wanted > slot) & (customers.assets > 2_000)]
            spend = book.cash[who] * (1 - keep[who]) / (wanted[who] - slot)
            product = rng.random(len(who)) < 0.35
            item = np.where(product, affordable(spend, rng), popular(len(who), rng))
            price = np.where(item < SHARES, prices[np.minimum(item, SHARES - 1)], 1.0) * rng.normal(
                0.97, 0.12, len(who)
            )
            book._buy(customers, who, item, np.maximum(price, 0.5), spend, today - 1, rng)
        held = book.item >= 0
        early = rng.integers(0, 30, (n, SLOTS))
        book.due = np.where(held & (book.due > 0), np.maximum(book.due - early, today + 1), 0)
        return book

    def apply(self, customers: Customers, orders: Orders, today: int, rng: np.random.Generator) -> Fills:
        """Do the orders that cash, positions, lots and suitability allow; `who` must be distinct."""
        sells = np.flatnonzero(orders.sell)
        buys = np.flatnonzero(~orders.sell)
        sold, quantity = self._sell(orders.who[sells], orders.item[sells], orders.price[sells], rng)
        spend = self.cash[orders.who[buys]] * rng.uniform(0.2, 0.95, len(buys))
        bought = self._buy(customers, orders.who[buys], orders.item[buys], orders.price[buys], spend, today, rng)
        done = np.concatenate([sells[sold], buys[bought > 0]])
        count = np.concatenate([quantity[sold], bought[bought > 0]])
        amount = np.round(count * orders.price[done], 2)
        share = orders.item[done] < SHARES
        stamp = np.where(orders.sell[done], STAMP * amount, 0.0)
        fee = np.where(share, np.round(np.maximum(COMMISSION * amount, LEAST_FEE) + stamp, 2), 0.0)
        self.cash[orders.who[done]] = np.maximum(np.round(self.cash[orders.who[done]] - fee, 2), 0.0)
        order = np.argsort(done)
        return Fills(done[order], count[order], orders.price[done][order], amount[order], fee[order])

    def held_slot(self, who: Ints, item: Ints) -> Ints:
        """The slot in which each holds the item, or -1."""
        match = self.item[who] == item[:, None]
        return np.where(match.any(1), match.argmax(1), -1)

    def any_share(self, who: Ints, rng: np.random.Generator) -> Ints:
        """One of the shares that each holds, at random; -1 for none."""
        held = (self.item[who] >= 0) & (self.item[who] < SHARES)
        slot = (held * rng.random(held.shape)).argmax(1)
        return np.where(held.any(1), self.item[who, slot], -1)

    def mature(self, today: int, rng: np.random.Generator) -> int:
        """What is due is renewed for another term, or paid out into cash; how many positions came due."""
        who, slot = np.nonzero((self.due > 0) & (self.due <= today))
        renewed = rng.random(len(who)) < RENEWED
        self.due[who[renewed], slot[renewed]] = today + TERM[self.item[who, slot][renewed]]
        ended, at = who[~renewed], slot[~renewed]
        np.add.at(self.cash, ended, self.quantity[ended, at])
        self._empty(ended, at)
        return len(who)

    def values(self, prices: Floats) -> Floats:
        """Market value of each slot; products are carried at one yuan a unit."""
        price = np.where(self.item < SHARES, prices[np.clip(self.item, 0, SHARES - 1)], 1.0)
        return np.asarray(np.where(self.item >= 0, self.quantity * price, 0.0))

    def _sell(self, who: Ints, item: Ints, price: Floats, rng: np.random.Generator) -> tuple[Bools, Floats]:
        slot = self.held_slot(who, item)
        done = slot >= 0
        safe = np.maximum(slot, 0)
        held = self.quantity[who, safe]
        part = np.floor(held / 2 / LOT) * LOT
        quantity = np.where((rng.random(len(who)) < 0.35) & (part > 0), part, held)
        mine, at = who[done], safe[done]
        self.cash[mine] += np.round(quantity[done] * price[done], 2)
        self.quantity[mine, at] -= quantity[done]
        gone = self.quantity[mine, at] <= 0
        self._empty(mine[gone], at[gone])
        return done, quantity

    def _buy(
        self,
        customers: Customers,
        who: Ints,
        item: Ints,
        price: Floats,
        spend: Floats,
        today: int,
        rng: np.random.Generator,
    ) -> Floats:
        """Buy for up to `spend` each; the quantity bought, 0 where it was not possible."""
        slot = self.held_slot(who, item)
        empty = self.item[who] < 0
        slot = np.where(slot >= 0, slot, np.where(empty.any(1), empty.argmax(1), -1))
        share = item < SHARES
        spend = np.minimum(np.where(share, spend, np.maximum(spend, MINIMUM[item])), self.cash[who])
        quantity = np.where(share, np.floor(spend / price / LOT) * LOT, np.floor(spend))
        # History is not spotless: one in twenty-five holds more risk than his level (tag 20 of domain.md).
        fits = (RISK[item] <= customers.risk[who]) | share | (rng.random(len(who)) < 0.04)
        fits &= ~customers.lowest[who] | (RISK[item] == 1)
        fits &= ~QUALIFIED[item] | (customers.assets[who] >= QUALIFIED_FROM)
        done = (slot >= 0) & fits & (quantity > 0) & (quantity >= MINIMUM[item])
        mine, at, bought = who[done], slot[done], quantity[done]
        paid = np.round(bought * price[done], 2)
        before = self.quantity[mine, at]
        self.cost[mine, at] = (self.cost[mine, at] * before + paid) / (before + bought)
        self.quantity[mine, at] = before + bought
        self.item[mine, at] = item[done]
        term = TERM[item[done]]
        self.due[mine, at] = np.where(term > 0, today + term, 0)
        self.cash[mine] = np.maximum(self.cash[mine] - paid, 0.0)
        return np.where(done, quantity, 0.0)

    def _empty(self, who: Any, slot: Any) -> None:
        self.item[who, slot] = -1
        self.quantity[who, slot] = 0.0
        self.cost[who, slot] = 0.0
        self.due[who, slot] = 0


def popular(n: int, rng: np.random.Generator) -> Ints:
    """Shares as people pick them: a few are in everybody's mouth (Zipf with exponent 0.9)."""
    weight = 1 / np.arange(1, SHARES + 1) ** 0.9
    return np.asarray(rng.choice(SHARES, n, p=weight / weight.sum()), np.int64)


def affordable(spend: Floats, rng: np.random.Generator) -> Ints:
    """A product each could pay for; the dearer ones are made for those who can, and preferred by them."""
    offered = np.arange(SHARES, SHARES + len(CATALOGUE))
    liking = 0.5 * np.log1p(MINIMUM[offered] / 10_000) + rng.gumbel(size=(len(spend), len(offered)))
    within = np.where(MINIMUM[offered] <= spend[:, None], liking, -np.inf)
    return np.asarray(np.where(np.isfinite(within).any(1), offered[within.argmax(1)], offered[0]))
