"""What happens to an event: the reactions of all rooms, in the order of the loop.

Each line is one reaction: its name, and in its own file the names it wants and what it does. A lane of the log
runs them top to bottom over each batch, in one transaction with the move of its cursor.
"""

from collections.abc import Mapping, Sequence

from bihuan.collect.recent import service as recent_service
from bihuan.comply.consent import reactions as comply_consent
from bihuan.comply.suitability import reactions as comply_investors
from bihuan.connect.sms import tasks as sms_tasks
from bihuan.credit.disputes import reactions as credit_disputes
from bihuan.credit.ledger import reactions as credit_ledger
from bihuan.credit.rulebook import reactions as credit_rulebook
from bihuan.customers.profiles import reactions as customer_profiles
from bihuan.customers.relations import reactions as customer_relations
from bihuan.decide.experiments import reactions as experiments
from bihuan.decide.interests import reactions as interests
from bihuan.kit.deadlines import Handler
from bihuan.kit.house import House
from bihuan.kit.log import Reaction
from bihuan.measure.cockpit import live as cockpit
from bihuan.measure.counters import reactions as counters
from bihuan.measure.folded import reactions as folded
from bihuan.reach.moments import reactions as reach_moments
from bihuan.reach.sending import reactions as reach_sending
from bihuan.reach.templates import reactions as reach_templates
from bihuan.serve.enquiries import reactions as serve_enquiries
from bihuan.serve.knowledge import reactions as serve_knowledge
from bihuan.serve.presence import reactions as serve_presence
from bihuan.serve.rescue import reactions as serve_rescue
from bihuan.understand.openings import reactions as openings
from bihuan.understand.segments import tasks as segments
from bihuan.understand.tags import tasks as tags

# Modules with jobs: a worker that imports this file can run them.
JOBS = (sms_tasks, tags, segments)


def reactions(house: House) -> Sequence[Reaction]:
    """All reactions, in the order of the loop."""
    return [
        # collect
        recent_service.REACTION,
        # customers
        customer_profiles.reaction(house),
        customer_relations.reaction(house),
        # comply
        comply_investors.REACTION,
        comply_consent.REACTION,
        # understand
        openings.reaction(house),
        # decide
        interests.REACTION,
        experiments.REACTION,
        # reach
        reach_templates.REACTION,
        reach_moments.reaction(house),
        # serve
        serve_presence.REACTION,
        serve_knowledge.REACTION,
        serve_enquiries.REACTION,
        serve_rescue.REACTION,
        # credit
        credit_rulebook.REACTION,
        credit_ledger.REACTION,
        # measure
        folded.FOLD,
        folded.PRESENCE,
        counters.COUNT,
    ]


def deadlines(house: House) -> Mapping[str, Handler]:
    """What falls due in product time, by kind."""
    return {
        openings.SILENCE: openings.on_silence(house),
        tags.HOURLY: tags.on_hour,
        interests.COUNT: interests.on_count,
        **reach_moments.deadlines(house),
        **reach_sending.deadlines(house),
        **serve_presence.DEADLINES,
        **serve_enquiries.DEADLINES,
        **serve_rescue.DEADLINES,
        **credit_ledger.deadlines(house),
        **credit_disputes.deadlines(house),
        cockpit.BEAT: cockpit.beat(house),
    }
