"""Speaking: both sides in order, the bot never beside a person, nothing out that must not be said."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.serve.conftest import USER, Desk

from bihuan.comply import facade as comply
from bihuan.customers import facade as customers
from bihuan.customers.facts import VisitorMerged
from bihuan.kit import ids
from bihuan.kit.house import House
from bihuan.kit.time import FixedClock
from bihuan.people.facade import Caller, Staff
from bihuan.serve.claims import service as claims
from bihuan.serve.conversations import repository as messages
from bihuan.serve.conversations import service as conversations
from bihuan.serve.dispatch import service as dispatch
from bihuan.serve.enquiries import ownership
from bihuan.serve.enquiries import repository as enquiries
from bihuan.serve.enquiries import service as asking

HARD = "我的合同在哪里盖章比较快"
BOT_KNOWS = "佣金多少"


async def claimed(desk: Desk, login: str = "sh01.advisor", text: str = HARD) -> str:
    await desk.online(login)
    enquiry = str((await desk.ask(text))["enquiry"]["id"])
    await desk.do(login, f"enquiries/{enquiry}/claim")
    return enquiry


async def test_saying_it_twice_says_it_once(desk: Desk) -> None:
    enquiry = await claimed(desk)
    for _ in range(2):
        said = await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="您好", client_id="a1")
        assert said["message"]["number"] == 2
    for _ in range(2):
        said = await desk.customer(f"enquiries/{enquiry}/messages", 201, text="您好", client_id="a1")
        assert said["message"]["number"] == 3
    read = (await desk.get("sh01.advisor", f"enquiries/{enquiry}/messages?after=1"))["items"]
    assert [(message["number"], message["author"]) for message in read] == [(2, "staff"), (3, "customer")]


async def test_many_at_once_are_numbered_without_gaps(desk: Desk, firm: House, staff: Any) -> None:
    enquiry = await claimed(desk)

    async def as_customer(n: int) -> None:
        async with firm.postgres.transaction() as tx:
            own = await asking.own(tx, Caller(ids.customer_of_user(USER), USER, None), UUID(enquiry))
            await conversations.customer_says(tx, own, f"问{n}", f"c{n % 7}", firm.clock.now())

    async def as_staff(n: int) -> None:
        async with firm.postgres.transaction() as tx:
            await conversations.staff_says(
                tx, UUID(enquiry), staff["sh01.advisor"], f"答{n}", f"s{n}", firm.clock.now()
            )

    await asyncio.gather(*(as_customer(n) for n in range(14)), *(as_staff(n) for n in range(10)))
    read = (await desk.get("sh01.advisor", f"enquiries/{enquiry}/messages"))["items"]
    assert [message["number"] for message in read] == list(range(1, 1 + 1 + 7 + 10))


async def test_the_bot_is_quiet_once_a_person_has_it(desk: Desk) -> None:
    enquiry = await claimed(desk)
    said = await desk.customer(f"enquiries/{enquiry}/messages", 201, text=BOT_KNOWS)
    assert said["replies"] == []
    assert said["enquiry"]["state"] == "claimed"


async def test_bot_and_person_never_both_speak(firm: House, desk: Desk, staff: dict[str, Staff]) -> None:
    """The customer asks on while an advisor takes over: after the owner stands, the bot has no word left."""
    advisor = staff["sh01.advisor"]
    customer = Caller(ids.customer_of_user(USER), USER, None)
    now = firm.clock.now()
    async with firm.postgres.transaction() as tx:
        enquiry, _ = await asking.ask(tx, customer, BOT_KNOWS, None, None, now)

    async def asks_on(n: int) -> None:
        async with firm.postgres.transaction() as tx:
            own = await asking.own(tx, customer, enquiry.id)
            await conversations.customer_says(tx, own, ["忘记密码", "收不到验证码"][n % 2], None, now)

    async def takes_over() -> None:
        async with firm.postgres.transaction() as tx:
            before = (await enquiries.lock(tx, enquiry.id))[0]
            await dispatch.begin(tx, before, now)
            owner = await claims.owner_of(tx, advisor)
            taken = await ownership.assign(tx, enquiry.id, advisor.id, advisor.branch_id, owner, now)
            assert taken is not None
            await claims.taken_over(tx, before, taken, advisor.id, now)
        async with firm.postgres.transaction() as tx:
            await conversations.staff_says(tx, enquiry.id, advisor, "我来帮您", None, now)

    await desk.online("sh01.advisor")
    await asyncio.gather(*(asks_on(n) for n in range(6)), takes_over(), *(asks_on(n) for n in range(6)))
    async with firm.postgres.transaction() as tx:
        authors = [message.author for message in await messages.of_enquiry(tx, enquiry.id)]
        assert await messages.say_as_bot(tx, enquiry.id, "我也在", ids.new_id(), 1.0, now) is None
    assert authors.count("staff") == 1
    assert "bot" not in authors[authors.index("staff") :]


async def test_what_must_not_be_said_does_not_leave(desk: Desk, told: Any, rows: Any) -> None:
    enquiry = await claimed(desk)
    stopped = await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 422, text="这个产品稳赚不赔")
    assert stopped["type"] == "urn:bihuan:problem:wording"
    assert "稳赚" in stopped["phrases"][0]
    assert stopped["hits"][0]["severity"] == "block"
    assert await rows("SELECT 1 FROM serve_message WHERE author = 'staff'") == []
    (fact,) = await told("serve:wording:refused")
    assert fact["reason"] == "wording"
    kept = (await desk.get("compliance", "wording/stopped"))["items"]
    assert [row["text"] for row in kept] == ["这个产品稳赚不赔"]
    await desk.get("sh01.advisor", "wording/stopped", 403)


async def test_the_questionnaires_answers_stay_the_customers(desk: Desk, at_step: Any, told: Any) -> None:
    await at_step("o1", "risk")
    enquiry = await claimed(desk)
    shown = await desk.get("sh01.advisor", f"enquiries/{enquiry}")
    assert shown["opening_id"] == "o1"
    for text in ("第3题选B", "choose answer C"):
        stopped = await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 422, text=text)
        assert stopped["type"] == "urn:bihuan:problem:hidden_answers"
    explained = "这一页是风险测评，请按您的真实情况回答。"
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text=explained)
    assert [fact["reason"] for fact in await told("serve:wording:refused")] == ["hidden_answers", "hidden_answers"]
    await at_step("o1", "bank", past=("risk", "agreements"))
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text="绑卡页面请选 B 银行")


async def test_only_a_signed_advisor_advises(
    desk: Desk, firm: House, clock: FixedClock, staff: Any, branch_id: Any
) -> None:
    enquiry = await claimed(desk)
    advice = "建议买入这只股票"
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 422, text=advice)
    async with firm.postgres.transaction() as tx:
        await customers.move_relation(
            tx, ids.customer_of_user(USER), "contract", branch_id, staff["sh01.advisor"].id, "signed", clock.now()
        )
    clock.advance(timedelta(seconds=1))
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/messages", 201, text=advice)


async def test_others_may_not_speak_and_strangers_see_nothing(desk: Desk, browse: Any, phone: Any) -> None:
    enquiry = await claimed(desk)
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 403, text="我也说一句")
    await desk.do("gz01.advisor", f"enquiries/{enquiry}/messages", 404, text="我也说一句")
    await desk.get("gz01.advisor", f"enquiries/{enquiry}", 404)
    await desk.get("gz01.advisor", f"enquiries/{enquiry}/messages", 404)
    assert (await desk.get("gz01.advisor", "enquiries"))["items"] == []
    await desk.customer(f"enquiries/{enquiry}/messages", 404, user="u2", text="我是谁")
    await desk.customer(f"enquiries/{enquiry}/rating", 404, user="u2", stars=1)
    await desk.customer(f"enquiries/{enquiry}/person", 404, user="u2")
    stranger = await phone("u2")
    assert (await stranger.get(f"/api/v1/enquiries/{enquiry}/messages")).status_code == 404
    assert (await stranger.get("/api/v1/enquiries/mine")).json()["items"] == []


async def test_nobody_is_let_in_without_a_name(browse: Any) -> None:
    nobody = await browse()
    some = str(ids.new_id())
    for method, path in [
        ("PUT", "presence"),
        ("GET", "presence"),
        ("POST", "enquiries"),
        ("GET", "enquiries"),
        ("GET", "enquiries/mine"),
        ("GET", f"enquiries/{some}"),
        ("GET", f"enquiries/{some}/messages"),
        ("POST", f"enquiries/{some}/messages"),
        ("POST", f"enquiries/{some}/claim"),
        ("POST", f"enquiries/{some}/close"),
        ("POST", f"enquiries/{some}/rating"),
        ("GET", "offers"),
        ("GET", "knowledge"),
        ("POST", "knowledge"),
        ("GET", "rescues"),
        ("POST", "openings/o1/take"),
        ("POST", "openings/o1/contact"),
        ("POST", "openings/o1/outcome"),
        ("GET", "wording/stopped"),
    ]:
        answer = await nobody.request(method, f"/api/v1/{path}", json={} if method != "GET" else None)
        assert answer.status_code == 401, (method, path, answer.text)


async def test_a_visitor_who_becomes_a_user_keeps_his_conversation(desk: Desk, phone: Any, publish: Any) -> None:
    visitor = await phone(None, "device1")
    asked = (await visitor.post("/api/v1/enquiries", json={"text": HARD})).json()["enquiry"]
    his, user = ids.customer_of_visitor("device1"), ids.customer_of_user(USER)
    known = await phone(USER, "device1")
    assert [row["id"] for row in (await known.get("/api/v1/enquiries/mine")).json()["items"]] == [asked["id"]]
    await publish(VisitorMerged(customer_id=his, visitor_id=his, into_id=user))
    assert [row["id"] for row in (await known.get("/api/v1/enquiries/mine")).json()["items"]] == [asked["id"]]
    elsewhere = await phone(USER)
    assert [row["id"] for row in (await elsewhere.get("/api/v1/enquiries/mine")).json()["items"]] == [asked["id"]]
    assert (await visitor.get("/api/v1/enquiries/mine")).json()["items"] == []
    assert (await desk.get("supervisor", f"enquiries/{asked['id']}"))["customer"] == "王**"


async def test_bad_words_are_refused_clearly(desk: Desk) -> None:
    enquiry = await claimed(desk)
    for text in ("", "   ", "x" * 2001, "a\u0000b"):
        answer = await (await desk.browse("sh01.advisor")).post(
            f"/api/v1/enquiries/{enquiry}/messages", json={"text": text}
        )
        assert answer.status_code == 422, text
    nasty = "'; DROP TABLE serve_message; -- <script>alert(1)</script> 😀\u202e"
    said = await desk.customer(f"enquiries/{enquiry}/messages", 201, text=nasty)
    assert said["message"]["text"] == nasty


async def test_a_question_of_advice_while_waiting_goes_to_the_licensed_only(desk: Desk) -> None:
    await desk.online("sh01.advisor2")  # not licensed
    await desk.online("sh01.advisor")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {
        "sh01.advisor": [enquiry],
        "sh01.advisor2": [enquiry],
    }
    await desk.customer(f"enquiries/{enquiry}/messages", 201, text="另外这只股票能买吗")
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {"sh01.advisor": [enquiry], "sh01.advisor2": []}
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/claim", 403)
    await desk.customer(f"enquiries/{enquiry}/messages", 201, text="还有佣金多少")
    assert (await desk.get("supervisor", f"enquiries/{enquiry}"))["needs_licence"] is True


async def test_nobody_licensed_was_asked_so_the_circle_begins_anew(desk: Desk) -> None:
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask(HARD))["enquiry"]["id"]
    await desk.customer(f"enquiries/{enquiry}/messages", 201, text="应该现在卖出吗")
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": []}
    await desk.online("sh01.advisor")
    assert await desk.offered("sh01.advisor") == {"sh01.advisor": [enquiry]}


async def test_a_question_of_advice_leaves_the_unlicensed_advisor_who_holds_it(desk: Desk, told: Any) -> None:
    enquiry = await claimed(desk, "sh01.advisor2")
    await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 201, text="您好")
    await desk.online("sh01.advisor")
    said = await desk.customer(f"enquiries/{enquiry}/messages", 201, text="那贵州茅台现在能买吗")
    assert said["enquiry"]["state"] == "waiting"
    assert await desk.offered("sh01.advisor", "sh01.advisor2") == {"sh01.advisor": [enquiry], "sh01.advisor2": []}
    why = await desk.do("sh01.advisor2", f"enquiries/{enquiry}/messages", 403, text="可以买")
    assert why["type"] == "urn:bihuan:problem:licence"
    assert [fact["reason"] for fact in await told("serve:enquiry:returned")] == ["licence"]
    await desk.do("sh01.advisor", f"enquiries/{enquiry}/claim")
    read = (await desk.get("sh01.advisor", f"enquiries/{enquiry}/messages"))["items"]
    assert len(read) == 3  # the whole thread
    assert (await desk.get("sh01.advisor", f"enquiries/{enquiry}"))["handover"]["reason"] == "licence"


async def test_advice_beside_a_wish_for_a_person_is_advice(desk: Desk) -> None:
    await desk.online("sh01.advisor2")
    enquiry = (await desk.ask("转人工，这只股票能买吗"))["enquiry"]["id"]
    assert await desk.offered("sh01.advisor2") == {"sh01.advisor2": []}
    assert (await desk.get("supervisor", f"enquiries/{enquiry}"))["needs_licence"] is True


async def test_who_has_not_answered_is_not_written_to_without_end(
    desk: Desk, stall: Any, publish: Any, rows: Any, clock: FixedClock
) -> None:
    """After a rescue's first words each further message is a contact, until the customer speaks."""
    await desk.online("sh01.advisor")
    await publish(stall())
    await desk.do("sh01.advisor", "openings/o1/take")
    begun = await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，需要帮忙吗")
    path = f"enquiries/{begun['enquiry_id']}/messages"
    for n in range(4):
        for _ in range(2):  # sent again it is the same message, and the same contact
            await desk.do("sh01.advisor", path, 201, text=f"在吗{n}", client_id=f"n{n}")
    assert len(await rows("SELECT 1 FROM comply_contact")) == 5
    refused = await desk.do("sh01.advisor", path, 409, text="在吗")
    assert (refused["type"], refused["reason"]) == ("urn:bihuan:problem:contact-refused", "cap-day")
    await desk.customer(path, 201, text="在的")
    for n in range(4):
        await desk.do("sh01.advisor", path, 201, text=f"好的{n}")
    assert len(await rows("SELECT 1 FROM comply_contact")) == 5


async def test_who_refuses_to_be_written_to_is_not(
    desk: Desk, firm: House, stall: Any, publish: Any, clock: FixedClock
) -> None:
    await publish(stall())
    await desk.do("sh01.advisor", "openings/o1/take")
    begun = await desk.do("sh01.advisor", "openings/o1/contact", channel="chat", text="您好，需要帮忙吗")
    user = ids.customer_of_user(USER)
    async with firm.postgres.transaction() as tx:
        no = comply.Said(user, "service", "chat", False, clock.now(), "app", str(user), "tap 1")
        await comply.record_consents(tx, [no], clock.now())
    refused = await desk.do("sh01.advisor", f"enquiries/{begun['enquiry_id']}/messages", 409, text="在吗")
    assert refused["reason"] == "no-consent"
