"""However claims lie, one account has one owner, found the same way every time, and never a witness."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis.strategies import (
    DrawFn,
    builds,
    composite,
    decimals,
    integers,
    lists,
    none,
    one_of,
    permutations,
    sampled_from,
)

from bihuan.credit.ledger.rules import (
    CLAIM_KINDS,
    Account,
    Claim,
    Rule,
    assisted,
    award,
    taken_back,
    why_late,
)

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
hours = integers(-500, 100).map(lambda n: NOW + timedelta(hours=n))
claims = builds(
    Claim,
    id=integers(1, 10**6).map(lambda n: UUID(int=n)),
    kind=sampled_from([*CLAIM_KINDS, "from a later version"]),
    evidence=sampled_from(["e"]),
    branch_id=integers(1, 4).map(lambda n: UUID(int=n)),
    staff_id=one_of(none(), integers(10, 15).map(lambda n: UUID(int=n))),
    at=hours,
    share=decimals("0.0001", "1", places=4),
    barred=sampled_from(["", "", "", "witness", "rescue", "void"]),
)
sets_of_claims = lists(claims, max_size=12, unique_by=lambda claim: claim.id)
accounts = builds(Account, opened_at=hours, started_at=one_of(none(), hours), submitted_at=one_of(none(), hours))


@composite
def rulebooks(draw: DrawFn) -> list[Rule]:
    kinds = draw(permutations(CLAIM_KINDS))[: draw(integers(1, len(CLAIM_KINDS)))]
    return [
        Rule(
            kind,
            kind,
            draw(sampled_from(["started", "submitted", "opened"])),
            draw(one_of(none(), integers(1, 30).map(lambda days: timedelta(days=days)))),
            draw(sampled_from(["first", "last"])),
        )
        for kind in kinds
    ]


@given(found=sets_of_claims, rules=rulebooks(), account=accounts)
def test_shares_sum_to_one_and_every_claim_is_told_of(found: list[Claim], rules: list[Rule], account: Account) -> None:
    result = award(found, rules, account)
    if result is None:
        return
    assert sum(holder.share for holder in result.holders) == Decimal(1)
    assert all(holder.share > 0 for holder in result.holders)
    assert sorted(c.id for c in [*result.won, *(lost.claim for lost in result.lost)]) == sorted(c.id for c in found)
    assert all(lost.why for lost in result.lost)


@given(found=sets_of_claims, rules=rulebooks(), account=accounts, order=permutations(range(12)))
@settings(max_examples=200)
def test_the_order_of_claims_does_not_matter(
    found: list[Claim], rules: list[Rule], account: Account, order: list[int]
) -> None:
    shuffled = [found[n] for n in order if n < len(found)]
    assert award(found, rules, account) == award(shuffled, rules, account)


@given(found=sets_of_claims, rules=rulebooks(), account=accounts)
def test_what_is_barred_never_wins(found: list[Claim], rules: list[Rule], account: Account) -> None:
    result = award(found, rules, account)
    allowed = {(c.branch_id, c.staff_id) for c in found if not c.barred}
    if result is not None:
        assert not any(claim.barred for claim in result.won)
        assert {(h.branch_id, h.staff_id) for h in result.holders} <= allowed
        barred = {lost.claim.id: lost.why for lost in result.lost if lost.claim.barred}
        known = {rule.claim_kind for rule in rules}
        assert all(barred[c.id] == c.barred for c in found if c.barred and c.kind in known)


@given(found=sets_of_claims, rules=rulebooks(), account=accounts)
def test_an_earlier_rule_is_never_passed_over(found: list[Claim], rules: list[Rule], account: Account) -> None:
    result = award(found, rules, account)
    decided = next((n for n, rule in enumerate(rules) if result and rule.key == result.rule), len(rules))
    for rule in rules[:decided]:
        assert award(found, [rule], account) is None


@given(found=sets_of_claims, rules=rulebooks(), account=accounts, extra=claims)
def test_a_claim_of_a_later_rule_changes_nothing(
    found: list[Claim], rules: list[Rule], account: Account, extra: Claim
) -> None:
    result = award(found, rules, account)
    if result is None or extra.id in {claim.id for claim in found}:
        return
    later = [rule.claim_kind for rule in rules][[rule.key for rule in rules].index(result.rule) + 1 :]
    if extra.kind in later:
        assert award([*found, extra], rules, account).holders == result.holders  # type: ignore[union-attr]


@given(found=sets_of_claims, rules=rulebooks(), account=accounts)
def test_a_claim_outside_its_time_never_wins(found: list[Claim], rules: list[Rule], account: Account) -> None:
    result = award(found, rules, account)
    if result is None:
        return
    rule = next(rule for rule in rules if rule.key == result.rule)
    for claim in result.won:
        assert claim.at <= account.moment(rule.before)
        assert rule.window is None or claim.at >= account.moment(rule.before) - rule.window


@given(claim=claims, rules=rulebooks(), account=accounts)
def test_a_late_claim_is_late_exactly_where_it_would_have_counted(
    claim: Claim, rules: list[Rule], account: Account
) -> None:
    alone = award([claim], rules, account)
    assert (why_late(claim, rules, account) == "late") == (alone is not None)


@given(found=sets_of_claims, rules=rulebooks(), account=accounts)
def test_a_reversal_takes_back_all_of_it(found: list[Claim], rules: list[Rule], account: Account) -> None:
    result = award(found, rules, account)
    if result is not None:
        both = [*result.holders, *taken_back(result.holders)]
        assert sum(holder.share for holder in both) == 0


@given(stuck=hours, contacted=one_of(none(), hours), following=one_of(none(), hours))
def test_an_assist_needs_contact_between_the_clock_and_the_next_step(
    stuck: datetime, contacted: datetime | None, following: datetime | None
) -> None:
    earned = assisted(stuck, contacted, following)
    if contacted is None or following is None or contacted <= stuck or contacted >= following:
        assert not earned
    else:
        assert earned
