"""When people come."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit.time import EXCHANGE
from bihuan.sim.behaviour import arrivals
from bihuan.sim.behaviour.parameters import APP_USE, CHANNELS, Arrivals
from bihuan.sim.calendar import exchange_days

PLANS = (Arrivals(), APP_USE)


def moment(day: int, hour: float) -> float:
    return datetime(2026, 10, day, tzinfo=EXCHANGE).timestamp() + hour * 3600


@given(st.sampled_from(PLANS), st.floats(1.7e9, 1.8e9))
def test_the_weight_is_never_above_its_bound(plan, at):
    assert 0 <= arrivals.weight_at(plan, exchange_days(), at) <= arrivals.peak(plan)


def test_openings_peak_in_the_evening_surge_at_the_opening_bell_and_dip_at_lunch():
    plan, days = Arrivals(), exchange_days()

    def weight(hour: float, day: int = 20) -> float:  # a Tuesday
        return arrivals.weight_at(plan, days, moment(day, hour))

    assert weight(21) > weight(9.5) > weight(10.5) > weight(12.2)
    assert weight(9.5) > 1.3 * weight(9.0)
    assert weight(10.5, 24) < 0.7 * weight(10.5)  # Saturday
    assert weight(10.5, 2) < weight(10.5, 24)  # National Day


def test_thinning_gives_the_rate_it_is_told():
    rng, at, found = np.random.default_rng(5), 0.0, []

    def rate(t: float) -> float:
        return 0.02 + 0.08 * (t % 3600 < 1800)

    while (at := arrivals.next_arrival(rate, 0.1, at, rng)) < 400_000:
        found.append(at)
    busy = sum(t % 3600 < 1800 for t in found)
    assert busy / 200_000 == pytest.approx(0.1, rel=0.05)
    assert (len(found) - busy) / 200_000 == pytest.approx(0.02, rel=0.08)


def test_advertisements_bring_the_most_visitors_and_staff_codes_the_readiest():
    by = {c.code: c for c in CHANNELS}
    assert max(CHANNELS, key=lambda c: c.share).code == "advertisement"
    assert max(CHANNELS, key=lambda c: c.starts).code == "staff_qr"
    assert min(CHANNELS, key=lambda c: c.starts).code == "advertisement"
    assert by["advertisement"].trouble > by["staff_qr"].trouble
    assert 1 < arrivals.visits_per_start(CHANNELS) < 6
