"""What happens to an event: the reactions of all rooms, in the order of the loop.

Each line is one reaction: its name, and in its own file the names it wants and what it does. A lane of the log
runs them top to bottom over each batch, in one transaction with the move of its cursor.
"""

from collections.abc import Mapping, Sequence

from bihuan.kit.deadlines import Handler
from bihuan.kit.log import Reaction


def reactions() -> Sequence[Reaction]:
    """All reactions, in the order of the loop."""
    return [
        # collect
        # customers
        # understand
        # decide
        # reach
        # serve
        # credit
        # measure
    ]


def deadlines() -> Mapping[str, Handler]:
    """What falls due in product time, by kind."""
    return {}
