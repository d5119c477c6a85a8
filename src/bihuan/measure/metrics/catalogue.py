"""The metric definitions, read once from the catalogue beside this file."""

import functools
from collections.abc import Mapping
from importlib.resources import files

import msgspec

Text = dict[str, str]  # by language: zh-CN, en


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a figure means. A rate names its numerator and denominator."""

    code: str
    group: str
    kind: str
    unit: str
    better: str
    name: Text
    formula: Text
    window: Text
    population: Text
    numerator: Text | None = None
    denominator: Text | None = None


@functools.cache
def metrics() -> Mapping[str, Metric]:
    """All definitions by code, in the order of the loop."""
    text = files("bihuan.measure.metrics").joinpath("catalogue.yaml").read_text("utf-8")
    found = msgspec.yaml.decode(text, type=list[Metric])
    return {metric.code: metric for metric in found}
