"""Sixty trading days of a brokerage, written day by day: sessions, orders, fills, transfers, maturities."""

import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bihuan.sim.behaviour.arrivals import day_weights
from bihuan.sim.behaviour.parameters import Truth
from bihuan.sim.calendar import exchange_days, trading_days_ending
from bihuan.sim.population import register, sessions
from bihuan.sim.population.book import Book, Orders
from bihuan.sim.population.cast import write_cast
from bihuan.sim.population.customers import Customers, draw_customers
from bihuan.sim.population.files import CsvFile, amounts, picked, write_json, write_mapping
from bihuan.sim.population.products import (
    CATALOGUE,
    SHARES,
    Product,
    offerings,
    share_prices,
    shares,
)
from bihuan.sim.population.staff import brokerage

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SESSION_SECONDS = ((34_200, 41_400), (46_800, 54_000))  # 9:30-11:30 and 13:00-15:00
MEAN_VISITS = 0.2  # app sessions of a customer on a trading day, on average
DEPOSITS, WITHDRAWALS = 0.010, 0.007  # bank transfers of a customer per trading day
BANKS = ("工商银行", "建设银行", "农业银行", "中国银行", "招商银行", "交通银行", "邮储银行")
DEVICES = ("iOS", "Android", "HarmonyOS", "Windows")


@dataclass(frozen=True)
class HistorySummary:
    """Rows written per file, and how long it took."""

    rows: dict[str, int]
    seconds: float
    folder: Path

    @property
    def total(self) -> int:
        """All rows of all files."""
        return sum(self.rows.values())


@dataclass
class _Past:
    """The state of one generation: who, what they hold, prices, and the open files."""

    customers: Customers
    book: Book
    habits: sessions.Habits
    items: tuple[Product, ...]
    prices: Floats
    rng: np.random.Generator
    events: CsvFile
    trades: CsvFile
    flows: CsvFile
    numbers: dict[str, int]


def write_history(out: Path, customers: int, days: int, seed: int, end: date) -> HistorySummary:
    """Write the files of a brokerage of so many customers and `days` trading days up to `end` into `out`.

    The same arguments write the same bytes. Memory does not grow with `days`.
    """
    began = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    calendar, firm = exchange_days(), brokerage(seed)
    dates = trading_days_ending(calendar, end, days)
    base = base_customers(seed, customers, end)
    rng = np.random.default_rng([seed, 3])
    items = (*shares(np.random.default_rng([seed, 4])), *CATALOGUE)
    prices = share_prices(days, rng)
    book = Book.opening(base, prices[0], _number(dates[0]), rng)
    with (
        CsvFile(out / "events.csv.gz") as events,
        CsvFile(out / "trades.csv.gz") as trades,
        CsvFile(out / "flows.csv.gz") as flows,
    ):
        habits = sessions.Habits.draw(customers, rng)
        past = _Past(base, book, habits, items, prices, rng, events, trades, flows, {"trades": 0, "flows": 0})
        open_days = {day: index for index, day in enumerate(dates)}
        price_day = 0
        for offset in range((end - dates[0]).days + 1):
            day = dates[0] + timedelta(days=offset)
            price_day = open_days.get(day, price_day)
            _write_day(past, day, price_day, day in open_days)
    last = prices[-1]
    rows = {
        "branches": register.write_branches(out, firm),
        "staff": register.write_staff(out, firm),
        "products": register.write_products(out, items),
        "customers": register.write_customers(out, base),
        "accounts": register.write_accounts(out, base, book, last, end),
        "holdings": register.write_holdings(out, base, book, items, last, end),
        "trades": trades.rows,
        "flows": flows.rows,
        "events": events.rows,
    }
    _write_mappings(out)
    _write_rest(out, seed, dates, rows, customers)
    write_cast(out, firm, base, book, items, end)
    return HistorySummary(rows, time.perf_counter() - began, out)


def write_brokerage(out: Path, seed: int) -> dict[str, int]:
    """Only the firm itself: branches and staff, with their mappings; rows per file."""
    out.mkdir(parents=True, exist_ok=True)
    firm = brokerage(seed)
    write_cast(out, firm, None, None, (), date.min)
    return {"branches": register.write_branches(out, firm), "staff": register.write_staff(out, firm)}


def base_customers(seed: int, count: int, end: date) -> Customers:
    """The customers of a seed: the live simulator draws the same people again."""
    base = draw_customers(count, brokerage(seed), end, np.random.default_rng([seed, 2]))
    return replace(base, activity=base.activity * MEAN_VISITS / base.activity.mean())


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _write_day(past: _Past, day: date, price_day: int, trading: bool) -> None:
    today, rng = _number(day), past.rng
    if trading:
        _write_flows(past, day)
    past.book.mature(today, rng)
    use = Truth().app_use
    weights = day_weights(use, np.arange(1440) / 60)
    factor = 1.0 if trading else use.weekend if day.weekday() >= 5 else use.holiday
    visits = sessions.draw_visits(
        past.customers.activity * factor * (past.customers.opened_on <= np.datetime64(day)),
        weights / weights.sum(),
        past.habits,
        past.book,
        rng,
    )
    at, happens = sessions.timings(visits, rng)
    placed_at = _order_times(visits, at)
    orders, index = _orders(past, visits, placed_at, price_day, trading)
    fills = past.book.apply(past.customers, orders, today, rng)
    ordered = np.full(len(visits.who), -1)
    ordered[index[fills.index]] = np.arange(len(fills.index))
    stops = sessions.flatten(visits, at, happens, ordered >= 0)
    _write_events(past, today, visits, stops, orders, fills, ordered)
    if len(fills.index):
        _write_trades(past, today, orders, fills, placed_at[index[fills.index]])


def _order_times(visits: sessions.Visits, at: Floats) -> Floats:
    last = np.array([len(script) - 1 for script in sessions.SCRIPTS])
    return np.asarray(at[np.arange(len(visits.who)), last[visits.path]])


def _orders(
    past: _Past, visits: sessions.Visits, placed_at: Floats, price_day: int, trading: bool
) -> tuple[Orders, Ints]:
    """The first wish of each customer that falls into a session; `index` points back into the visits."""
    open_now = np.zeros(len(visits.who), bool)
    if trading:
        for start, end in SESSION_SECONDS:
            open_now |= (placed_at >= start) & (placed_at < end)
    wishes = np.flatnonzero(visits.wants & open_now)
    _, first = np.unique(visits.who[wishes], return_index=True)
    index = wishes[first]
    rng, item, path = past.rng, visits.item[index], visits.path[index]
    held = past.book.held_slot(visits.who[index], item) >= 0
    sell = held & (rng.random(len(index)) < sessions.SELLING[path])
    share = item < SHARES
    price = np.where(share, past.prices[price_day][np.minimum(item, SHARES - 1)], 1.0)
    near = np.where(share, np.round(price * rng.normal(1, 0.006, len(index)), 2), 1.0)
    return Orders(visits.who[index], item, sell, np.maximum(near, 0.01)), index


def _stamps(today: int, seconds: Floats) -> Any:
    """Local time of the exchange to the millisecond, as text without a zone."""
    moment = today * 86_400_000 + np.minimum(seconds, 86_399.999) * 1000
    return pa.array(moment.astype(np.int64).astype("datetime64[ms]"))


def _write_events(
    past: _Past,
    today: int,
    visits: sessions.Visits,
    stops: sessions.Stops,
    orders: Orders,
    fills: Any,
    ordered: Ints,
) -> None:
    rng, n = past.rng, len(stops.visit)
    if not n:
        return
    order = np.argsort(stops.second, kind="stable")
    visit, event, item = stops.visit[order], stops.event[order], stops.item[order]
    fill = np.where(event == sessions.ORDER, ordered[visit], -1)
    none = np.full(n, np.nan)
    quantity, price = none.copy(), none.copy()
    done = np.flatnonzero(fill >= 0)
    quantity[done], price[done] = fills.quantity[fill[done]], fills.price[fill[done]]
    side = np.full(n, -1)
    side[done] = orders.sell[fills.index[fill[done]]].astype(int)
    read = event == sessions.READ
    codes = [p.code for p in past.items]
    past.events.write(
        {
            "user_id": picked(past.customers.user_id, visits.who[visit]),
            "event": picked(sessions.EVENTS, event),
            "timestamp": _stamps(today, stops.second[order]),
            "screen": picked(sessions.SCREENS, np.where(event == sessions.SCREEN, stops.screen[order], -1)),
            "item": picked(codes, np.where(event == sessions.SOUGHT, -1, item)),
            "topic": picked(sessions.TOPICS, np.where(read, item % len(sessions.TOPICS), -1)),
            "article": pa.array(today * 1000 + rng.integers(0, 60, n), mask=~read),
            "query": picked([p.name for p in past.items], np.where(event == sessions.SOUGHT, item, -1)),
            "side": picked(["buy", "sell"], side),
            "quantity": amounts(quantity, 0),
            "price": amounts(price),
            "device": picked(DEVICES, np.where(event == sessions.OPENED, visits.who[visit] * 7 % 11 % 4, -1)),
        }
    )


def _write_trades(past: _Past, today: int, orders: Orders, fills: Any, placed_at: Floats) -> None:
    index, n = fills.index, len(fills.index)
    number = past.numbers["trades"] + np.arange(n)
    past.numbers["trades"] += n
    item = orders.item[index]
    past.trades.write(
        {
            "trade": pa.array([f"T{i:09d}" for i in number]),
            "account": picked(past.customers.account, orders.who[index]),
            "customer": picked(past.customers.user_id, orders.who[index]),
            "traded_at": _stamps(today, placed_at + past.rng.exponential(8, n)),
            "item": picked([p.code for p in past.items], item),
            "kind": picked([p.kind for p in past.items], item),
            "side": picked(["buy", "sell"], orders.sell[index].astype(int)),
            "quantity": amounts(fills.quantity, 0),
            "price": amounts(fills.price),
            "amount": amounts(fills.amount),
            "fee": amounts(fills.fee),
        }
    )


def _write_flows(past: _Past, day: date) -> None:
    """Bank transfers: deposits about a tenth of what somebody has, at times very large; withdrawals out of cash."""
    rng, book, n = past.rng, past.book, len(past.customers)
    chance = rng.random(n)
    opened = past.customers.opened_on <= np.datetime64(day)
    paying_in = opened & (chance < np.where(past.customers.assets > 0, DEPOSITS, DEPOSITS / 8))
    taking_out = (chance > 1 - WITHDRAWALS) & (book.cash > 200)
    who = np.flatnonzero(paying_in | taking_out)
    base = np.maximum(past.customers.assets[who] * 0.12, 2_000)
    deposit = np.round(base * rng.lognormal(0, 0.9, len(who)), -2)
    withdrawal = np.round(book.cash[who] * rng.uniform(0.1, 0.95, len(who)), 2)
    incoming = paying_in[who]
    amount = np.where(incoming, deposit, withdrawal)
    book.cash[who] = np.round(book.cash[who] + np.where(incoming, amount, -amount), 2)
    number = past.numbers["flows"] + np.arange(len(who))
    past.numbers["flows"] += len(who)
    if len(who):
        past.flows.write(
            {
                "flow": pa.array([f"F{i:09d}" for i in number]),
                "account": picked(past.customers.account, who),
                "customer": picked(past.customers.user_id, who),
                "moved_at": _stamps(_number(day), np.sort(rng.uniform(32_400, 57_600, len(who)))),
                "direction": picked(["in", "out"], np.where(incoming, 0, 1)),
                "amount": amounts(amount),
                "bank": picked(BANKS, who % len(BANKS)),
            }
        )


def _write_mappings(out: Path) -> None:
    numbers = {"quantity", "price"}
    columns = ("screen", "item", "topic", "article", "query", "side", "quantity", "price", "device")
    properties = {name: "number" if name in numbers else "text" for name in columns}
    write_mapping(
        out / "events.yaml",
        "events",
        {"customer": "user_id", "event": "event", "time": "timestamp", "properties": properties},
        source="app-history",
        time_zone=register.ZONE,
    )
    for kind, names in (
        (
            "trades",
            "trade account customer traded_at item kind side quantity price amount fee",
        ),
        ("flows", "flow account customer moved_at direction amount bank"),
    ):
        write_mapping(out / f"{kind}.yaml", kind, {n: n for n in names.split()}, time_zone=register.ZONE)


def _write_rest(out: Path, seed: int, dates: list[date], rows: dict[str, int], customers: int) -> None:
    """The calendar of new shares, and the truth for those who judge."""
    last = dates[-1]
    new_shares = offerings(exchange_days(), dates[0], (last - dates[0]).days + 60, np.random.default_rng([seed, 5]))
    write_json(out / "calendars.json", {"offerings": [vars(o) for o in new_shares]})
    truth = {
        "seed": seed,
        "customers": customers,
        "first_day": dates[0],
        "last_day": last,
        "trading_days": len(dates),
        "rows": rows,
        "parameters": Truth().as_json(),
    }
    write_json(out / "truth.json", truth)
