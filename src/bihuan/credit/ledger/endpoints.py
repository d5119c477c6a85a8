"""The ledger over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from bihuan.credit.disputes import repository as disputes
from bihuan.credit.disputes import showing as dispute_showing
from bihuan.credit.ledger import reading, repository, showing
from bihuan.credit.ledger.schemas import (
    EntryDetailOut,
    EntryDisputeOut,
    EntryKind,
    EntryOut,
    Side,
    SummaryOut,
    TallyOut,
)
from bihuan.kit.errors import NotFound
from bihuan.kit.http import Cursor, Limit, Page, RequestTx, cursor_of, moment_of
from bihuan.people.facade import CreditReader

router = APIRouter(tags=["credit"])

Since = Annotated[AwareDatetime | None, Query(alias="from", description="from this time on")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="before this time")]


@router.get("/credits")
async def list_credits(
    staff: CreditReader,
    tx: RequestTx,
    branch: Annotated[UUID | None, Query(description="entries in which this branch won or lost, by `side`")] = None,
    side: Side = "all",
    advisor: Annotated[UUID | None, Query(description="entries this person won or lost")] = None,
    customer: UUID | None = None,
    opening: Annotated[str | None, Query(max_length=200)] = None,
    kind: EntryKind | None = None,
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[EntryOut]:
    """Entries in which a branch of the data scope won or lost, newest first, with their rule and what lost."""
    found = await reading.entries(
        tx,
        staff,
        branch=branch,
        side=side,
        advisor=advisor,
        customer=customer,
        opening=opening,
        kind=kind,
        since=since,
        until=until,
        before=moment_of(cursor),
        limit=limit + 1,
    )
    rows = await showing.shown(tx, found[:limit])
    following = cursor_of(rows[-1].written_at.isoformat(), rows[-1].id) if len(found) > limit else None
    return Page(items=rows, next=following)


@router.get("/credits/summary")
async def summarise_credits(
    staff: CreditReader,
    tx: RequestTx,
    by: Literal["branch", "advisor"] = "branch",
    since: Since = None,
    until: Until = None,
) -> SummaryOut:
    """Accounts, assists and disputes per branch or advisor of the data scope, most accounts first."""
    by_staff = by == "advisor"
    tallies = await reading.tallies(tx, staff, by_staff=by_staff, since=since, until=until)
    fates = await dispute_showing.fates(tx, staff, by_staff=by_staff, since=since, until=until)
    names = await showing.Names.read(tx, sorted(tally.staff_id for tally in tallies if tally.staff_id))
    items = []
    for tally in tallies:
        fate = fates.get((tally.branch_id, tally.staff_id))
        items.append(
            TallyOut(
                **vars(tally),
                **names.of(tally.branch_id, tally.staff_id),
                disputes_open=fate.open if fate else 0,
                disputes_won=fate.won if fate else 0,
                disputes_lost=fate.lost if fate else 0,
            )
        )
    return SummaryOut(
        items=items,
        accounts=sum((tally.accounts for tally in tallies), start=repository.NONE),
        assists=sum((tally.assists for tally in tallies), start=repository.NONE),
        since=since,
        until=until,
    )


@router.get("/credits/{entry_id}")
async def read_credit(entry_id: UUID, staff: CreditReader, tx: RequestTx) -> EntryDetailOut:
    """One entry with its claims, all lines about the same application in their order, and its disputes."""
    entry = await reading.seen_entry(tx, staff, entry_id)
    if entry is None:
        raise NotFound("credit-entry", "There is no such entry within your data scope.")
    (row,) = await showing.shown(tx, [entry])
    history = await showing.shown(tx, await repository.of_opening(tx, entry.opening_id))
    about = [
        EntryDisputeOut.model_validate({name: getattr(dispute, name) for name in EntryDisputeOut.model_fields})
        for dispute in await disputes.of_entry(tx, entry.corrects or entry.id)
    ]
    return EntryDetailOut(**row.model_dump(), history=history, disputes=about)
