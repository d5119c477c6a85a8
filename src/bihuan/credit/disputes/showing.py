"""Disputes as people see them, on lists and live."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.credit.disputes import repository
from bihuan.credit.disputes.repository import Dispute, Fates
from bihuan.credit.disputes.rules import bar_to_judge
from bihuan.credit.disputes.schemas import DisputeOut
from bihuan.credit.ledger import repository as ledger
from bihuan.credit.ledger.reading import branch_of
from bihuan.credit.ledger.showing import Names
from bihuan.credit.ledger.showing import shown as shown_entries
from bihuan.kit import live, postgres
from bihuan.kit.postgres import Tx
from bihuan.people.facade import Permission, Staff, scope_sql

_LIVE_ROWS = 200


async def page(
    tx: Tx,
    staff: Staff,
    *,
    state: str | None = None,
    branch: UUID | None = None,
    dispute_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[Dispute]:
    """A page of disputes in which a branch of the data scope is a party, newest first."""
    own, params = scope_sql("d.branch_id", staff)
    share, _ = scope_sql("s.branch_id", staff)
    before_at, before_id = before or (None, None)
    return await postgres.read(
        tx,
        Dispute,
        repository.listing(own, share),
        state=state,
        branch=branch,
        id=dispute_id,
        before_at=before_at,
        before_id=before_id,
        limit=limit,
        **params,
    )


async def seen(tx: Tx, staff: Staff, dispute_id: UUID) -> Dispute | None:
    """One dispute, if it is within the data scope."""
    found = await page(tx, staff, dispute_id=dispute_id, limit=1)
    return found[0] if found else None


async def fates(
    tx: Tx, staff: Staff, *, by_staff: bool, since: datetime | None, until: datetime | None
) -> dict[tuple[UUID, UUID | None], Fates]:
    """How the disputes of each branch, or person, of the data scope went."""
    scope, params = scope_sql("d.branch_id", staff)
    found = await postgres.read(tx, Fates, repository.fates(scope, by_staff), since=since, until=until, **params)
    return {(one.branch_id, one.staff_id): one for one in found}


async def shown(tx: Tx, disputes: Sequence[Dispute], reader: Staff | None) -> list[DisputeOut]:
    """Disputes with names and the entry each is about; `reader` None shows what anybody in scope may see."""
    if not disputes:
        return []
    names = await Names.read(tx, sorted({d.staff_id for d in disputes} | {d.judge_id for d in disputes if d.judge_id}))
    found = [await ledger.one(tx, entry_id) for entry_id in sorted({d.entry_id for d in disputes})]
    entries = {entry.id: entry for entry in await shown_entries(tx, [entry for entry in found if entry])}
    out = []
    for dispute in disputes:
        entry = entries[dispute.entry_id]
        parties = {dispute.branch_id, *(holder.branch_id for holder in entry.holders)}
        columns = {name: value for name, value in vars(dispute).items() if name != "customer_id"}
        out.append(
            DisputeOut(
                **columns,
                **names.of(dispute.branch_id, dispute.staff_id),
                judge_name=names.of(dispute.branch_id, dispute.judge_id)["staff_name"],
                may_decide=dispute.state == "open" and _may_judge(reader, parties),
                entry=entry,
            )
        )
    return out


def _may_judge(reader: Staff | None, parties: set[UUID]) -> bool:
    if reader is None or not reader.may(Permission.CREDIT_JUDGE):
        return False
    return bar_to_judge(reader.branch_id, reader.branch_ids, parties) is None


async def show(tx: Tx, dispute: Dispute) -> None:
    """Change the dispute's row on the live lists of both branches and of the whole firm."""
    (row,) = await shown(tx, [dispute], None)
    told = row.model_dump(mode="json", exclude={"may_decide"})
    parties = {row.branch_id, *(holder.branch_id for holder in row.entry.holders)}
    for topic in ("all", *sorted(map(str, parties))):
        await live.change(tx, f"disputes:{topic}", dispute.id, told)


async def snapshot(tx: Tx, principal: Staff, argument: str) -> Mapping[str, dict[str, Any]]:
    """The latest disputes in which a branch is a party, or of all branches."""
    found = await page(tx, principal, branch=branch_of(argument), limit=_LIVE_ROWS)
    return {str(row.id): row.model_dump(mode="json", exclude={"may_decide"}) for row in await shown(tx, found, None)}
