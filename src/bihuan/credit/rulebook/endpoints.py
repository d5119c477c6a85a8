"""The rule book over HTTP."""

from fastapi import APIRouter

from bihuan.credit.rulebook import repository, service
from bihuan.credit.rulebook.repository import Rulebook
from bihuan.credit.rulebook.schemas import RulebookIn, RulebookOut, RulebooksOut
from bihuan.kit.http import Now, RequestTx
from bihuan.people.facade import CreditReader, CreditRuleEditor

router = APIRouter(tags=["credit"])


@router.get("/credit-rules")
async def list_credit_rules(staff: CreditReader, tx: RequestTx) -> RulebooksOut:
    """All versions of the rules by which accounts find their owners; entries name theirs."""
    return RulebooksOut(items=[RulebookOut.of(book) for book in await repository.editions(tx)])


@router.put("/credit-rules", status_code=202)
async def propose_credit_rules(staff: CreditRuleEditor, tx: RequestTx, now: Now, given: RulebookIn) -> RulebookOut:
    """Propose a new version. It takes effect when a second person approves it; what was credited stays."""
    rules = tuple(rule.rule() for rule in given.rules)
    edition = await service.propose(
        tx,
        staff,
        rules,
        assist_weight=given.assist_weight,
        dispute_days=given.dispute_days,
        decide_days=given.decide_days,
        now=now,
    )
    found = {book.edition.version: book for book in await repository.editions(tx)}
    return RulebookOut.of(found.get(edition.version, Rulebook(edition, rules)))
