"""The rule book on the wire."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.credit.ledger.rules import Rule
from bihuan.credit.rulebook.repository import Rulebook
from bihuan.credit.rulebook.rules import key_of

ClaimKind = Literal["staff_code", "relation", "enquiry", "branch_chosen", "nearest_branch"]
Days = Annotated[int, Field(ge=1, le=3650)]


class RuleIn(BaseModel):
    """One rule: claims of this kind count when they precede `before` by at most `window_days` (null: no limit)."""

    claim_kind: ClaimKind
    before: Literal["started", "submitted", "opened"] = "opened"
    window_days: Days | None = None
    takes: Literal["first", "last"] = "last"

    def rule(self) -> Rule:
        """As the ledger reads it."""
        window = None if self.window_days is None else timedelta(days=self.window_days)
        return Rule(key_of(self.claim_kind), self.claim_kind, self.before, window, self.takes)


class RulebookIn(BaseModel):
    """A whole rule book; the order of `rules` is the order in which they are asked. The last is nearest_branch."""

    rules: Annotated[list[RuleIn], Field(min_length=1, max_length=5)]
    assist_weight: Annotated[Decimal, Field(gt=0, le=1, max_digits=6, decimal_places=5)] = Decimal(1)
    dispute_days: Days = 30
    decide_days: Annotated[int, Field(ge=1, le=60)] = 5


class RuleOut(BaseModel):
    """One rule; `key` is how entries name it."""

    key: str
    claim_kind: str
    before: str
    window_days: int | None
    takes: str


class RulebookOut(BaseModel):
    """One version: submitted, active, retired or rejected. `author_id` null: supplied with the product."""

    version: int
    status: Literal["submitted", "active", "retired", "rejected"]
    rules: list[RuleOut]
    assist_weight: Decimal
    dispute_days: int
    decide_days: int
    author_id: UUID | None
    approval_id: UUID | None
    approver_id: UUID | None
    reason: str | None
    created_at: datetime
    active_from: datetime | None

    @classmethod
    def of(cls, book: Rulebook) -> Self:
        """A version as staff see it."""
        rules = [
            RuleOut(
                key=rule.key,
                claim_kind=rule.claim_kind,
                before=rule.before,
                window_days=None if rule.window is None else rule.window.days,
                takes=rule.takes,
            )
            for rule in book.rules
        ]
        return cls.model_validate({**vars(book.edition), "rules": rules})


class RulebooksOut(BaseModel):
    """All versions, the newest first; exactly one is active."""

    items: list[RulebookOut]
