"""A rule read aloud, in both languages. Pure."""

from typing import Any

from bihuan.understand.segments.rules import All, AnyOf, Did, HasTag, InSegment, Not, Rule, Sequence_
from bihuan.understand.tags.rules import Catalogue

_SIGNS = {
    "<": ("低于", "below"),
    "<=": ("不超过", "at most"),
    "=": ("等于", "exactly"),
    ">=": ("不低于", "at least"),
    ">": ("高于", "above"),
}


def read_aloud(rule: Rule, catalogue: Catalogue, names: dict[Any, tuple[str, str]]) -> tuple[str, str]:
    """The rule as a sentence: (Chinese, English). `names` are the segments' own, by id.

    >>> from bihuan.understand.segments.rules import parse
    >>> from bihuan.understand.tags.definitions import catalogue
    >>> read_aloud(parse({"tag": "senior", "op": "is", "value": True}, catalogue()), catalogue(), {})
    ('老年客户', 'Senior customer')
    """
    match rule:
        case All():
            return _joined(rule.all, "且", " and ", catalogue, names)
        case AnyOf():
            return _joined(rule.any, "或", " or ", catalogue, names)
        case Not():
            zh, en = read_aloud(rule.not_, catalogue, names)
            return f"非（{zh}）", f"not ({en})"
        case HasTag():
            return _tag(rule, catalogue)
        case Did():
            return _did(rule)
        case Sequence_():
            return _sequence(rule)
        case InSegment():
            zh, en = names.get(rule.segment, ("?", "?"))
            return f"属于分群「{zh}」", f'in segment "{en}"'


def _joined(
    rules: list[Rule], zh_word: str, en_word: str, catalogue: Catalogue, names: dict[Any, tuple[str, str]]
) -> tuple[str, str]:
    told = [read_aloud(rule, catalogue, names) for rule in rules]
    if len(told) == 1:
        return told[0]
    nested = [isinstance(rule, All | AnyOf) for rule in rules]
    zh = zh_word.join(f"（{one[0]}）" if inner else one[0] for one, inner in zip(told, nested, strict=True))
    en = en_word.join(f"({one[1]})" if inner else one[1] for one, inner in zip(told, nested, strict=True))
    return zh, en


def _tag(part: HasTag, catalogue: Catalogue) -> tuple[str, str]:
    tag = catalogue.tag(part.tag)
    if tag is None:
        return part.tag, part.tag
    if part.op == "known":
        return f"{tag.zh}有数据", f"{tag.en} known"
    if part.op == "unknown":
        return f"{tag.zh}无数据", f"{tag.en} not known"
    if isinstance(part.value, bool):
        return (tag.zh, tag.en) if part.value else (f"非{tag.zh}", f"not {tag.en}")
    if part.op in _SIGNS:
        zh, en = _SIGNS[part.op]
        shown = f"{part.value:,g}" if isinstance(part.value, float) else str(part.value)
        return f"{tag.zh}{zh} {shown}", f"{tag.en} {en} {shown}"
    levels = {level.code: (level.zh, level.en) for level in tag.levels}
    values = part.value if isinstance(part.value, list) else [str(part.value)]
    named = [levels.get(one, (one, one)) for one in values]
    zh, en = ("含", "has") if part.op == "has" else ("为", "is")
    return (
        f"{tag.zh}{zh}{'或'.join(one[0] for one in named)}",
        f"{tag.en} {en} {' or '.join(one[1] for one in named)}",
    )


def _did(part: Did) -> tuple[str, str]:
    zh_when = f"近 {part.within_days} 天" if part.within_days else "曾经"
    en_when = f"in {part.within_days} days" if part.within_days else "ever"
    where = "".join(f" [{one.property} {one.op} {one.value}]" for one in part.where)
    zh, en = _SIGNS[part.op]
    if part.sum:
        return (
            f"{zh_when}「{part.did}」{where}的 {part.sum} 合计{zh} {part.value:,g}",
            f'{part.sum} of "{part.did}"{where} {en} {part.value:,g} {en_when}',
        )
    return (
        f"{zh_when}「{part.did}」{where}{zh} {part.value:g} 次",
        f'"{part.did}"{where} {en} {part.value:g} times {en_when}',
    )


def _sequence(part: Sequence_) -> tuple[str, str]:
    zh_verb, en_verb = ("又", "then did") if part.happened else ("没有", "then did not do")
    return (
        f"近 {part.within_days} 天做过「{part.first}」后 {part.within_hours} 小时内{zh_verb}「{part.then}」",
        f'did "{part.first}" in {part.within_days} days and {en_verb} "{part.then}" within {part.within_hours} hours',
    )
