"""A file comes in once, whatever happens on the way."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bihuan.collect import facade as collect
from bihuan.collect.imports import files
from bihuan.collect.imports.mapping import mapping_of
from bihuan.commands.sinks import sink_of
from bihuan.kit import postgres as pg
from bihuan.kit.errors import Invalid
from bihuan.kit.house import House

MAPPING = mapping_of(
    {"kind": "events", "columns": {"customer": "who", "event": "what", "time": "at", "properties": {"sum": "number"}}},
    "events",
)


def lines(count: int, bad: set[int] = frozenset()) -> str:  # type: ignore[assignment]
    rows = [
        f"{'' if n in bad else f'c{n % 7}'},Order Completed,2026-03-0{1 + n % 9}T10:00:00+08:00,{n}"
        for n in range(count)
    ]
    return "who,what,at,sum\n" + "\n".join(rows) + "\n"


async def entries(house: House) -> int:
    async with house.postgres.transaction() as tx:
        return int(await pg.value(tx, "SELECT count(*) FROM log WHERE kind = 'tracked'"))


async def run(house: House, path: Path, **more: object) -> collect.Imported:
    return await collect.run_import(house, path, MAPPING, collect.events_sink, **more)  # type: ignore[arg-type]


async def test_a_second_run_adds_nothing_and_says_so(house: House, tmp_path: Path) -> None:
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(lines(250, bad={3, 77}).encode()))
    first = await run(house, path, chunk_rows=40)
    assert (first.read, first.accepted, first.duplicates, first.rejected) == (250, 248, 0, 2)
    second = await run(house, path, chunk_rows=40)
    assert (second.read, second.accepted, second.duplicates, second.rejected) == (250, 0, 248, 2)
    assert await entries(house) == 248
    assert first.rejects_file is not None
    rejects = Path(first.rejects_file).read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in rejects[1:]] == ["4", "78"]


async def test_a_killed_run_goes_on_where_it_stopped_even_with_other_chunks(house: House, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(lines(200), "utf-8")
    stops = iter(range(3))

    class Killed(Exception):
        pass

    def kill(rows: int) -> None:
        if next(stops, None) is None:
            raise Killed

    with pytest.raises(Killed):
        await run(house, path, chunk_rows=30, progress=kill)
    half = await entries(house)
    assert 0 < half < 200
    rest = await run(house, path, chunk_rows=45)
    assert rest.accepted == 200 - half
    assert await entries(house) == 200


async def test_a_dry_run_keeps_nothing(house: House, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(lines(20, bad={1}), "utf-8")
    tried = await run(house, path, dry_run=True)
    assert (tried.read, tried.accepted, tried.rejected) == (20, 19, 1)
    assert await entries(house) == 0
    assert (await run(house, path)).accepted == 19


async def test_parquet_gives_the_same_as_csv(house: House, tmp_path: Path) -> None:
    rows = [line.split(",") for line in lines(30).splitlines()]
    columns = {name: [row[n] for row in rows[1:]] for n, name in enumerate(rows[0])}
    pq.write_table(pa.table(columns), tmp_path / "events.parquet")
    done = await run(house, tmp_path / "events.parquet")
    assert done.accepted == 30
    async with house.postgres.transaction() as tx:
        total = await pg.value(tx, "SELECT sum((body->'properties'->>'sum')::numeric) FROM log")
    assert total == sum(range(30))


async def test_a_line_with_too_few_columns_is_rejected_and_the_rest_comes_in(house: House, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(lines(3) + "c1,torn\n" + "c9,Order Completed,2026-03-01T10:00:00Z,5\n", "utf-8")
    done = await run(house, path)
    assert (done.read, done.accepted, done.rejected) == (5, 4, 1)


async def rejects(house: House, done: collect.Imported) -> dict[int, str]:
    async with house.postgres.transaction() as tx:
        rows = await pg.rows(
            tx,
            "SELECT row_number, reason FROM collect_import_reject WHERE import_id = %(id)s ORDER BY row_number",
            id=done.import_id,
        )
    return {row["row_number"]: row["reason"] for row in rows}


@pytest.mark.parametrize("chunk_rows", [1, 7, 5000])
async def test_a_row_has_the_number_of_its_place_in_the_file_however_it_is_cut(
    house: House, tmp_path: Path, chunk_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_BLOCK", 256)
    path = tmp_path / "events.csv"
    rows = lines(60, bad={20}).splitlines()
    for at in (60, 31, 30, 5):  # rows that are torn, the last one among them
        rows.insert(at, "torn")
    path.write_text("\n".join(rows) + "\n", "utf-8")
    done = await run(house, path, chunk_rows=chunk_rows)
    assert (done.read, done.accepted, done.rejected) == (64, 59, 5)
    assert list(await rejects(house, done)) == [5, 22, 31, 33, 63]
    async with house.postgres.transaction() as tx:
        given = await pg.rows(tx, "SELECT split_part(message_id, ':', 2)::int AS n FROM log ORDER BY n")
    assert [row["n"] for row in given] == sorted(set(range(1, 65)) - {5, 22, 31, 33, 63})


async def test_a_row_that_cannot_be_stored_is_rejected_with_its_number_and_the_rest_comes_in(
    house: House, tmp_path: Path
) -> None:
    mapping = mapping_of(
        {"kind": "events", "columns": {"customer": "who", "event": "what", "time": "at"}, "message_id": "id"}, "events"
    )
    path = tmp_path / "events.csv"
    at = "2026-03-01T10:00:00Z"
    rows = [f"c{n},E,{at},m{n}" for n in range(100)]
    rows[17], rows[64] = f"c\0,E,{at},m17", f"c64,E,{at},{'m' * 101}"
    rows[65] = f"c65,people:staff:changed,{at},m65"
    path.write_text("who,what,at,id\n" + "\n".join(rows) + "\n", "utf-8")
    done = await collect.run_import(house, path, mapping, collect.events_sink)
    assert (done.read, done.accepted, done.rejected) == (100, 97, 3)
    told = await rejects(house, done)
    assert list(told) == [18, 65, 66]
    assert "NUL" in told[18]
    assert "the message id is longer than" in told[65]
    assert "people:" in told[66]


async def test_numbers_and_dates_out_of_range_reject_their_rows_alone(house: House, tmp_path: Path) -> None:
    columns = {name: name for name in ("customer", "birth_year", "risk_level", "risk_assessed_on", "phone")}
    mapping = mapping_of({"kind": "customers", "columns": columns}, "customers")
    rows = ["c1,1970,C3,2026-01-01,1", "c2,1970,C9,2026-01-01,2", "c3,1970,C3,2026-13-01,3",
            "c\0,1970,C3,,4", "c5,1970,,,5", "c1,1971,C4,2026-01-01,6"]  # fmt: skip
    path = tmp_path / "customers.csv"
    path.write_text(",".join(columns) + "\n" + "\n".join(rows) + "\n", "utf-8")
    done = await collect.run_import(house, path, mapping, sink_of("customers", house))
    assert list(await rejects(house, done)) == [2, 3, 4]
    assert done.accepted == 3
    async with house.postgres.transaction() as tx:
        kept = await pg.rows(tx, "SELECT user_id, birth_year FROM customers_customer ORDER BY user_id")
    assert [(row["user_id"], row["birth_year"]) for row in kept] == [("c1", 1971), ("c5", 1970)]


async def test_a_number_too_large_for_its_column_rejects_its_row_alone(house: House, tmp_path: Path) -> None:
    columns = {name: name for name in ("code", "name", "region_code", "monthly_capacity")}
    mapping = mapping_of({"kind": "branches", "columns": columns}, "branches")
    path = tmp_path / "branches.csv"
    rows = [f"B{n},B{n},east,{10**12 if n == 5 else 10}" for n in range(9)]
    path.write_text(",".join(columns) + "\n" + "\n".join(rows) + "\n", "utf-8")
    done = await collect.run_import(house, path, mapping, sink_of("branches", house))
    assert (done.accepted, list(await rejects(house, done))) == (8, [6])


async def test_null_and_na_are_texts_like_any_other(house: House, tmp_path: Path) -> None:
    mapping = mapping_of(
        {"kind": "events", "columns": {"customer": "who", "event": "what", "time": "at", "properties": ["sum"]}},
        "events",
    )
    path = tmp_path / "events.csv"
    texts = ["NA", "null", "nan", "NULL", "N/A", "#N/A", '""']
    path.write_text(
        "who,what,at,sum\n" + "".join(f"c{n},NULL,2026-03-01T10:00:00Z,{t}\n" for n, t in enumerate(texts)), "utf-8"
    )
    assert (await collect.run_import(house, path, mapping, collect.events_sink)).accepted == len(texts)
    async with house.postgres.transaction() as tx:
        kept = await pg.rows(tx, "SELECT body->'properties'->>'sum' AS sum FROM log ORDER BY user_id")
    assert [row["sum"] for row in kept] == [*texts[:-1], None]


async def test_a_dry_run_tells_what_the_run_would_do(house: House, tmp_path: Path) -> None:
    mapping = mapping_of(
        {"kind": "events", "columns": {"customer": "who", "event": "what", "time": "at"}, "message_id": "id"}, "events"
    )
    path = tmp_path / "events.csv"
    rows = [f"{'' if n == 4 else f'c{n}'},E,2026-03-01T10:00:00Z,m{n % 30}" for n in range(50)]
    path.write_text("who,what,at,id\n" + "\n".join(rows) + "\n", "utf-8")

    async def go(dry_run: bool) -> tuple[int, int, int, int]:
        done = await collect.run_import(house, path, mapping, collect.events_sink, dry_run=dry_run, chunk_rows=20)
        return done.read, done.accepted, done.duplicates, done.rejected

    assert await go(dry_run=True) == await go(dry_run=False) == (50, 30, 19, 1)
    assert await go(dry_run=True) == await go(dry_run=False) == (50, 0, 49, 1)


@pytest.mark.parametrize("kind", [pa.list_(pa.int64()), pa.struct([("a", pa.int64())])])
async def test_a_column_of_lists_is_told(house: House, tmp_path: Path, kind: pa.DataType) -> None:
    columns = {name: pa.array([None], pa.string()) for name in ("who", "what", "at")}
    pq.write_table(pa.table(columns | {"sum": pa.array([None], kind)}), tmp_path / "events.parquet")
    with pytest.raises(Invalid, match="sum of events\\.parquet holds lists"):
        await run(house, tmp_path / "events.parquet")


@pytest.mark.parametrize(
    "option", [{"encoding": "klingon"}, {"delimiter": ";;"}, {"delimiter": "\n"}, {"delimiter": "，"}]
)
def test_an_unknown_encoding_or_delimiter_is_told(option: dict[str, str]) -> None:
    columns = {"customer": "who", "event": "what", "time": "at"}
    with pytest.raises(Invalid, match=next(iter(option))):
        mapping_of({"kind": "events", "columns": columns, **option}, "events")


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"a,b\n1,2\n", "who"), (gzip.compress(lines(50_000).encode())[:-4000], "breaks off")],
)
async def test_a_file_that_cannot_be_read_is_told_with_the_reason(
    house: House, tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / ("events.csv.gz" if content[:2] == b"\x1f\x8b" else "events.csv")
    path.write_bytes(content)
    with pytest.raises(Invalid, match=told):
        await run(house, path)


@pytest.mark.parametrize(
    "found",
    [None, {}, {"kind": "events", "columns": {"customer": "a"}}, {"kind": "events", "columns": {}, "colums": 1}],
)
def test_a_wrong_mapping_says_what_is_wrong(found: object) -> None:
    with pytest.raises(Invalid):
        mapping_of(found, "events")


async def test_flows_and_trades_carry_their_fields_whatever_a_file_calls_them(house: House, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text("客户,资金账号,时间,方向,金额,备注\nu1,A1,2026-03-02T10:00:00+08:00,in,1200.50,工资\n", "utf-8")
    columns = {
        "customer": "客户",
        "account": "资金账号",
        "moved_at": "时间",
        "direction": "方向",
        "amount": "金额",
        "properties": ["备注"],
    }
    mapping = mapping_of({"kind": "flows", "columns": columns}, "flows")
    assert (await collect.run_import(house, path, mapping, sink_of("flows", house))).accepted == 1
    path = tmp_path / "trades.csv"
    path.write_text("c,a,t,s,q,p\nu1,A1,2026-03-02T10:00:00+08:00,buy,100,9.5\n", "utf-8")
    columns = {
        "customer": "c",
        "account": "a",
        "traded_at": "t",
        "item": "s",
        "side": "s",
        "quantity": "q",
        "price": "p",
    }
    mapping = mapping_of({"kind": "trades", "columns": columns}, "trades")
    assert (await collect.run_import(house, path, mapping, sink_of("trades", house))).accepted == 1
    async with house.postgres.transaction() as tx:
        rows = await pg.rows(tx, "SELECT name, body->'properties' AS properties FROM log ORDER BY seq")
    assert {row["name"]: row["properties"] for row in rows} == {
        "flow:in": {"account": "A1", "direction": "in", "amount": 1200.5, "备注": "工资"},
        "trade:filled": {"account": "A1", "item": "buy", "side": "buy", "quantity": 100, "price": 9.5},
    }
