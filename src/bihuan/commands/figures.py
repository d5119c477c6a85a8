"""What a run of the product did, as one JSON object: counted by the rooms themselves, not by the simulator."""

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


async def figures(house: House) -> dict[str, Any]:
    """Events, openings, enquiries, decisions, deliveries, credits and the rescue experiment."""
    events = await house.clickhouse.query("SELECT count() AS n FROM log WHERE kind = 'tracked'")
    async with house.postgres.transaction() as tx:
        openings = await understand.totals(tx)
        enquiries = await serve.totals(tx)
        credits = await credit.totals(tx)
        result = await measure.experiment_result(tx, EXPERIMENT, house.clock.now())
        return {
            "events": events[0]["n"],
            "customers": await customers.count(tx),
            "openings": {
                "started": openings.started,
                "submitted": openings.submitted,
                "opened": openings.opened,
                "stuck_now": openings.stuck_now,
                "rescued": enquiries.rescued,
            },
            "enquiries": {
                "asked": enquiries.asked,
                "answered_by_bot": enquiries.answered_by_bot,
                "claimed": enquiries.claimed,
                "double_claimed": enquiries.double_claimed,
                "lost": enquiries.lost,
            },
            "decisions": await decide.decisions_made(tx),
            "deliveries": await reach.deliveries_made(tx),
            "credits": {"branches": credits.branches, "entries": credits.entries, "accounts": credits.accounts},
            "experiment": measure.experiment_json(result),
        }
