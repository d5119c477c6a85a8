"""The way into measure: funnels and results of experiments as frozen dataclasses."""

from bihuan.measure.funnels.rules import FunnelQuery, FunnelResult, Group, Step, parse_steps, parse_window
from bihuan.measure.funnels.service import funnel

__all__ = [
    "FunnelQuery",
    "FunnelResult",
    "Group",
    "Step",
    "funnel",
    "parse_steps",
    "parse_window",
]
