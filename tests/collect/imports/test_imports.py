"""A file comes in once, whatever happens on the way."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bihuan.collect import facade as collect
from bihuan.collect.imports.mapping import mapping_of
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
