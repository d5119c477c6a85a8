"""Who the customers are: groups add up, concentration is what it is said to be."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from tests.understand.conftest import Browsers
from tests.understand.tags.test_tags import owns, send

from bihuan.kit.house import House
from bihuan.understand.tags import service as tags


def lorenz(amounts: Sequence[float], points: int = 20) -> list[float]:
    """The share of everything that the poorest 1/points, 2/points ... hold; empty where there is nothing."""
    ordered, total = sorted(max(0.0, amount) for amount in amounts), sum(max(0.0, amount) for amount in amounts)
    if total <= 0:
        return []
    shares, held, place = [], 0.0, 0
    for point in range(1, points + 1):
        upto = round(len(ordered) * point / points)
        held += sum(ordered[place:upto])
        place = upto
        shares.append(round(held / total, 6))
    return shares


def gini(amounts: Sequence[float]) -> float | None:
    """The Gini coefficient: 0 where all hold the same, towards 1 where one holds everything; None for nothing."""
    ordered, total = sorted(max(0.0, amount) for amount in amounts), sum(max(0.0, amount) for amount in amounts)
    if total <= 0:
        return None
    count = len(ordered)
    weighted = sum(place * amount for place, amount in enumerate(ordered, start=1))
    return round(2 * weighted / (count * total) - (count + 1) / count, 9) + 0.0


async def test_groups_add_up_and_the_engine_says_what_the_definitions_say(
    browse: Browsers, firm: House, react: Callable[[], Any]
) -> None:
    assets = [1_000, 5_000, 5_000, 20_000, 400_000, 3_500_000, 0]
    for n, value in enumerate(assets):
        await owns(firm, f"u{n}", **({"share": value} if value else {}))
    await send(firm, ("u0", "App Opened", 1, {}), ("", "App Opened", 1, {}), react=react, visitor="d9")
    await tags.refresh(firm)
    operator = await browse("operator")
    page = (await operator.get("/api/v1/customer-base", params={"by": "asset_band"})).json()
    assert page["customers"] == sum(group["customers"] for group in page["groups"]) == len(assets)
    assert page["assets"] == sum(assets)
    known = [float(value) for value in assets if value]
    assert page["curve"] == pytest.approx(lorenz(known), abs=1e-6)
    assert page["gini"] == pytest.approx(gini(known), abs=1e-6)
    named = {group["en"]: group["customers"] for group in page["groups"]}
    assert (named["Under 10k"], named["3m–10m"]) == (3, 1)
    by_branch = (await operator.get("/api/v1/customer-base", params={"by": "branch"})).json()
    assert [group["customers"] for group in by_branch["groups"]] == [len(assets)]
    other = (await (await browse("gz01.manager")).get("/api/v1/customer-base")).json()
    assert (other["customers"], other["groups"], other["curve"]) == (0, [], [])
    assert (await operator.get("/api/v1/customer-base", params={"by": "aml_level"})).status_code == 422
