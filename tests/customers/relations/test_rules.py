"""What a credited account does to relations: all holders or none, at the account's time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bihuan.customers.relations.rules import Credited, Holding, Move, moves_of, serving

AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
WHO = UUID(int=7)

holdings = st.lists(
    st.builds(Holding, st.uuids(), st.none() | st.uuids(), st.decimals("0.00001", "1", places=5)), min_size=1
)
rules = st.sampled_from(["staff-code", "relation", "enquiry", "branch-chosen", "nearest-branch", "dispute"])


@given(holdings, rules, st.none() | st.uuids(), st.booleans())
def test_each_holder_gets_his_share_from_the_accounts_time_or_nothing_changes(
    held: list[Holding], rule: str, corrects: UUID | None, has_service: bool
) -> None:
    moves = moves_of(Credited(WHO, held, rule, corrects, AT), has_service)
    if rule == "relation" and corrects is None:
        assert moves == []
        return
    acquired = [(m.branch_id, m.staff_id, m.share) for m in moves if m.kind == "acquisition"]
    assert acquired == [(h.branch_id, h.staff_id, h.share) for h in held]
    assert [m for m in moves if m.kind == "service"] == [] or not has_service
    assert {(m.customer_id, m.at) for m in moves} == {(WHO, AT)}


@given(st.permutations([("0.6", 1), ("0.3", 2), ("0.1", 3)]))
def test_the_largest_service_share_serves(parts: list[tuple[str, int]]) -> None:
    moves = [Move(WHO, "service", UUID(int=n), None, "x", AT, Decimal(share)) for share, n in parts]
    assert serving([*moves, Move(WHO, "acquisition", UUID(int=9), None, "x", AT + timedelta(days=1))]) == {
        WHO: UUID(int=1)
    }
