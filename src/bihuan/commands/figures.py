"""What a run of the product did, as one JSON object: counted by the rooms themselves, not by the simulator."""

from datetime import UTC, datetime
from typing import Any

from bihuan.credit import facade as credit
from bihuan.customers import facade as customers
from bihuan.decide import facade as decide
from bihuan.kit.house import House
from bihuan.measure import facade as measure
from bihuan.reach import facade as reach
from bihuan.serve import facade as serve
from bihuan.understand import facade as understand

EXPERIMENT = "opening-rescue"

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_NEVER = datetime(2200, 1, 1, tzinfo=UTC)


async def figures(house: House) -> dict[str, Any]:
    """Events, openings, enquiries, decisions, deliveries, credits and the rescue experiment."""
    events = await house.clickhouse.query("SELECT count() AS n FROM log WHERE kind = 'tracked'")
    async with house.postgres.transaction() as tx:
        openings = await understand.totals(tx)
        served = await serve.figures(tx, _EVER, _NEVER)
        entries = await credit.totals(tx)
        return {
            "events": events[0]["n"],
            "customers": await customers.count(tx),
            "openings": {
                "started": openings.started,
                "submitted": openings.submitted,
                "opened": openings.opened,
                "stuck_now": openings.stuck_now,
                "rescued": served.rescued,
            },
            "enquiries": {
                "asked": served.asked,
                "answered_by_bot": served.answered_by_bot,
                "claimed": served.claimed,
                "double_claimed": served.double_claimed,
                "lost": served.lost,
            },
            "decisions": await decide.decisions_made(tx),
            "deliveries": (await reach.reached(tx, _EVER, _NEVER)).deliveries,
            "credits": {
                "branches": entries.branches,
                "entries": entries.entries,
                "accounts": float(entries.accounts),
            },
            "experiment": _experiment(await measure.result(tx, EXPERIMENT, house.clock.now())),
        }


def _experiment(result: measure.Result) -> dict[str, Any]:
    arms = {arm.arm: {"n": arm.completion.n, "opened": arm.completion.hits} for arm in result.arms}
    headline = result.headline
    lift = headline.difference if headline else None
    return {
        **{name: arms.get(name, {"n": 0, "opened": 0}) for name in ("control", "message", "person")},
        "lift": lift.value if lift else None,
        "ci": [lift.low, lift.high] if lift else None,
    }
