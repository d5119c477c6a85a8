"""The suitability gate over its whole matrix."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product as combinations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.comply.suitability.rules import (
    CARE,
    GOALS,
    KINDS,
    NO,
    PERMISSIONS,
    REASONS,
    TERMS,
    Investor,
    Product,
    level_of,
    lowest_of,
    match,
    term_of_days,
)

TODAY = date(2026, 3, 10)
VALID = TODAY + timedelta(days=100)

# One who fits everything his level allows.
FIT = Investor(
    level=3,
    source="assessed",
    valid_until=VALID,
    term="long",
    kinds=frozenset(KINDS),
    goals=frozenset(GOALS),
    birth_year=1980,
)

maybe = st.one_of


def subsets(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values))


investors = st.builds(
    Investor,
    level=st.one_of(st.none(), st.integers(1, 5)),
    lowest_category=st.booleans(),
    source=st.sampled_from(["assessed", "predicted", "none"]),
    valid_until=st.one_of(st.none(), st.dates(TODAY - timedelta(days=5), TODAY + timedelta(days=5))),
    term=st.one_of(st.none(), st.sampled_from(TERMS)),
    kinds=subsets(KINDS),
    goals=subsets(GOALS),
    investor_class=st.sampled_from(["ordinary", "professional"]),
    protected=st.booleans(),
    qualified=st.booleans(),
    permissions=subsets(PERMISSIONS),
    birth_year=st.one_of(st.none(), st.integers(1930, 2015)),
)
products = st.builds(
    Product,
    risk=st.one_of(st.none(), st.integers(1, 5)),
    term=st.one_of(st.none(), st.sampled_from(TERMS)),
    kind=st.one_of(st.none(), st.sampled_from(KINDS)),
    goal=st.one_of(st.none(), st.sampled_from(GOALS)),
    permission=st.one_of(st.none(), st.sampled_from(PERMISSIONS)),
    qualified_only=st.booleans(),
    professional_only=st.booleans(),
    max_age=st.one_of(st.none(), st.integers(50, 90)),
)
fitting = st.builds(
    Product,
    risk=st.integers(1, 5),
    term=st.sampled_from(TERMS),
    kind=st.sampled_from(KINDS),
    goal=st.sampled_from(GOALS),
)


def gated(investor: Investor) -> bool:
    return investor.investor_class != "professional" or investor.protected


def test_level_against_rating() -> None:
    for level, risk, lowest in combinations(range(1, 6), range(1, 6), (False, True)):
        investor = replace(FIT, level=level, lowest_category=lowest)
        verdict = match(investor, Product(risk, "short", "mixed", "income"), TODAY)
        assert verdict.proactive_allowed == (risk <= (1 if lowest else level)), (level, risk, lowest)
        assert verdict.allowed == (not lowest or risk == 1), (level, risk, lowest)
        assert ("above-level" in {reason.code for reason in verdict.warnings}) == (risk > level)


@given(investors, products)
def test_what_may_be_offered_may_be_had_and_every_no_has_a_reason(investor: Investor, product: Product) -> None:
    verdict = match(investor, product, TODAY)
    assert verdict.allowed or not verdict.proactive_allowed
    assert verdict.allowed == (not verdict.refusals)
    heavy = [reason for reason in verdict.warnings if reason.code not in CARE]
    assert verdict.proactive_allowed == (not verdict.refusals and not heavy)
    assert set(verdict.reasons) <= set(REASONS.values())


@given(investors, products)
def test_the_lowest_category_never_gets_more_than_r1(investor: Investor, product: Product) -> None:
    lowest = replace(investor, level=1, lowest_category=True, investor_class="ordinary")
    if product.risk != 1:
        assert not match(lowest, product, TODAY).allowed


@given(investors, products)
def test_without_a_valid_assessment_nothing_is_offered(investor: Investor, product: Product) -> None:
    ordinary = replace(investor, investor_class="ordinary")
    for unknown in (
        replace(ordinary, level=None),
        replace(ordinary, source="predicted"),
        replace(ordinary, source="none"),
        replace(ordinary, source="assessed", valid_until=TODAY - timedelta(days=1)),
        replace(ordinary, source="assessed", valid_until=None),
    ):
        verdict = match(unknown, product, TODAY)
        assert not verdict.proactive_allowed
        assert not verdict.allowed


@given(investors, products)
def test_nothing_above_the_level_is_ever_offered(investor: Investor, product: Product) -> None:
    if match(investor, product, TODAY).proactive_allowed and gated(investor):
        assert product.risk is not None
        assert investor.level is not None
        assert product.risk <= investor.level


@given(investors, products, st.sampled_from(["risk", "term", "kind", "goal"]))
def test_what_is_not_known_of_the_product_counts_against_it(investor: Investor, product: Product, field: str) -> None:
    verdict = match(investor, replace(product, **{field: None}), TODAY)
    if field == "risk":
        assert not verdict.allowed
    elif gated(investor):
        assert not verdict.proactive_allowed


@given(investors, products, st.sampled_from(["term", "kinds", "goals"]))
def test_what_is_not_known_of_the_customer_counts_against_it(investor: Investor, product: Product, field: str) -> None:
    unknown = replace(investor, **{field: None if field == "term" else frozenset()})
    if gated(unknown):
        assert not match(unknown, product, TODAY).proactive_allowed


@given(investors, products)
def test_a_riskier_product_is_never_easier_to_have(investor: Investor, product: Product) -> None:
    for risk in range(1, 5):
        safer = match(investor, replace(product, risk=risk), TODAY)
        riskier = match(investor, replace(product, risk=risk + 1), TODAY)
        assert safer.allowed >= riskier.allowed
        assert safer.proactive_allowed >= riskier.proactive_allowed


@given(investors, products)
def test_a_longer_term_is_never_easier_to_have(investor: Investor, product: Product) -> None:
    verdicts = [match(investor, replace(product, term=term), TODAY).proactive_allowed for term in TERMS]
    assert verdicts == sorted(verdicts, reverse=True)


@given(fitting)
def test_kind_and_goal_must_be_among_those_he_named(product: Product) -> None:
    investor = replace(FIT, level=5)
    assert match(investor, product, TODAY).proactive_allowed
    assert not match(replace(investor, kinds=investor.kinds - {product.kind}), product, TODAY).proactive_allowed
    assert not match(replace(investor, goals=investor.goals - {product.goal}), product, TODAY).proactive_allowed


@given(investors, products)
def test_protection_is_never_less_than_none(investor: Investor, product: Product) -> None:
    professional = replace(investor, investor_class="professional", protected=False)
    shielded = replace(professional, protected=True)
    assert match(professional, product, TODAY).allowed >= match(shielded, product, TODAY).allowed
    assert match(professional, product, TODAY).proactive_allowed >= match(shielded, product, TODAY).proactive_allowed


@given(investors, products)
def test_permission_and_class_bind_everybody(investor: Investor, product: Product) -> None:
    verdict = match(investor, product, TODAY)
    if verdict.allowed:
        assert product.permission is None or product.permission in investor.permissions
        assert investor.qualified or not product.qualified_only
        assert investor.investor_class == "professional" or not product.professional_only
        assert investor.birth_year is None or TODAY.year - investor.birth_year > product.min_age


def test_a_professional_is_not_gated_by_level() -> None:
    professional = Investor(investor_class="professional")
    assert match(professional, Product(5, None, None, None), TODAY).proactive_allowed


def test_age() -> None:
    child = replace(FIT, birth_year=2010)
    elder = replace(FIT, birth_year=1950)
    product = Product(1, "short", "mixed", "income", max_age=70)
    assert not match(child, product, TODAY).allowed
    verdict = match(elder, product, TODAY)
    assert (verdict.allowed, verdict.proactive_allowed) == (True, False)
    assert not match(replace(FIT, birth_year=None), product, TODAY).proactive_allowed
    assert not match(replace(FIT, birth_year=None), replace(product, min_age=30), TODAY).allowed


def test_high_risk_asks_for_care_and_does_not_forbid() -> None:
    verdict = match(replace(FIT, level=5), Product(5, "short", "equity", "growth"), TODAY)
    assert verdict.proactive_allowed
    assert [reason.code for reason in verdict.warnings] == ["high-risk"]
    stricter = match(replace(FIT, level=5), Product(4, "short", "equity", "growth"), TODAY, high_risk_from=4)
    assert [reason.code for reason in stricter.warnings] == ["high-risk"]


def test_the_last_day_still_counts() -> None:
    product = Product(1, "short", "mixed", "income")
    assert match(replace(FIT, valid_until=TODAY), product, TODAY).proactive_allowed
    assert not match(replace(FIT, valid_until=TODAY), product, TODAY + timedelta(days=1)).allowed


@given(st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400)))
def test_states_of_an_assessment(until: date) -> None:
    state = replace(FIT, valid_until=until).state(TODAY)
    assert (state == "expired") == (until < TODAY)
    assert (state == "valid") == (until > TODAY + timedelta(days=30))
    assert replace(FIT, source="predicted").state(TODAY) == "none"


@given(st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=3), st.integers()))
def test_a_level_is_one_of_five_or_none(given_level: object) -> None:
    assert level_of(given_level) in (None, 1, 2, 3, 4, 5)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_days_are_no_shorter_term(one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert TERMS.index(term_of_days(short)) <= TERMS.index(term_of_days(long))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(anything)
def test_what_is_no_plain_no_is_the_lowest_category(said: object) -> None:
    plain_no = said is None or said == 0 or (isinstance(said, str) and said.strip().casefold() in NO)
    assert lowest_of(said) is not plain_no


@given(
    st.sampled_from([True, "true", "TRUE", " True ", "yes", "y", "1", 1, 1.0, "是", "", "null", "maybe", [], {}, b"no"])
)
def test_every_way_to_say_yes_and_everything_unreadable_counts(said: object) -> None:
    assert lowest_of(said)
