"""The opening desk over HTTP: scope, tabs, pages, history without answers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from tests.understand.conftest import Browsers, OpeningSystem

from bihuan.customers.privacy.rules import hides_answers
from bihuan.kit.errors import Forbidden, Invalid
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.people import facade as people
from bihuan.understand.openings import desk, repository
from bihuan.understand.openings.course import Course, WitnessHours

Turn = Callable[[], Awaitable[int]]


@pytest.fixture
async def four(opening_system: OpeningSystem, react: Turn, sweep: Turn, clock: FixedClock) -> None:
    """One application each in Shanghai (stuck), Hangzhou (sent back) and Guangzhou (opened), one of no branch."""
    tell = opening_system.tell
    await tell("opening:products:chosen", "SH", 0, user="a", branch_code="SH01", channel="search")
    await tell("opening:submitted", "HZ", 1, user="b", branch_code="HZ01")
    await tell("opening:returned", "HZ", 30, user="b", step="risk", reason="unclear", answers=["C"], level="C4")
    await tell("opening:account:opened", "GZ", 3, user="c", branch_code="GZ01")
    await tell("opening:phone:verified", "HQ", 30, user="d")
    await react()
    clock.advance(timedelta(minutes=31))
    await sweep()
    await react()


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("operator", {"SH", "HZ", "HQ"}),
        ("east", {"SH", "HZ"}),
        ("sh01.advisor", {"SH"}),
        ("sh01.witness", {"SH"}),
        ("gz01.advisor", set()),
    ],
)
async def test_everybody_sees_the_rows_of_his_branches(browse: Browsers, login: str, seen: set[str]) -> None:
    browser = await browse(login)
    answer = await browser.get("/api/v1/openings")
    assert answer.status_code == 200
    assert {one["id"] for one in answer.json()["items"]} == seen
    for opening_id in ("SH", "HZ", "HQ"):
        detail = await browser.get(f"/api/v1/openings/{opening_id}")
        assert detail.status_code == (200 if opening_id in seen else 404)


@pytest.mark.usefixtures("four")
async def test_nobody_signed_in_sees_nothing_and_an_engineer_may_not_look(browse: Browsers) -> None:
    stranger, engineer = await browse(), await browse("engineer")
    for path in ("openings", "openings/counts", "openings/SH", "opening-steps"):
        assert (await stranger.get(f"/api/v1/{path}")).status_code == 401
        assert (await engineer.get(f"/api/v1/{path}")).status_code == 403


@pytest.mark.usefixtures("four")
async def test_tabs_filters_and_counts(browse: Browsers) -> None:
    browser = await browse("operator")

    async def ids(query: str) -> list[str]:
        answer = await browser.get(f"/api/v1/openings?{query}")
        assert answer.status_code == 200
        return sorted(one["id"] for one in answer.json()["items"])

    assert await ids("tab=under_way") == ["HQ", "SH"]
    assert await ids("tab=sent_back") == ["HZ"]
    assert await ids("stuck=1") == ["SH"]
    assert await ids("stuck=1&step=phone") == ["SH"]
    assert await ids("state=opened&state=submitted") == ["GZ"]
    counts = (await browser.get("/api/v1/openings/counts")).json()
    assert {name: counts[name] for name in ("all", "under_way", "sent_back", "stuck")} == {
        "all": 3,
        "under_way": 2,
        "sent_back": 1,
        "stuck": 1,
    }
    assert [one["step"] for one in counts["steps"]] == ["phone", "products", "risk"]
    assert (await browser.get("/api/v1/openings?tab=everything")).status_code == 422
    assert (await browser.get("/api/v1/openings?cursor=bm90IG91cnM=")).status_code == 422


@pytest.mark.usefixtures("four")
async def test_pages_follow_one_another(browse: Browsers) -> None:
    browser, seen, cursor = await browse("operator"), [], ""
    for _ in range(4):
        page = (await browser.get(f"/api/v1/openings?limit=1{cursor}")).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == ["HZ", "HQ", "SH"]


@pytest.mark.usefixtures("four")
async def test_history_shows_everything_but_the_answers(browse: Browsers) -> None:
    browser = await browse("sh01.advisor")
    detail = (await browser.get("/api/v1/openings/SH")).json()
    assert (detail["state"], detail["step"], detail["channel"]) == ("under_way", "phone", "search")
    assert detail["resume_path"] == "/open/SH/phone"
    assert [stall["ended_at"] for stall in detail["stalls"]] == [None]
    assert [one["name"] for one in detail["events"]] == ["opening:products:chosen"]

    sent_back = await (await browse("hz01.advisor")).get("/api/v1/openings/HZ")
    body = sent_back.json()
    assert (body["step"], body["answers_hidden"], body["returned_reason"]) == ("risk", True, "unclear")
    assert "C4" not in sent_back.text
    risk = next(one for one in body["history"] if one["step"] == "risk")
    assert (risk["sent_back"], risk["answers_hidden"]) == (1, True)


async def test_the_steps_are_those_of_the_rows(browse: Browsers) -> None:
    steps = (await (await browse("sh01.advisor")).get("/api/v1/opening-steps")).json()["items"]
    assert [step["code"] for step in steps][:3] == ["phone", "products", "id"]
    clocks = {step["code"]: step["stuck_after_seconds"] for step in steps}
    assert (clocks["id"], clocks["video"], clocks["bank"], clocks["review"]) == (900, 1080, 1800, None)
    assert {step["code"] for step in steps if step["answers_hidden"]} == {"risk", "agreements", "callback"}


async def test_every_event_that_may_carry_answers_is_known_to_the_rooms_that_show_events(firm: House) -> None:
    """A room further down may not ask for our steps: its list of names must hold all of theirs."""
    async with firm.postgres.transaction() as tx:
        hidden = Course(await repository.steps(tx), WitnessHours(firm.calendar, ())).hidden_events
    assert len(hidden) == 3
    assert all(hides_answers(name) for name in hidden)


async def test_the_desk_says_of_an_event_that_may_carry_answers_its_name_only(
    opening_system: OpeningSystem, react: Turn, browse: Browsers
) -> None:
    await opening_system.tell("opening:products:chosen", "A1", branch_code="SH01")
    await opening_system.tell("opening:risk:assessed", "A1", 1, reason="geheim")
    await react()
    answer = await (await browse("sh01.advisor")).get("/api/v1/openings/A1")
    assert "opening:risk:assessed" in answer.text
    assert "geheim" not in answer.text


async def test_a_live_desk_of_a_branch_is_for_those_who_see_it(firm: House) -> None:
    async with firm.postgres.transaction() as tx:
        shanghai = await people.branch_by_code(tx, "SH01")
        who = {
            login: await people.staff_by_login(tx, login)
            for login in ("operator", "sh01.advisor", "gz01.advisor", "engineer")
        }
        assert shanghai is not None
        await desk.authorise(tx, who["operator"], "all")
        await desk.authorise(tx, who["sh01.advisor"], str(shanghai.id))
        for login, topic in (
            ("sh01.advisor", "all"),
            ("gz01.advisor", str(shanghai.id)),
            ("engineer", str(shanghai.id)),
        ):
            with pytest.raises(Forbidden):
                await desk.authorise(tx, who[login], topic)
        with pytest.raises(Forbidden):
            await desk.authorise(tx, None, "all")
        with pytest.raises(Invalid):
            await desk.authorise(tx, who["operator"], "nonsense")
