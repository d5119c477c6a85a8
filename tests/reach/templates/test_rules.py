"""Only approved templates in their time are sent, and the one that fits best."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis.strategies import builds, dictionaries, integers, lists, none, one_of, permutations, sampled_from, text

from bihuan.reach.templates.rules import Template, faults, fitting, render, variables_of

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
times = integers(-100, 100).map(lambda hours: NOW + timedelta(hours=hours))


def template(number: int, step: str | None, language: str, status: str, start: datetime, lasts: int) -> Template:
    return Template(
        id=UUID(int=number),
        name=f"t{number % 5}",
        version=number,
        occasion="opening-stuck",
        step=step,
        language=language,
        channel="sms",
        purpose="service",
        title="t",
        body="{link}",
        variables=("link",),
        status=status,
        valid_from=start,
        valid_to=start + timedelta(hours=lasts),
        author_id=None,
        approval_id=None,
        approver_id=None,
        reason=None,
        created_at=start,
        submitted_at=None,
        decided_at=None,
    )


templates = builds(
    template,
    integers(1, 1000),
    one_of(none(), sampled_from(["id", "bank"])),
    sampled_from(["zh-CN", "en"]),
    sampled_from(["draft", "submitted", "approved", "rejected"]),
    times,
    integers(1, 100),
)


@given(found=lists(templates, max_size=12), language=sampled_from(["zh-CN", "en"]))
def test_what_is_chosen_may_be_sent_and_nothing_fits_better(found: list[Template], language: str) -> None:
    other = "en" if language == "zh-CN" else "zh-CN"
    chosen = fitting(found, "opening-stuck", "id", "sms", [language, other], NOW)
    sendable = [t for t in found if t.sendable(NOW) and t.step in ("id", None)]
    if chosen is None:
        assert sendable == []
        return
    assert chosen.status == "approved"
    assert chosen.valid_from <= NOW < chosen.valid_to
    assert chosen.step in ("id", None)
    spoken = [t for t in sendable if t.language == language]
    if spoken:
        assert chosen.language == language
        assert chosen.step == "id" or all(t.step is None for t in spoken)


@given(found=lists(templates, max_size=8, unique_by=lambda t: t.id), data=permutations(range(8)))
def test_the_order_of_templates_does_not_matter(found: list[Template], data: list[int]) -> None:
    shuffled = [found[n] for n in data if n < len(found)]
    both = [fitting(some, "opening-stuck", "id", "sms", ["zh-CN", "en"], NOW) for some in (found, shuffled)]
    assert both[0] == both[1]


@given(one=templates)
def test_expiry_is_told_by_the_time_alone(one: Template) -> None:
    assert one.shown_status(one.valid_to) == ("expired" if one.status == "approved" else one.status)
    assert one.shown_status(one.valid_to - timedelta(microseconds=1)) == one.status
    assert not one.sendable(one.valid_to)


@given(body=text(max_size=60), values=dictionaries(sampled_from(["link", "step"]), text(max_size=20)))
def test_a_text_without_faults_can_be_rendered(body: str, values: dict[str, str]) -> None:
    if faults(body):
        return
    rendered = render(body, {"link": "L", "step": "S", **values})
    assert values.get("link", "L") in rendered


@given(body=text(alphabet="ab{}", max_size=12))
def test_faults_name_every_broken_or_unknown_variable(body: str) -> None:
    found = faults(body + "{link}")
    stray = body.replace("{link}", "")
    if "{" not in stray and "}" not in stray:
        assert found == []
    for name in variables_of(body):
        assert name == "link" or found
