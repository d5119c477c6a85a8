"""`bihuan rebuild openings` on a data folder: it finds nothing to correct, and puts right what was spoilt."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bihuan.commands.running import house_of, settings_for

MAPPING = """
kind: events
source: opening-system
columns:
  customer: user
  event: event
  time: at
  properties: {opening_id: text, branch_code: text, reason: text}
"""
STEPS = (
    "opening:visit",
    "opening:phone:verified",
    "opening:products:chosen",
    "opening:id:accepted",
    "opening:submitted",
)


def bihuan(*words: str) -> dict[str, Any]:
    """Run the command; its JSON object."""
    done = subprocess.run(
        [sys.executable, "-m", "bihuan", *words, "--json"], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


async def spoil(data: Path) -> None:
    """A state says something else than the log (no clock runs there: no sweep mends it), and one is lost."""
    async with house_of(settings_for(data)) as house, house.postgres.transaction() as tx:
        await tx.execute("UPDATE understand_opening SET state = 'ineligible' WHERE opening_id = 'A4'")
        await tx.execute("DELETE FROM understand_opening WHERE opening_id = 'A2'")
        await tx.execute("DELETE FROM understand_opening_event WHERE opening_id = 'A2'")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_rebuild_as_a_command(tmp_path: Path) -> None:
    data, events, mapping = tmp_path / "data", tmp_path / "events.csv", tmp_path / "map.yaml"
    mapping.write_text(MAPPING, "utf-8")
    rows = [
        f"u{n},{step},2026-03-10T10:{minute:02d}:00+08:00,A{n},SH01,"
        for n in range(5)
        for minute, step in enumerate(STEPS[: n + 1])
    ]
    events.write_text("\n".join(["user,event,at,opening_id,branch_code,reason", *rows]) + "\n", "utf-8")
    loaded = bihuan("import", "events", str(events), "--mapping", str(mapping), "--data", str(data))
    assert (loaded["accepted"], loaded["rejected"]) == (15, 0)
    rebuild = ("rebuild", "openings", "--data", str(data))
    assert bihuan(*rebuild) == {"openings": 5, "events": 15, "corrected": 0}
    asyncio.run(spoil(data))
    assert bihuan(*rebuild) == {"openings": 5, "events": 15, "corrected": 2}
    assert bihuan(*rebuild) == {"openings": 5, "events": 15, "corrected": 0}
