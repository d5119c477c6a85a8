"""`bihuan staff`: the way into a product that nobody has signed in to yet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bihuan import cli
from bihuan.commands import staff
from bihuan.kit.errors import Conflict, Invalid, NotFound
from bihuan.kit.house import House
from bihuan.kit.settings import Settings
from bihuan.people import facade as people
from bihuan.people.sessions import service
from bihuan.people.sessions.service import Unauthenticated


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    @asynccontextmanager
    async def this_house(settings: Settings) -> AsyncIterator[House]:
        yield house

    monkeypatch.setattr(staff, "house_of", this_house)
    monkeypatch.setattr(staff, "set_up_logging", lambda level: None)

    async def run(*words: str) -> str:
        await staff._staff(cli.parser().parse_args(["staff", *words]))
        return capsys.readouterr().out

    return run


async def signs_in(house: House, login: str, password: str) -> people.Staff:
    return (await service.sign_in(house, login, password, "192.0.2.1", "test")).staff


async def test_the_first_person_of_a_fresh_product_gets_in(house: House, run: Any) -> None:
    told = await run("add", "--login", "Boss", "--name", "王", "--role", "operator", "--role", "compliance")
    password = told.split()[1]
    boss = await signs_in(house, "boss", password)
    assert boss.may(people.Permission.PEOPLE_ADMIN)
    assert "boss" in await run("list")
    again = (await run("password", "--login", "boss")).split()[1]
    with pytest.raises(Unauthenticated):
        await signs_in(house, "boss", password)
    assert (await signs_in(house, "boss", again)).id == boss.id


async def test_what_is_wrong_is_told(house: House, run: Any) -> None:
    await run("add", "--login", "boss", "--name", "王", "--role", "operator")
    with pytest.raises(Conflict):
        await run("add", "--login", "boss", "--name", "李", "--role", "operator")
    for words in (
        ("add", "--login", "x"),
        ("add", "--name", "x"),
        ("add", "--login", "x", "--name", "y", "--role", "z"),
    ):
        with pytest.raises(Invalid):
            await run(*words)
    with pytest.raises(Invalid, match="no branch"):
        await run("add", "--login", "x", "--name", "y", "--role", "advisor", "--branch", "nowhere")
    with pytest.raises(NotFound):
        await run("password", "--login", "nobody")


async def test_the_demos_password_opens_the_door_in_demo_mode_only(house: House, run: Any) -> None:
    async with house.postgres.transaction() as tx:
        await people.import_staff(tx, [people.StaffRow("agent", "客服", ("service_agent",))])
        await people.set_demo_passwords(tx, "a demo's password")
    with pytest.raises(Unauthenticated):
        await signs_in(house, "agent", "a demo's password")
    house.settings.demo = True
    await signs_in(house, "agent", "a demo's password")
    async with house.postgres.transaction() as tx:
        await people.end_demo_sessions(tx)
        assert (await (await tx.execute("SELECT count(*) AS n FROM people_session")).fetchone()) == {"n": 0}
    house.settings.demo = False
    own = (await run("password", "--login", "agent")).split()[1]
    await signs_in(house, "agent", own)
