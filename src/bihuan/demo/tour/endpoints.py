"""The tour over HTTP. 404 outside demo mode."""

from fastapi import APIRouter

from bihuan.demo.tour import service
from bihuan.demo.tour.schemas import StoryOut
from bihuan.people.facade import AtTheDemo

router = APIRouter(tags=["demo"])


@router.get("/demo/stories/{opening_id}")
async def read_demo_story(house: AtTheDemo, opening_id: str) -> StoryOut:
    """What has happened to a played application so far; nothing while the product has not heard of it."""
    return await service.story(house, opening_id)
