"""The job that carries one text to the gateway."""

from typing import Any
from uuid import UUID

from bihuan.connect.sms.gateway import HttpTextGateway
from bihuan.kit.house import House
from bihuan.kit.jobs import job
from bihuan.reach import facade as reach


@job("connect.send_text", queue="outbound", attempts=8, wait_s=2)
async def send_text(context: Any, delivery_id: str) -> None:
    """Send one delivery through the gateway of the settings."""
    house: House = context.additional_context["house"]
    settings = house.settings
    gateway = HttpTextGateway(house.outbound, settings.sms_url, settings.sms_secret.get_secret_value())
    await reach.send(house, gateway, UUID(delivery_id))
