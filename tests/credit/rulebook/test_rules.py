"""A rule book that may be used leaves no account without an owner."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis.strategies import builds, lists, none, one_of, sampled_from, timedeltas

from bihuan.credit.ledger.rules import CLAIM_KINDS, Account, Claim, Rule, award
from bihuan.credit.rulebook.rules import faults, key_of

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
rules = builds(
    lambda kind, before, window, takes: Rule(key_of(kind), kind, before, window, takes),
    sampled_from(CLAIM_KINDS),
    sampled_from(["started", "submitted", "opened"]),
    one_of(none(), timedeltas(timedelta(days=1), timedelta(days=100))),
    sampled_from(["first", "last"]),
)


@given(book=lists(rules, max_size=6))
def test_with_the_nearest_branch_known_a_faultless_book_always_awards(book: list[Rule]) -> None:
    kinds = [rule.claim_kind for rule in book]
    last = book[-1] if book else None
    ends_well = last is not None and (last.claim_kind, last.window, last.before) == ("nearest_branch", None, "opened")
    whole = ends_well and len(set(kinds)) == len(kinds)
    assert (faults(book) == []) == whole
    if whole:
        claim = Claim(UUID(int=1), "nearest_branch", "o1", UUID(int=2), None, NOW)
        assert award([claim], book, Account(NOW)) is not None
