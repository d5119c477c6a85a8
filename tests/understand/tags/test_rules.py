"""The catalogue says what the domain names, and its parts fit together."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bihuan.understand.tags.definitions import FOLDER, catalogue
from bihuan.understand.tags.rules import Measure, aggregate, family_of, known_measures, leaving, slices, written

TODAY = date(2026, 3, 10)


def test_the_catalogue_has_the_78_tags_of_the_domain_and_the_habit_behind_orders() -> None:
    tags = list(catalogue().tags)
    assert sorted(tag.number for tag in tags) == list(range(1, 80))
    assert len({tag.code for tag in tags}) == len(tags)
    for tag in tags:
        assert all((tag.zh, tag.en, tag.means_zh, tag.means_en, tag.owner, tag.inputs)), tag.code
        assert set(tag.uses) <= {"serve", "market"}, tag.code


def test_every_parameter_and_every_measure_is_used() -> None:
    found = catalogue()
    for tag in found.tags:
        said = tag.sql + (tag.due or "")
        assert all(f":{name}" in said for name in tag.params), tag.code
    everything = " ".join(tag.sql + (tag.due or "") for tag in found.tags)
    unused = [one.name for one in found.measures if not re.search(rf"\b{one.name}\b", everything)]
    assert not unused


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sql": "assets > :limit"}, "limit"),
        ({"uses": ["price"]}, "prices"),
        ({"bands": {"of": "assets", "edges": ["a"]}, "sql": None}, "bands"),
        ({"kind": None}, "kind"),
    ],
)
def test_a_tag_that_contradicts_itself_is_refused(change: dict[str, Any], said: str) -> None:
    told = yaml.safe_load((FOLDER / "catalogue" / "c_assets.yaml").read_text("utf-8"))
    row = {**next(row for row in told["tags"] if row["code"] == "asset_band"), **change}
    told["defaults"] = {name: value for name, value in told["defaults"].items() if change.get(name, "") is not None}
    row = {name: value for name, value in row.items() if value is not None}
    with pytest.raises(ValueError, match=said):
        family_of({**told, "tags": [row]})


@given(st.integers(1, 64))
def test_slices_meet_and_leave_no_gap(count: int) -> None:
    found = slices(count)
    assert len(found) == count
    starts = [re.findall(r">= (\S+)", one) for one in found]
    ends = [re.findall(r"< (\S+)", one) for one in found]
    assert starts[1:] == ends[:-1]
    assert starts[0] == ends[-1] == []


@given(st.integers(1, 400), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_event_counts_for_as_many_days_as_its_window_has(window: int, today: date) -> None:
    measure = Measure("n", "count", "", "name = 'A'", ("A",), window=window, empty=0)
    (cut,) = re.findall(r"day > toDate\('(\S+)'\)", aggregate(measure, today))
    assert today - date.fromisoformat(cut) == timedelta(days=window)
    assert f"toDate('{cut}')) + {window}" in leaving([measure], today)[0]


def test_what_a_firm_does_not_send_is_not_known() -> None:
    measures = catalogue().measures
    assert known_measures(measures, []) == frozenset()
    assert "last_login" in known_measures(measures, ["Signed In"])
    assert "in_30" not in known_measures(measures, ["Signed In"])
    assert written("have(x)", {}, TODAY, []) == "0"
