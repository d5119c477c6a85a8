"""The files of what stands still: branches, staff, customers, accounts, holdings, and their mappings."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bihuan.sim.population.book import Book, Floats
from bihuan.sim.population.customers import Customers
from bihuan.sim.population.files import CsvFile, picked, write_mapping
from bihuan.sim.population.names import read_aloud
from bihuan.sim.population.places import CITIES
from bihuan.sim.population.products import SHARES, Product
from bihuan.sim.population.staff import Brokerage

ZONE = "Asia/Shanghai"
LEVELS = ["C1", "C2", "C3", "C4", "C5"]


def write_branches(out: Path, firm: Brokerage) -> int:
    """branches.csv.gz: one row per branch with its region and place."""
    regions = {region.code: region for region in firm.regions}
    rows = [
        {
            "code": b.code,
            "name": b.name,
            "name_en": b.name_en,
            "region_code": b.region,
            "region_name": regions[b.region].name,
            "region_name_en": regions[b.region].name_en,
            "city": b.city,
            "province": b.province,
            "latitude": b.latitude,
            "longitude": b.longitude,
            "monthly_capacity": b.capacity,
        }
        for b in firm.branches
    ]
    return _write_rows(out, "branches", rows)


def write_staff(out: Path, firm: Brokerage) -> int:
    """staff.csv.gz: one row per person; roles are separated by a bar."""
    rows = [
        {
            "login": p.login,
            "name": p.name,
            "name_en": read_aloud(p.name),
            "roles": p.role,
            "branch_code": p.branch,
            "region_code": p.region if p.role == "region_manager" else "",
            "registration_number": p.registration_number,
            "licensed": bool(p.registration_number),
            "staff_code": p.code,
            "phone": p.phone,
        }
        for p in firm.staff
    ]
    return _write_rows(out, "staff", rows)


def write_products(out: Path, items: tuple[Product, ...]) -> int:
    """products.csv.gz: the catalogue without shares; topics are separated by a bar."""
    rows = [{**p.as_json(), "topics": "|".join(p.topics)} for p in items if p.kind != "share"]
    return _write_rows(out, "products", rows)


def _write_rows(out: Path, kind: str, rows: list[dict[str, Any]]) -> int:
    columns = {name: pa.array([row[name] for row in rows]) for name in rows[0]}
    with CsvFile(out / f"{kind}.csv.gz") as file:
        file.write(columns)
    write_mapping(out / f"{kind}.yaml", kind, {name: name for name in columns})
    return len(rows)


def write_customers(out: Path, customers: Customers) -> int:
    """customers.csv.gz: identity, risk assessment, consent and the three relations of each."""
    c = customers
    columns: dict[str, Any] = {
        "user_id": c.user_id.tolist(),
        "name": c.name.tolist(),
        "phone": c.phone.tolist(),
        "gender": picked(["male", "female"], c.female.astype(int)),
        "born_on": c.born_on,
        "city": picked([city.name for city in CITIES], c.city),
        "province": picked([city.province for city in CITIES], c.city),
        "channel": c.channel.tolist(),
        "opened_on": c.opened_on,
        "risk_level": picked(LEVELS, c.risk - 1),
        "risk_assessed_on": pa.array(c.risk_assessed_on, mask=c.risk == 0),
        "lowest_category": c.lowest,
        "horizon": c.horizon.tolist(),
        "kinds": c.kinds.tolist(),
        "goals": c.goals.tolist(),
        "language": picked(["zh-CN"], np.zeros(len(c), np.int64)),
        "experience_years": c.experience_years,
        "investor_class": picked(["ordinary", "professional"], c.professional.astype(int)),
        "consent_sms": c.consent_sms,
        "consent_inbox": c.consent_inbox,
        "consent_phone": c.consent_phone,
        "personalised": c.personalised,
        "acquisition_branch": c.branch.tolist(),
        "acquisition_staff": c.acquisition_staff.tolist(),
        "service_branch": c.branch.tolist(),
        "service_staff": c.service_staff.tolist(),
        "contract_branch": np.where(c.contract_staff != "", c.branch, "").tolist(),
        "contract_staff": c.contract_staff.tolist(),
    }
    with CsvFile(out / "customers.csv.gz") as file:
        file.write(columns)
    names = {name: name for name in columns if name != "user_id"}
    write_mapping(out / "customers.yaml", "customers", {"customer": "user_id", **names})
    return len(c)


def write_accounts(out: Path, customers: Customers, book: Book, prices: Floats, end: date) -> int:
    """accounts.csv.gz: one fund account each, with cash and market value at the end of the history."""
    market = book.values(prices).sum(1)
    rate = np.select([customers.assets >= 3e6, customers.assets >= 5e5], [0.00015, 0.0002], 0.00025)
    columns = {
        "account": customers.account.tolist(),
        "customer": customers.user_id.tolist(),
        "kind": picked(["fund"], np.zeros(len(customers), np.int64)),
        "branch": customers.branch.tolist(),
        "opened_on": customers.opened_on,
        "status": picked(["normal"], np.zeros(len(customers), np.int64)),
        "cash": np.round(book.cash, 2),
        "market_value": np.round(market, 2),
        "as_of": pa.array([end] * len(customers)),
        "commission_rate": rate,
    }
    with CsvFile(out / "accounts.csv.gz") as file:
        file.write(columns)
    write_mapping(out / "accounts.yaml", "accounts", {name: name for name in columns})
    return len(customers)


def write_holdings(
    out: Path, customers: Customers, book: Book, items: tuple[Product, ...], prices: Floats, end: date
) -> int:
    """holdings.csv.gz: every position at the end of the history; `matures_on` for those with a term."""
    who, slot = np.nonzero(book.item >= 0)
    item, quantity = book.item[who, slot], book.quantity[who, slot]
    price = np.where(item < SHARES, prices[np.minimum(item, SHARES - 1)], 1.0)
    due = book.due[who, slot]
    columns = {
        "account": pa.array(customers.account.tolist()).take(pa.array(who)),
        "customer": pa.array(customers.user_id.tolist()).take(pa.array(who)),
        "item": picked([p.code for p in items], item),
        "name": picked([p.name for p in items], item),
        "kind": picked([p.kind for p in items], item),
        "risk": picked([p.risk for p in items], item),
        "quantity": quantity,
        "cost_price": np.round(book.cost[who, slot], 4),
        "price": np.round(price, 2),
        "market_value": np.round(quantity * price, 2),
        "matures_on": pa.array(due.astype("datetime64[D]"), mask=due == 0),
        "as_of": pa.array([end] * len(who)),
    }
    with CsvFile(out / "holdings.csv.gz") as file:
        file.write(columns)
    write_mapping(out / "holdings.yaml", "holdings", {name: name for name in columns})
    return len(who)
