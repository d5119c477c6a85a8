"""The simulator as the command line and the benchmarks use it."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

from bihuan.sim.gateway import Counts, Gateway, serve_gateway
from bihuan.sim.live.run import LivePlan, LiveRun, LiveSummary, play, playing
from bihuan.sim.live.world import Credentials
from bihuan.sim.population import cast, history
from bihuan.sim.population.cast import FILE as CAST_FILE
from bihuan.sim.population.history import HistorySummary
from bihuan.sim.population.staff import Brokerage, Person
from bihuan.sim.population.staff import brokerage as _brokerage

__all__ = [
    "CAST_FILE",
    "Brokerage",
    "Counts",
    "Credentials",
    "Gateway",
    "HistorySummary",
    "LivePlan",
    "LiveRun",
    "LiveSummary",
    "Person",
    "brokerage",
    "playing",
    "run_live",
    "serve_gateway",
    "vacant_seats",
    "write_brokerage",
    "write_history",
]


def brokerage(seed: int) -> Brokerage:
    """Regions, branches and staff of a seed: 3, 12 and 91 people, 60 of them advisors."""
    return _brokerage(seed)


def vacant_seats(seed: int) -> frozenset[str]:
    """Logins of the staff whom a demo leaves to people."""
    return cast.seats(_brokerage(seed)).vacant


def write_brokerage(out: Path, seed: int) -> dict[str, int]:
    """Only branches and staff, with their mappings, as the public import takes them; rows per file."""
    return history.write_brokerage(out, seed)


def write_history(out: Path, customers: int, days: int, seed: int, end: date) -> HistorySummary:
    """All files of a brokerage with `days` trading days of history up to `end` (see docs/simulator.md)."""
    return history.write_history(out, customers, days, seed, end)


async def run_live(
    base_url: str,
    credentials: Credentials,
    seed: int,
    stop: asyncio.Event,
    *,
    plan: LivePlan | None = None,
    gateway: Gateway | None = None,
    truth_file: Path | None = None,
) -> LiveSummary:
    """Play everybody against a running product until `stop` is set.

    `gateway` is the text gateway the product was told of; its texts then reach the people played here.
    """
    return await play(base_url, credentials, replace(plan or LivePlan(), seed=seed), stop, gateway, truth_file)
