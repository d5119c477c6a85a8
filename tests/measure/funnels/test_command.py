"""The two commands of the README on real loan applications: the file in, the funnel out, to the customer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
MAPPING = Path(__file__).resolve().parents[3] / "examples" / "bpi2012.yaml"
STEPS = {
    "A_SUBMITTED": 9161,
    "A_PARTLYSUBMITTED": 9161,
    "A_PREACCEPTED": 5168,
    "A_ACCEPTED": 3565,
    "A_FINALIZED": 3497,
    "O_SENT_BACK": 2270,
    "A_APPROVED": 1535,
}


def bihuan(*words: str) -> dict[str, Any]:
    """Run the command; its JSON object."""
    done = subprocess.run(
        [sys.executable, "-m", "bihuan", *words, "--json"], capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_real_funnel_from_the_file_to_the_figures(tmp_path: Path) -> None:
    events = SHARED / "bpi2012_loan_funnel" / "bpi2012_events.csv.gz"
    if not events.exists():
        pytest.skip(f"the public data set is not at {events}")
    data = ("--data", str(tmp_path / "data"))
    loaded = bihuan("import", "events", str(events), "--mapping", str(MAPPING), *data)
    assert (loaded["rejected"], loaded["duplicates"]) == (0, 0)
    assert loaded["read"] == loaded["accepted"] > 9161
    found = bihuan("funnel", "--steps", ",".join(STEPS), "--window", "365d", *data)
    assert {step["name"]: step["customers"] for step in found["steps"]} == STEPS
