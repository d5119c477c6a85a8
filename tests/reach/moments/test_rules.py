"""Whether a stall still stands depends on times alone, not on the order in which they are heard of."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import reduce

from hypothesis import given
from hypothesis.strategies import builds, datetimes, integers, lists, none, one_of, sampled_from

from bihuan.reach.moments.rules import OPEN, Progress, Stall, first_state, latest, occasion_of, overtaken

BEGIN = datetime(2026, 3, 10, 2, tzinfo=UTC)
times = integers(0, 120).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
maybe = one_of(none(), times)
progresses = builds(
    Progress,
    moved_at=maybe,
    taken_at=maybe,
    released_at=maybe,
    contacted_at=maybe,
    returned_at=maybe,
    returned_step=sampled_from(["id", "bank", None]),
)
stalls = builds(lambda begin, silence: Stall("id", begin, begin + timedelta(minutes=silence)), times, integers(1, 60))


def after(seen: Iterable[Progress]) -> Progress:
    """What is known after these turns."""
    return reduce(latest, seen, Progress())


@given(arm=sampled_from(["control", "unknown", ""]), stall=stalls, progress=progresses)
def test_only_the_two_treated_arms_ever_contact(arm: str, stall: Stall, progress: Progress) -> None:
    assert first_state(arm, stall, progress) == "held"


@given(stall=stalls, progress=progresses, arm=sampled_from(["message", "person"]))
def test_a_moment_begins_open_exactly_while_the_stall_stands(stall: Stall, progress: Progress, arm: str) -> None:
    state = first_state(arm, stall, progress)
    assert (state in OPEN) == (overtaken(stall, progress) is None)


@given(stall=stalls, seen=lists(progresses, max_size=6))
def test_what_is_known_later_never_makes_a_resumed_stall_stand_again(stall: Stall, seen: list[Progress]) -> None:
    for n in range(len(seen)):
        if overtaken(stall, after(seen[: n + 1])) == "resumed":
            assert overtaken(stall, after(seen)) == "resumed"


@given(stall=stalls, seen=lists(progresses, min_size=1, max_size=6))
def test_the_order_of_turns_does_not_matter(stall: Stall, seen: list[Progress]) -> None:
    assert overtaken(stall, after(seen)) == overtaken(stall, after(reversed(seen)))


@given(stall=stalls, before=times)
def test_turns_up_to_the_silence_do_not_end_it(stall: Stall, before: datetime) -> None:
    earlier = min(before, stall.last_fact_at)
    assert overtaken(stall, Progress(moved_at=earlier, taken_at=earlier)) is None


@given(stall=stalls, progress=progresses)
def test_the_words_for_a_return_are_kept_for_the_step_that_was_returned(stall: Stall, progress: Progress) -> None:
    if occasion_of(stall, progress) == "opening-returned":
        assert progress.returned_step == stall.step
        assert progress.returned_at is not None
        assert progress.moved_at is None or progress.moved_at <= progress.returned_at


@given(at=datetimes())
def test_nothing_known_means_it_stands(at: datetime) -> None:
    stall = Stall("id", at.replace(tzinfo=UTC), at.replace(tzinfo=UTC))
    assert overtaken(stall, Progress()) is None
