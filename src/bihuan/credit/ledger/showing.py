"""Entries as people see them: with names, holders and the claims that lost; on lists and live."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.credit.ledger import repository
from bihuan.credit.ledger.repository import Entry
from bihuan.credit.ledger.schemas import EntryOut, HolderOut, LostClaimOut
from bihuan.credit.rulebook import repository as rulebook
from bihuan.customers import facade as customers
from bihuan.kit import live
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.people.facade import Branch, Staff


class Names:
    """Names of branches and staff, read once per page."""

    def __init__(self, branches: dict[UUID, Branch], staff: dict[UUID, Staff]) -> None:
        self._branches = branches
        self._staff = staff

    @classmethod
    async def read(cls, tx: Tx, staff_ids: Sequence[UUID]) -> "Names":
        """The names of all branches and of these people."""
        branches = {branch.id: branch for branch in await people.branches(tx)}
        return cls(branches, await people.staff_by_ids(tx, staff_ids) if staff_ids else {})

    def of(self, branch_id: UUID, staff_id: UUID | None) -> dict[str, str | None]:
        """The name columns of a row about a branch and, where known, a person."""
        branch = self._branches.get(branch_id)
        who = self._staff.get(staff_id) if staff_id else None
        return {
            "branch_name": branch.name if branch else "",
            "branch_name_en": branch.name_en if branch else "",
            "staff_name": who.name if who else None,
        }


async def shown(tx: Tx, entries: Sequence[Entry]) -> list[EntryOut]:
    """Entries with their holders, lost claims and names."""
    if not entries:
        return []
    keys = [entry.id for entry in entries]
    holders, lost = await repository.holders(tx, keys), await repository.lost(tx, keys)
    reversed_ones = await repository.reversed_among(tx, keys)
    who = {h.staff_id for found in holders.values() for h in found} | {c.staff_id for f in lost.values() for c in f}
    names = await Names.read(tx, sorted(staff_id for staff_id in who if staff_id))
    labels = await customers.labels(tx, sorted({e.customer_id for e in entries if e.customer_id}))
    windows = {book.edition.version: book.edition.dispute_days for book in await rulebook.editions(tx)}
    return [
        EntryOut(
            **vars(entry),
            customer_name=labels[entry.customer_id].name_masked if entry.customer_id in labels else "",
            reversed=entry.id in reversed_ones,
            may_dispute_until=_until(entry, entry.id in reversed_ones, windows[entry.rule_version]),
            holders=[HolderOut(**vars(h), **names.of(h.branch_id, h.staff_id)) for h in holders[entry.id]],
            lost=[
                LostClaimOut(
                    **{name: value for name, value in vars(claim).items() if name != "entry_id"},
                    **names.of(claim.branch_id, claim.staff_id),
                )
                for claim in lost[entry.id]
            ],
        )
        for entry in entries
    ]


def _until(entry: Entry, is_reversed: bool, days: int) -> datetime | None:
    if entry.kind != "acquisition" or is_reversed:
        return None
    return entry.written_at + timedelta(days=days)


async def show(tx: Tx, entry: Entry) -> None:
    """Change the entry's row on the live lists of every branch that won or lost, and of the whole firm."""
    (row,) = await shown(tx, [entry])
    told = row.model_dump(mode="json")
    parties = {holder.branch_id for holder in row.holders} | {claim.branch_id for claim in row.lost}
    for topic in ("all", *sorted(map(str, parties))):
        await live.change(tx, f"credits:{topic}", entry.id, told)
