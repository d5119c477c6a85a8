"""Without a gateway a message lies in the app, for its customer alone."""

from datetime import UTC, datetime, timedelta

from bihuan.kit import live
from bihuan.people import facade as people


def headers_of(firm, user_id: str) -> dict[str, str]:
    token = people.issue_customer_token(firm.cipher, user_id, None, datetime.now(UTC), timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


async def test_the_customer_finds_and_reads_it_and_nobody_else_does(firm, publish, stall, browse, customer_id) -> None:
    await publish(stall())
    client = await browse()
    own, other = headers_of(firm, "u1"), headers_of(firm, "u2")
    assert (await client.get("/api/v1/inbox")).status_code == 401
    assert (await client.get("/api/v1/inbox", headers=other)).json()["items"] == []
    (message,) = (await client.get("/api/v1/inbox", headers=own)).json()["items"]
    assert message["link"] == "/open/o1/id"
    assert message["read_at"] is None
    path = f"/api/v1/inbox/{message['id']}/read"
    assert (await client.post(path, headers=other)).status_code == 404
    read = (await client.post(path, headers=own)).json()
    firm.clock.advance(timedelta(hours=1))
    assert (await client.post(path, headers=own)).json()["read_at"] == read["read_at"]
    async with firm.postgres.transaction() as tx:
        changes = await live.since(tx, f"inbox:{customer_id}", 0)
    assert [change.row["read_at"] is None for change in changes if change.row][:2] == [True, False]
