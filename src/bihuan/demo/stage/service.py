"""What was cast for the demo, from the files its start wrote into the data folder."""

import json
from typing import Any

from bihuan.demo.stage.schemas import BranchPlayed, PersonaOut, SeatsOut, StageOut, StepPlayed
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.people import facade as people
from bihuan.sim import facade as sim
from bihuan.understand import facade as understand

OFF = StageOut(on=False)


def cast_of(house: House) -> dict[str, Any]:
    """The cast, empty where no simulated brokerage was loaded."""
    return _read(house, "simulated", sim.CAST_FILE)


async def stage(tx: Tx, house: House) -> StageOut:
    """All that the demo's pages need before anybody is somebody."""
    cast = cast_of(house)
    return StageOut(
        on=True,
        write_key=_read(house, "secrets", "demo.json").get("write_key"),
        personas=[PersonaOut(part=part, **who) for part, who in cast.get("personas", {}).items()],
        seats=SeatsOut.model_validate(cast["seats"]) if "seats" in cast else None,
        steps=[StepPlayed.model_validate(step, from_attributes=True) for step in await understand.opening_steps(tx)],
        branches=[BranchPlayed.model_validate(b, from_attributes=True) for b in await people.branches(tx) if b.active],
    )


def _read(house: House, *path: str) -> dict[str, Any]:
    file = house.settings.data.joinpath(*path)
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found
