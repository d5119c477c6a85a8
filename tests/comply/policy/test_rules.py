"""Policy: rows that spell one value."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import bihuan.comply.policy
from bihuan.comply.policy.rules import SHAPES, fault_of, policy_of

SEED = yaml.safe_load((Path(bihuan.comply.policy.__file__).parent / "policy.yaml").read_text("utf-8"))
VALUES = {row["key"]: row["value"] for row in SEED}


def test_the_seed_spells_a_policy_and_every_row_has_a_source() -> None:
    assert set(VALUES) == set(SHAPES)
    assert all(row["source"] for row in SEED)
    policy = policy_of(VALUES)
    assert (policy.quiet_start.hour, policy.quiet_end.hour) == (21, 8)
    assert policy.caps["marketing"].per_day == 1


json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=5,
)


@given(st.sampled_from(sorted(SHAPES)), json)
def test_what_is_accepted_spells_a_policy(key: str, value: Any) -> None:
    if fault_of(key, value) is None:
        policy_of({**VALUES, key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("quiet.start", "25:00"),
        ("quiet.start", "9pm"),
        ("quiet.channels", ["fax"]),
        ("cap.day.marketing", -1),
        ("risk.valid_for_days", 0),
        ("nothing", 1),
        ("consent.personalisation", "yes"),
    ],
)
def test_nonsense_is_refused(key: str, value: Any) -> None:
    assert fault_of(key, value)
