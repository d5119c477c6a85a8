"""The demo as a command: unattended, in compressed time, everything in its figures by itself."""

import asyncio
import json
import signal
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.commands.demo import first_morning
from bihuan.kit.time import EXCHANGE, TradingCalendar

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


async def bihuan(*words: str) -> asyncio.subprocess.Process:
    """The command, as a shell starts it."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bihuan", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


HOLIDAYS = {date(2026, 11, 23), date(2026, 11, 24)}
CALENDAR = TradingCalendar.of(
    {day: day.weekday() < 5 and day not in HOLIDAYS for day in (date(2026, 11, 1) + timedelta(n) for n in range(60))}
)


@given(st.datetimes(datetime(2026, 11, 4), datetime(2026, 12, 20)))
def test_a_fresh_demo_begins_on_the_next_trading_morning_at_whatever_hour_it_is_started(local: datetime) -> None:
    now = local.replace(tzinfo=EXCHANGE)
    morning = first_morning(CALENDAR, now)
    assert CALENDAR.is_trading_day(morning)
    assert datetime.combine(morning, time(9, 15), EXCHANGE) >= now
    before = CALENDAR.trading_day_before(morning)
    assert datetime.combine(before, time(9, 15), EXCHANGE) < now


async def test_a_morning_of_the_demo_turns_every_part_of_the_loop(tmp_path: Path) -> None:
    words = ["--for", "120", "--speed", "40", "--customers", "1000", "--days", "10", "--port", "0", "--json"]
    process = await bihuan("demo", "--data", str(tmp_path), *words)
    out, said = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, said.decode()[-2000:]
    told = json.loads(out.decode().strip().splitlines()[-1])
    assert told["events"] > told["customers"] > 1000
    assert told["openings"]["started"] > 0
    for part, names in {
        "enquiries": ("asked", "answered_by_bot", "claimed"),
        "openings": ("started", "submitted", "opened", "rescued"),
        "credits": ("branches", "entries", "accounts"),
    }.items():
        assert all(told[part][name] > 0 for name in names), (part, told)
    assert (told["enquiries"]["double_claimed"], told["enquiries"]["lost"]) == (0, 0)
    assert told["decisions"] > 0
    assert told["deliveries"] > 0
    for arm in ("control", "message", "person"):
        assert 0 <= told["experiment"][arm]["opened"] <= told["experiment"][arm]["n"] > 0, (arm, told)
    assert not list(tmp_path.glob("**/postmaster.pid"))


async def until_it_plays(process: asyncio.subprocess.Process) -> str:
    """Wait until the demo has printed its sign-ins; what it said."""
    assert process.stdout is not None
    said = ""
    while "Ctrl-C ends it all" not in said:
        line = await asyncio.wait_for(process.stdout.readline(), 120)
        assert line, said
        said += line.decode()
    return said


def processes_of(folder: Path) -> list[str]:
    """Command lines of this machine's processes that name the folder."""
    listed = subprocess.run(["ps", "-ewwo", "args"], check=True, capture_output=True, text=True).stdout
    return [line for line in listed.splitlines() if str(folder) in line and not line.startswith("ps ")]


async def test_ctrl_c_ends_the_demo_and_a_second_start_loads_nothing_again(tmp_path: Path) -> None:
    begun = []
    for _ in range(2):
        words = ["--customers", "50", "--days", "3", "--port", "0"]
        process = await bihuan("demo", "--data", str(tmp_path), *words)
        begun.append(await until_it_plays(process))
        process.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(process.communicate(), 90)
        assert process.returncode == 0
        assert "Stopping" in rest.decode()
    assert "rows loaded" in begun[0]
    assert "rows loaded" not in begun[1]


async def test_a_demo_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    process = await bihuan("demo", "--data", str(tmp_path), "--customers", "50", "--days", "3", "--port", "0")
    await until_it_plays(process)
    before = processes_of(tmp_path)
    process.kill()
    await process.wait()
    assert any("simulate" in line for line in before)
    async with asyncio.timeout(30):
        while processes_of(tmp_path):
            await asyncio.sleep(0.1)
