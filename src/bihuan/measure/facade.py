"""The way into measure: funnels, results of experiments and the cockpit as frozen dataclasses."""

from bihuan.measure.cockpit.rules import Cockpit, Figure
from bihuan.measure.cockpit.service import cockpit
from bihuan.measure.experiments.rules import Arm, Comparison, Counted, Interval, Reading, Result
from bihuan.measure.experiments.service import reading, result
from bihuan.measure.funnels.rules import FunnelQuery, FunnelResult, Group, Step, parse_steps, parse_window
from bihuan.measure.funnels.service import funnel

__all__ = [
    "Arm",
    "Cockpit",
    "Comparison",
    "Counted",
    "Figure",
    "FunnelQuery",
    "FunnelResult",
    "Group",
    "Interval",
    "Reading",
    "Result",
    "Step",
    "cockpit",
    "funnel",
    "parse_steps",
    "parse_window",
    "reading",
    "result",
]
