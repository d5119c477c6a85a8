"""The firm's opening system sends step events; stalls are messaged by arm; accounts find their owners."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from bihuan.customers.facade import CustomerRow, import_customers
from bihuan.kit import ids, log, postgres
from bihuan.kit.postgres import Tx
from bihuan.understand import facade as understand

TRACK = """
INSERT INTO log (day, lane, kind, name, customer_id, user_id, message_id, source, trusted, occurred_at,
                 received_at, body)
SELECT day, %(lane)s, 'tracked', %(event)s, %(customer)s, %(user)s, %(message)s, 'opening system', %(trusted)s, %(at)s,
       %(at)s, %(body)s::jsonb
  FROM log_generation
"""


@pytest.fixture
def track(firm):
    """Step events of an application, as intake writes them."""

    async def told(tx: Tx, event: str, user: str, at: datetime, trusted: bool = True, **properties: Any) -> None:
        customer = ids.customer_of_user(user)
        body = {"type": "track", "event": event, "properties": {"opening_id": f"o-{user}", **properties}}
        await postgres.execute(
            tx,
            TRACK,
            lane=ids.lane_of(customer, await log.lane_count(tx)),
            event=event,
            customer=customer,
            user=user,
            message=str(ids.new_id()),
            trusted=trusted,
            at=at,
            body=msgspec.json.encode(body).decode(),
        )

    return told


async def test_a_morning_of_openings(firm, track, react, sweep, clock, rows, ledger, branches) -> None:
    users = [f"applicant-{n}" for n in range(24)]
    async with firm.postgres.transaction() as tx:
        await import_customers(tx, firm.cipher, [CustomerRow(user, name="客户") for user in users], clock.now())
        steps = [step for step in await understand.opening_steps(tx) if step.ordinal <= 140]
        for n, user in enumerate(users):
            code = {"staff_code": "SH01A"} if n % 3 == 0 else {}
            await track(tx, "opening:visit", user, clock.now(), city="杭州", **code)
            await track(tx, "opening:phone:verified", user, clock.now())
            await track(tx, "opening:visit", user, clock.now(), trusted=False, staff_code="GZ01A", city="广州")
    await react()
    clock.advance(timedelta(minutes=31))
    await sweep()
    await react()
    clock.advance(timedelta(minutes=6))
    await sweep()
    await react()
    states = {
        (row["arm"], row["state"]): row["n"]
        for row in await rows("SELECT arm, state, count(*)::int AS n FROM reach_moment GROUP BY 1, 2")
    }
    assert set(states) <= {("control", "held"), ("message", "messaged"), ("person", "messaged")}
    assert sum(states.values()) == len(users)
    assert len(states) == 3
    (sent,) = await rows("SELECT count(*)::int AS n FROM reach_delivery WHERE step = 'products'")
    assert sent["n"] == len(users) - states["control", "held"]
    async with firm.postgres.transaction() as tx:
        for user in users:
            for step in steps[1:]:
                chosen = {"branch_code": "GZ01"} if step.code == "products" and user.endswith("1") else {}
                await track(tx, step.done_by[0], user, clock.advance(timedelta(seconds=1)), **chosen)
    await react()
    found = Counter(line[:4] for line in await ledger())
    assert found["acquisition", "staff-code", "SH01", "sh01.advisor"] == 8
    assert found["acquisition", "branch-chosen", "GZ01", None] == 2  # 1 and 11; 21 came with a code
    assert found["acquisition", "nearest-branch", "HZ01", None] == 14
    assert sum(found.values()) == len(users)
