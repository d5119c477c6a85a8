"""Where imported rows go: each kind's sink, put together from the rooms that keep the rows.

This is composition: a customer's row carries identity (customers), assessment and consent (comply), and branches and
staff by their codes (people).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from uuid import UUID

from bihuan.collect import facade as collect
from bihuan.collect.facade import Chunk, Sink, Written
from bihuan.collect.facade import Mapping as FileMapping
from bihuan.comply import facade as comply
from bihuan.customers import facade as customers
from bihuan.decide import facade as decide
from bihuan.kit import ids
from bihuan.kit.errors import Problem
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.kit.time import EXCHANGE
from bihuan.people import facade as people

Fields = Mapping[str, str | None]
T = TypeVar("T")


def sink_of(kind: str, house: House) -> Sink:
    """The sink for rows of a kind."""
    sinks: dict[str, Sink] = {
        "events": collect.events_sink,
        "trades": collect.trades_sink,
        "flows": collect.flows_sink,
        "branches": _branches,
        "staff": _staff,
        "customers": _Customers(house),
        "accounts": _accounts,
        "holdings": _holdings,
        "products": _products,
    }
    return sinks[kind]


class _Bad(ValueError):
    """A row that cannot be taken, and why."""


def _parsed(
    chunk: Chunk, mapping: FileMapping, parse: Callable[[Fields], Any]
) -> tuple[list[Any], list[int], list[tuple[int, str]]]:
    """Rows that could be parsed, their indexes in the chunk, and those that could not, with the reason."""
    good, where, bad = [], [], []
    for index, row in enumerate(chunk.rows()):
        try:
            good.append(parse(mapping.fields(row)))
            where.append(index)
        except (ValueError, InvalidOperation, Problem) as error:
            bad.append((index, str(error) or type(error).__name__))
    return good, where, bad


def _required(row: Fields, name: str) -> str:
    found = row.get(name)
    if not found:
        raise _Bad(f"{name} is empty")
    return found


def _date(row: Fields, name: str) -> date | None:
    found = row.get(name)
    return date.fromisoformat(found[:10]) if found else None


def _number(row: Fields, name: str) -> Decimal:
    number = Decimal(_required(row, name))
    if not number.is_finite():
        raise _Bad(f"{name} is not a number")
    return number


def _whole(row: Fields, name: str) -> int | None:
    found = row.get(name)
    return int(found) if found else None


def _degrees(row: Fields, name: str) -> float | None:
    found = row.get(name)
    return float(found) if found else None


def _hour(row: Fields, name: str) -> time | None:
    found = row.get(name)
    return time.fromisoformat(found) if found else None


def _flag(row: Fields, name: str) -> bool | None:
    found = (row.get(name) or "").lower()
    if found in ("", "true", "1", "yes", "false", "0", "no"):
        return None if not found else found in ("true", "1", "yes")
    raise _Bad(f"{name} must be true or false")


def _of(cls: type[T], row: Fields, **parsed: Any) -> T:
    """A dataclass from the row's texts of the same names, with some fields parsed by the caller."""
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]  # always one of our dataclasses
    given = {name: text for name, text in row.items() if name in known and text is not None and name not in parsed}
    return cls(**given, **{name: value for name, value in parsed.items() if value is not None})


async def _branches(tx: Tx, chunk: Chunk, mapping: FileMapping, digest: str, now: datetime) -> Written:
    def parse(row: Fields) -> people.BranchRow:
        return _of(
            people.BranchRow,
            row,
            code=_required(row, "code"),
            name=_required(row, "name"),
            latitude=_degrees(row, "latitude"),
            longitude=_degrees(row, "longitude"),
            opens_at=_hour(row, "opens_at"),
            closes_at=_hour(row, "closes_at"),
            monthly_capacity=_whole(row, "monthly_capacity"),
        )

    good, where, bad = _parsed(chunk, mapping, parse)
    done = await people.import_branches(tx, good)
    return Written(done.written, [*bad, *((where[index], why) for index, why in done.rejected)])


async def _staff(tx: Tx, chunk: Chunk, mapping: FileMapping, digest: str, now: datetime) -> Written:
    def parse(row: Fields) -> people.StaffRow:
        return _of(
            people.StaffRow,
            row,
            login=_required(row, "login"),
            name=_required(row, "name"),
            roles=tuple(_required(row, "roles").replace("|", " ").replace(";", " ").split()),
            licensed=_flag(row, "licensed"),
            active=_flag(row, "active"),
        )

    good, where, bad = _parsed(chunk, mapping, parse)
    done = await people.import_staff(tx, good)
    return Written(done.written, [*bad, *((where[index], why) for index, why in done.rejected)])


class _Customers:
    """Customers with their assessment, consent and relations, where the file has them."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, tx: Tx, chunk: Chunk, mapping: FileMapping, digest: str, now: datetime) -> Written:
        branches = {branch.code: branch.id for branch in await people.branches(tx)}
        codes = {row.get(column) for row in chunk.rows() for name, column in mapping.columns.items() if "staff" in name}
        staff = await _staff_ids(tx, {code for code in codes if code})

        def parse(row: Fields) -> tuple[customers.CustomerRow, Fields]:
            return _customer(row, branches, staff), row

        good, where, bad = _parsed(chunk, mapping, parse)
        kept = {name: chunk.columns[name] for name in mapping.properties}
        good = [
            (
                replace(
                    customer,
                    properties={n: v for n, column in kept.items() if (v := column[index])},
                    place=0 if customer.valid_from else chunk.numbers[index],
                ),
                row,
            )
            for index, (customer, row) in zip(where, good, strict=True)
        ]
        added = await customers.import_customers(
            tx, self._house.cipher, [customer for customer, _ in good], now, digest
        )
        # Of several rows of a customer the latest record counts, without dates the last.
        lasting = {c.customer: row for c, row in sorted(good, key=lambda pair: pair[0].valid_from or date.max)}
        dated = "valid_from" in mapping.columns
        await _assess(tx, [row for _, row in good] if dated else list(lasting.values()), list(lasting.values()), now)
        await _contracts(tx, list(lasting.values()), branches, staff, now)
        odd = [(i, why) for i, (customer, row) in zip(where, good, strict=True) if (why := _oddity(customer, row))]
        return Written(len(good), bad, odd=odd, customers=added[0], versions=added[1])


async def _staff_ids(tx: Tx, codes: Iterable[str]) -> dict[str, UUID]:
    found = {}
    for code in codes:
        staff = await people.staff_by_login(tx, code) or await people.staff_by_code(tx, code)
        if staff is not None:
            found[code] = staff.id
    return found


def _customer(row: Fields, branches: Mapping[str, UUID], staff: Mapping[str, UUID]) -> customers.CustomerRow:
    born = _date(row, "born_on")
    branch = row.get("acquisition_branch") or row.get("branch")
    if branch and branch not in branches:
        raise _Bad(f"there is no branch {branch}: import branches first")
    if row.get("risk_level") and _level(row) is None:
        raise _Bad(f"{row['risk_level']} is no risk level: write C1 to C5, of a guess predicted C1 to predicted C5")
    assessed_on = _date(row, "risk_assessed_on")
    return _of(
        customers.CustomerRow,
        row,
        customer=_required(row, "customer"),
        birth_year=born.year if born else _whole(row, "birth_year"),
        opened_on=_date(row, "opened_on"),
        branch_id=branches.get(branch) if branch else None,
        staff_id=staff.get(row.get("service_staff") or row.get("staff") or ""),
        valid_from=_date(row, "valid_from"),
        assessed={
            **({"predicted_risk_level" if _guessed(row) else "risk_level": f"C{_level(row)}"} if _level(row) else {}),
            **({"risk_assessed_on": assessed_on.isoformat()} if assessed_on else {}),
        },
    )


_GUESS = "predicted "


def _guessed(row: Fields) -> bool:
    return (row.get("risk_level") or "").lower().startswith(_GUESS)


def _level(row: Fields) -> int | None:
    found = row.get("risk_level") or ""
    return comply.level_of(found[len(_GUESS) :] if _guessed(row) else found)


def _oddity(customer: customers.CustomerRow, row: Fields) -> str | None:
    """What is strange in a row that is taken all the same."""
    assessed_on = _date(row, "risk_assessed_on")
    if assessed_on and customer.valid_from and assessed_on > customer.valid_from:
        return f"the questionnaire is of {assessed_on}, after the record of {customer.valid_from}"
    return None


async def _assess(tx: Tx, assessed: list[Fields], rows: list[Fields], now: datetime) -> None:
    """Keep assessments, and of each customer's lasting row the investor's class and consents."""
    await comply.record_assessments(tx, [_assessment(row, now) for row in assessed if row.get("risk_level")], now)
    await comply.record_investors(tx, [_investor(row) for row in rows])
    await comply.import_consents(tx, [said for row in rows for said in _consents(row, now)])


def _assessment(row: Fields, now: datetime) -> comply.AssessmentRow:
    # A guess is of the record's day: the questionnaire beside it is one that gave no level.
    said_on = None if _guessed(row) else _date(row, "risk_assessed_on")
    assessed_on = said_on or _date(row, "valid_from") or now.date()
    return comply.AssessmentRow(
        ids.customer_of_user(_required(row, "customer")),
        _level(row) or 1,
        datetime.combine(assessed_on, time(12), EXCHANGE),
        lowest_category=bool(_flag(row, "lowest_category")),
        term=row.get("horizon"),
        kinds=_set(row, "kinds"),
        goals=_set(row, "goals"),
        source="predicted" if _guessed(row) else "assessed",
    )


def _investor(row: Fields) -> comply.InvestorRow:
    born = _date(row, "born_on")
    return comply.InvestorRow(
        ids.customer_of_user(_required(row, "customer")),
        investor_class=row.get("investor_class"),
        permissions=_set(row, "permissions"),
        birth_year=born.year if born else None,
    )


_CONSENTS = (
    ("consent_sms", "marketing", "sms"),
    ("consent_inbox", "marketing", "inbox"),
    ("consent_phone", "marketing", "call"),
    ("personalised", "personalisation", "all"),
)


def _consents(row: Fields, now: datetime) -> Iterable[comply.Said]:
    customer = _required(row, "customer")
    for column, purpose, channel in _CONSENTS:
        granted = _flag(row, column)
        if granted is not None:
            origin = f"import:{now.isoformat()}"
            yield comply.Said(
                ids.customer_of_user(customer), purpose, channel, granted, now, "import", "import", origin
            )


def _set(row: Fields, name: str) -> frozenset[str] | None:
    found = row.get(name)
    return frozenset(found.replace("|", " ").split()) if found else None


async def _contracts(
    tx: Tx, rows: list[Fields], branches: Mapping[str, UUID], staff: Mapping[str, UUID], now: datetime
) -> None:
    for row in rows:
        branch = row.get("contract_branch")
        if branch in branches:
            customer_id = ids.customer_of_user(_required(row, "customer"))
            current = {r.kind: r for r in await customers.relations(tx, customer_id, now)}
            advisor = staff.get(row.get("contract_staff") or "")
            known = current.get("contract")
            if known is None or (known.branch_id, known.staff_id) != (branches[str(branch)], advisor):
                await customers.move_relation(
                    tx, customer_id, "contract", branches[str(branch)], advisor, "import", now
                )


async def _accounts(tx: Tx, chunk: Chunk, mapping: FileMapping, digest: str, now: datetime) -> Written:
    branches = {branch.code: branch.id for branch in await people.branches(tx)}

    def parse(row: Fields) -> customers.AccountRow:
        return _of(
            customers.AccountRow,
            row,
            account=_required(row, "account"),
            customer=_required(row, "customer"),
            opened_on=_date(row, "opened_on"),
            branch_id=branches.get(row.get("branch") or ""),
        )

    good, _, bad = _parsed(chunk, mapping, parse)
    await customers.import_accounts(tx, good)
    return Written(len(good), bad)


async def _holdings(tx: Tx, chunk: Chunk, mapping: FileMapping, digest: str, now: datetime) -> Written:
    def parse(row: Fields) -> customers.HoldingRow:
        as_of = _date(row, "as_of")
        if as_of is None:
            raise _Bad("as_of is empty")
        return customers.HoldingRow(
            _required(row, "account"),
            _required(row, "item"),
            row.get("kind") or "other",
            _number(row, "quantity"),
            _number(row, "market_value"),
            as_of,
            _date(row, "matures_on"),
        )

    good, where, bad = _parsed(chunk, mapping, parse)
    unknown = await customers.import_holdings(tx, good)
    bad += [
        (index, f"there is no account {row.account}: import accounts first")
        for index, row in zip(where, good, strict=True)
        if row.account in unknown
    ]
    return Written(chunk.size - len(bad), sorted(bad))


async def _products(tx: Tx, chunk: Chunk, mapping: FileMapping, digest: str, now: datetime) -> Written:
    good, where, bad = _parsed(chunk, mapping, decide.product_row)
    done = await decide.import_products(tx, good, now)
    bad += [(where[index], why) for index, why in done.rejected]
    return Written(done.written, sorted(bad), done.unchanged)
