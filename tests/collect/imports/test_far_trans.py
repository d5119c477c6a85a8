"""A bank's real customers come in with their history, whatever the order of the rows."""

import csv
import gzip
import random
from pathlib import Path
from typing import Any

import pytest

from bihuan.collect import facade as collect
from bihuan.commands.sinks import sink_of
from bihuan.kit import postgres as pg
from bihuan.kit.house import House

HERE = Path(__file__).parents[3]
FILE = HERE.parent / "shared" / "data" / "far_trans" / "customer_information.csv.gz"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the FAR-Trans data set is not at {FILE}")


async def load(house: House, path: Path) -> collect.Imported:
    mapping = collect.read_mapping(HERE / "examples" / "far_trans_customers.yaml", "customers")
    return await collect.run_import(house, path, mapping, sink_of("customers", house))


async def kept(house: House) -> dict[str, Any]:
    async with house.postgres.transaction() as tx:
        return {
            "records": await pg.rows(
                tx, "SELECT customer_id, valid_from, body FROM customers_record ORDER BY customer_id, valid_from"
            ),
            "profiles": await pg.rows(tx, "SELECT id, user_id, traits FROM customers_customer ORDER BY id"),
            "assessments": await pg.rows(
                tx,
                "SELECT customer_id, assessed_at, source, level, valid_until FROM comply_assessment"
                " ORDER BY customer_id, assessed_at, source",
            ),
        }


async def test_all_customers_come_in_with_their_history_and_a_second_run_adds_nothing(
    house: House, tmp_path: Path
) -> None:
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    dated = {(row["customerID"], row["timestamp"]) for row in rows}
    odd = sum(row["lastQuestionnaireDate"] > row["timestamp"] for row in rows)
    guessed = {(r["customerID"], r["timestamp"]) for r in rows if r["riskLevel"].startswith("Predicted_")}
    assessed = {
        (r["customerID"], r["lastQuestionnaireDate"]) for r in rows if not r["riskLevel"].startswith(("Pred", "Not_"))
    }

    done = await load(house, FILE)
    assert (done.read, done.customers, done.versions, done.rejected) == (22_748, 20_363, len(dated), 0)
    assert (done.accepted, done.duplicates, done.odd) == (22_748, 0, odd)
    assert done.odd_file is not None
    assert len(Path(done.odd_file).read_text("utf-8").splitlines()) == odd + 1
    first = await kept(house)
    assert (len(first["records"]), len(first["profiles"])) == (len(dated), 20_363)
    sources = [row["source"] for row in first["assessments"]]
    assert (sources.count("predicted"), sources.count("assessed")) == (len(guessed), len(assessed))
    newest = {r["customerID"]: r for r in sorted(rows, key=lambda row: row["timestamp"])}
    assert all(p["traits"]["customerType"] == newest[p["user_id"]]["customerType"] for p in first["profiles"])

    again = await load(house, FILE)
    assert (again.accepted, again.duplicates, again.customers, again.versions) == (0, 22_748, 20_363, len(dated))
    assert await kept(house) == first


async def test_any_order_of_rows_gives_the_same(house: House, tmp_path: Path) -> None:
    header, *lines = gzip.decompress(FILE.read_bytes()).decode().splitlines()
    random.Random(7).shuffle(lines)
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    done = await load(house, shuffled)
    assert (done.read, done.customers, done.rejected) == (22_748, 20_363, 0)
    first = await kept(house)
    again = await load(house, FILE)
    assert (again.read, again.accepted) == (22_748, 22_748)  # another file, and all of it known
    assert await kept(house) == first
