"""The history is one that could have happened."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from csv import DictReader
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest
import yaml

from bihuan.sim.calendar import exchange_days
from bihuan.sim.population.history import HistorySummary, base_customers, write_history
from bihuan.sim.population.products import CATALOGUE
from bihuan.sim.population.staff import brokerage

END = date(2026, 10, 30)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> HistorySummary:
    return write_history(tmp_path_factory.mktemp("history"), customers=1500, days=12, seed=11, end=END)


def rows(history: HistorySummary, kind: str) -> Iterator[dict[str, str]]:
    with gzip.open(history.folder / f"{kind}.csv.gz", "rt", encoding="utf-8") as file:
        yield from DictReader(file)


def test_every_file_has_its_rows_and_a_mapping_that_names_its_columns(history: HistorySummary) -> None:
    for kind, count in history.rows.items():
        found = list(rows(history, kind))
        assert len(found) == count > 0
        mapping = yaml.safe_load((history.folder / f"{kind}.yaml").read_text())
        assert mapping["kind"] == kind
        named = [mapping["columns"].get("properties", [])]
        named += [[column] for field, column in mapping["columns"].items() if field != "properties"]
        assert {column for some in named for column in some} == set(found[0])


def test_the_same_seed_writes_the_same_bytes(history: HistorySummary, tmp_path: Path) -> None:
    again = write_history(tmp_path, customers=1500, days=12, seed=11, end=END)
    assert again.rows == history.rows
    for path in sorted(history.folder.iterdir()):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_holdings_are_the_opening_positions_plus_the_trades(history: HistorySummary) -> None:
    bought: defaultdict[tuple[str, str], float] = defaultdict(float)
    for trade in rows(history, "trades"):
        sign = 1 if trade["side"] == "buy" else -1
        bought[trade["account"], trade["item"]] += sign * float(trade["quantity"])
    held = {(h["account"], h["item"]): float(h["quantity"]) for h in rows(history, "holdings")}
    matured = {p.code for p in CATALOGUE if p.term_days}
    for (account, item), net in bought.items():
        if item not in matured:
            assert held.get((account, item), 0.0) >= net
    assert all(quantity > 0 for quantity in held.values())


def test_cash_is_never_negative_and_everything_refers_to_something(history: HistorySummary) -> None:
    accounts = {a["account"]: a for a in rows(history, "accounts")}
    customers = {c["user_id"] for c in rows(history, "customers")}
    branches = {b["code"] for b in rows(history, "branches")}
    staff = {s["staff_code"] for s in rows(history, "staff")}
    assert all(float(a["cash"]) >= 0 and a["branch"] in branches for a in accounts.values())
    for kind in ("trades", "holdings", "flows"):
        assert all(r["account"] in accounts and r["customer"] in customers for r in rows(history, kind))
    for customer in rows(history, "customers"):
        for relation in ("acquisition", "service", "contract"):
            assert customer[f"{relation}_staff"] in staff | {""}
            assert customer[f"{relation}_branch"] in branches | {""}
    registered = {s["staff_code"] for s in rows(history, "staff") if s["registration_number"]}
    assert {c["contract_staff"] for c in rows(history, "customers")} <= registered | {""}


def test_orders_come_in_sessions_after_screens_and_are_filled(history: HistorySummary) -> None:
    fills = Counter((t["customer"], t["item"], t["side"], float(t["quantity"])) for t in rows(history, "trades"))
    last: dict[str, dict[str, str]] = {}
    before, orders = "", 0
    for event in rows(history, "events"):
        assert event["timestamp"] >= before
        before = event["timestamp"]
        if event["event"] == "Order Placed":
            orders += 1
            at = datetime.fromisoformat(event["timestamp"])
            assert exchange_days().is_trading_day(at.date())
            assert time(9, 30) <= at.time() < time(11, 30) or time(13) <= at.time() < time(15)
            seen = last[event["user_id"]]
            assert (seen["event"], seen["item"]) == ("Screen Viewed", event["item"])
            assert fills[event["user_id"], event["item"], event["side"], float(event["quantity"])] > 0
        last[event["user_id"]] = event
    assert orders == history.rows["trades"]


def test_nobody_in_the_lowest_category_holds_more_than_r1_in_products(history: HistorySummary) -> None:
    lowest = {c["user_id"] for c in rows(history, "customers") if c["lowest_category"] == "true"}
    held = [h for h in rows(history, "holdings") if h["customer"] in lowest and h["kind"] != "share"]
    assert lowest
    assert {h["risk"] for h in held} <= {"R1"}


def test_the_base_has_the_shape_that_was_asked_for() -> None:
    base = base_customers(seed=3, count=20_000, end=END)
    assert (base.age > 40).mean() == pytest.approx(0.4, abs=1e-9)
    by_decade = [base.assets[(base.age >= low) & (base.age < low + 10)] for low in range(20, 80, 10)]
    assert int(np.argmax([group.mean() for group in by_decade])) == 3  # 50-59
    richest = np.sort(base.assets)[::-1]
    assert richest[:200].sum() > 0.3 * richest.sum()
    assert (base.risk == 0).any()
    assert (base.lowest & (base.risk == 1)).sum() == base.lowest.sum() > 0
    expired = (np.datetime64(END) - base.risk_assessed_on) > np.timedelta64(365, "D")
    assert 0.05 < expired.mean() < 0.6
    assert len(set(base.phone.tolist())) == len(base)


def test_the_firm_has_sixty_advisors_in_twelve_branches_and_nobody_twice() -> None:
    firm = brokerage(5)
    assert len(firm.having("advisor")) == 60
    assert {p.branch for p in firm.having("advisor")} == {b.code for b in firm.branches}
    assert len({p.login for p in firm.staff}) == len({p.code for p in firm.staff}) == len(firm.staff)
    assert any(p.registration_number for p in firm.having("advisor"))
    assert not any(p.registration_number for p in firm.having("witness"))
    assert brokerage(5) == firm != brokerage(6)


def test_truth_says_what_it_was_made_of(history: HistorySummary) -> None:
    truth = json.loads((history.folder / "truth.json").read_text())
    assert truth["seed"] == 11
    assert truth["rows"] == history.rows
    assert truth["parameters"]["stalling"]["leave"] > 0


@pytest.mark.parametrize("seed", [1, 7, 11])
def test_the_retired_part_goes_to_an_elderly_of_the_lowest_category_even_in_a_small_brokerage(
    seed: int, tmp_path: Path
) -> None:
    """The demo's third story is about what he may not be sold even if he insists."""
    history = write_history(tmp_path, customers=200, days=10, seed=seed, end=END)
    cast = json.loads((tmp_path / "cast.json").read_text())
    retired = cast["personas"]["retired_c1"]["user_id"]
    assert cast["personas"]["retired_c1"]["age"] >= 60
    (row,) = [row for row in rows(history, "customers") if row["user_id"] == retired]
    assert (row["risk_level"], row["lowest_category"], row["personalised"]) == ("C1", "true", "true")
