"""Every tracked event touches a profile."""

from bihuan.customers.profiles import service
from bihuan.kit.house import House
from bihuan.kit.log import TRACKED, Batch, Reaction
from bihuan.kit.postgres import Tx


def reaction(house: House) -> Reaction:
    """Folds tracked events into profiles and merges visitors into users."""

    async def react(batch: Batch, tx: Tx) -> None:
        await service.fold(tx, house.cipher, batch)

    return Reaction("customers.profiles", frozenset({TRACKED}), react)
