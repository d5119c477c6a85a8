"""No answer and no plain phone, name or paper leaves, whatever a source calls it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bihuan.customers.privacy.rules import WORTH_SAYING, masked, readable, worth_saying

PHONE, PAPERS, NAME = "15400001234", "11010119900307123X", "王小明"
SPACED = "154-0000 1234"
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES
    | st.sampled_from([PHONE, PAPERS, int(PHONE), f"打 {PHONE} 给我", f"证件{PAPERS}。"])
    | st.sampled_from([f"+86{PHONE}", f"86{PHONE}", int(f"86{PHONE}"), f"0086 {PHONE}", f"+86-{SPACED}", SPACED]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(["properties", "traits", "context", "x"]), VALUES)


@given(BODIES)
def test_no_number_of_a_person_is_left_anywhere(body: dict[str, Any]) -> None:
    told = json.dumps(readable("Page Viewed", body), ensure_ascii=False)
    assert PHONE not in told
    assert SPACED not in told
    assert PAPERS not in told


@given(
    st.sampled_from(["phone", "Mobile", "name", "realName", "id_number", "IDCard", "bank-card"]), st.text(min_size=4)
)
def test_what_stands_under_a_person_s_key_is_masked(key: str, value: str) -> None:
    assert masked({"traits": {key: f"机密{value}"}})["traits"][key] != f"机密{value}"


@given(BODIES, st.sampled_from(["opening:risk:assessed", "opening:callback:done", "risk:assessed"]))
def test_of_an_event_that_may_carry_answers_only_the_envelope_is_read(body: dict[str, Any], name: str) -> None:
    envelope = {"type": "track", "event": name, "messageId": "m1"}
    assert readable(name, {**body, **envelope, "q1": "A"}) == envelope
    assert worth_saying(name, {"q1": "A", "level": "C1", "reason": "A", "step": "risk"}) == {}


@given(st.dictionaries(st.text(max_size=8) | st.sampled_from(sorted(WORTH_SAYING)), VALUES))
def test_a_timeline_says_only_what_is_listed(told: dict[str, Any]) -> None:
    shown = worth_saying("opening:id:rejected", told)
    assert set(shown) <= WORTH_SAYING & set(told)
    assert not any(isinstance(value, dict | list) for value in shown.values())


def test_what_names_no_person_is_left_as_it_is() -> None:
    body = {
        "type": "page",
        "name": "Home",
        "messageId": "0190a1b2-13812345678a",
        "properties": {"path": "/fees", "amount": 1200.5, "at": 1767225600000},
        "context": {"library": {"name": "analytics.js", "version": "3"}, "traits": {"name": NAME}},
    }
    context = {"library": {"name": "analytics.js", "version": "3"}, "traits": {"name": "王**"}}
    assert readable("Page Viewed", body) == {**body, "context": context}
