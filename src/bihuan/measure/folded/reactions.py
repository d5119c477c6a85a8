"""Facts of all rooms, folded into measure's rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from bihuan.credit import facts as credit
from bihuan.customers import facts as customers
from bihuan.decide import facts as decide
from bihuan.kit.log import Batch, Entry, Fact, Reaction
from bihuan.kit.postgres import Tx
from bihuan.measure.folded import repository, shapes
from bihuan.measure.folded.rules import Shape, Trace, trace
from bihuan.reach import facts as reach
from bihuan.serve import facts as serve
from bihuan.understand import facts as understand

Told = Iterable[tuple[Shape, Trace]]

Turn = (
    understand.OpeningStarted
    | understand.OpeningAdvanced
    | understand.OpeningSubmitted
    | understand.OpeningOpened
    | understand.OpeningIneligible
    | understand.OpeningAbandoned
)

# Which moment of an opening a turn of understand is.
_TURNS: Mapping[type[Fact], str] = {
    understand.OpeningStarted: "started_at",
    understand.OpeningAdvanced: "advanced_at",
    understand.OpeningSubmitted: "submitted_at",
    understand.OpeningOpened: "opened_at",
    understand.OpeningIneligible: "ineligible_at",
    understand.OpeningAbandoned: "abandoned_at",
}


def _turn(fact: Turn, entry: Entry) -> Told:
    moment = (fact.at, fact.step) if isinstance(fact, understand.OpeningAdvanced) else (fact.at,)
    yield (
        shapes.OPENING,
        trace(
            fact.opening_id,
            customer_at=(fact.at, fact.customer_id),
            branch_at=(fact.at, fact.branch_id),
            channel_at=(fact.at, getattr(fact, "channel", None)),
            **{_TURNS[type(fact)]: moment},
        ),
    )


def _stuck(fact: understand.OpeningStuck, entry: Entry) -> Told:
    yield (
        shapes.OPENING,
        trace(
            fact.opening_id,
            customer_at=(fact.stuck_at, fact.customer_id),
            branch_at=(fact.stuck_at, fact.branch_id),
            stuck_at=(fact.stuck_at, fact.step),
        ),
    )


def _assigned(fact: decide.RescueAssigned, entry: Entry) -> Told:
    """The first stall is the exposure; its moment is when the clock ran out, the same in every arm."""
    yield shapes.OPENING, trace(fact.opening_id, customer_at=(fact.stuck_at, fact.customer_id))
    if fact.exposed:
        moment = (fact.stuck_at, fact.version, fact.arm, fact.step)
        yield shapes.EXPOSURE, trace((fact.experiment, fact.opening_id), exposed_at=moment)


# A message or a contact changes what is known of how its opening was reached: the opening is named too, so that its
# row is locked and its outcome settled again.


def _message_sent(fact: reach.MessageSent, entry: Entry) -> Told:
    """Taken by the gateway, and not yet with the customer."""
    if fact.opening_id:
        yield shapes.OPENING, trace(fact.opening_id)
        moment = (entry.occurred_at, fact.opening_id, fact.arm, fact.channel)
        yield shapes.DELIVERY, trace(fact.delivery_id, sent_at=moment)


def _message_delivered(fact: reach.MessageDelivered, entry: Entry) -> Told:
    """The receipt: now the customer has been reached."""
    if fact.opening_id:
        yield shapes.OPENING, trace(fact.opening_id)
        yield shapes.DELIVERY, trace(fact.delivery_id, delivered_at=entry.occurred_at)


def _offered(fact: serve.RescueOffered, entry: Entry) -> Told:
    yield (
        shapes.RESCUE,
        trace(
            fact.rescue_id,
            known_at=(fact.at, fact.opening_id),
            branch_at=(fact.at, fact.branch_id),
            offered_at=(fact.at, fact.step),
        ),
    )


def _taken(fact: serve.RescueTaken, entry: Entry) -> Told:
    yield shapes.RESCUE, trace(fact.rescue_id, branch_at=(fact.taken_at, fact.branch_id), taken_at=fact.taken_at)


def _contacted(fact: serve.RescueContacted, entry: Entry) -> Told:
    """An attempt: a call is noted before it is dialled, and only its outcome says whether anybody answered."""
    at = fact.contacted_at
    yield shapes.OPENING, trace(fact.opening_id)
    yield (
        shapes.RESCUE,
        trace(fact.rescue_id, known_at=(at, fact.opening_id), contacted_at=(at, fact.channel)),
    )


def _released(fact: serve.RescueReleased, entry: Entry) -> Told:
    yield shapes.RESCUE, trace(fact.rescue_id, released_at=fact.at)


def _finished(fact: serve.RescueFinished, entry: Entry) -> Told:
    yield shapes.OPENING, trace(fact.opening_id)
    moment = (fact.at, fact.outcome)
    yield shapes.RESCUE, trace(fact.rescue_id, known_at=(fact.at, fact.opening_id), ended_at=moment)


def _asked(fact: serve.EnquiryAsked, entry: Entry) -> Told:
    branch = (fact.asked_at, fact.branch_id)
    yield shapes.ENQUIRY, trace((fact.enquiry_id, fact.round), asked_at=fact.asked_at, branch_at=branch)


def _answered(fact: serve.EnquiryAnswered, entry: Entry) -> Told:
    yield (
        shapes.ENQUIRY,
        trace(
            (fact.enquiry_id, fact.round),
            branch_at=(fact.first_answer_at, fact.branch_id),
            asked_at=fact.asked_at,
            person_asked_at=fact.person_asked_at,
            claimed_at=fact.claimed_at,
            first_answer_at=(fact.first_answer_at, fact.by_bot),
        ),
    )


def _enquiry_offered(fact: serve.EnquiryOffered, entry: Entry) -> Told:
    key = (fact.enquiry_id, fact.round)
    yield shapes.ENQUIRY, trace(key, person_asked_at=fact.person_asked_at, offered_at=fact.at)


def _claimed(fact: serve.EnquiryClaimed, entry: Entry) -> Told:
    yield (
        shapes.ENQUIRY,
        trace(
            (fact.enquiry_id, fact.round),
            branch_at=(fact.claimed_at, fact.branch_id),
            person_asked_at=fact.person_asked_at,
            claimed_at=fact.claimed_at,
            held_at=fact.claimed_at,
        ),
    )


def _owed(fact: serve.CallbackOwed, entry: Entry) -> Told:
    key = (fact.enquiry_id, fact.round)
    yield shapes.ENQUIRY, trace(key, person_asked_at=fact.person_asked_at, callback_owed_at=fact.at)


def _closed(fact: serve.EnquiryClosed, entry: Entry) -> Told:
    yield (
        shapes.ENQUIRY,
        trace(
            (fact.enquiry_id, fact.round),
            branch_at=(fact.closed_at, fact.branch_id),
            asked_at=fact.asked_at,
            person_asked_at=fact.person_asked_at,
            claimed_at=fact.claimed_at,
            closed_at=(fact.closed_at, fact.outcome),
        ),
    )


def _rated(fact: serve.EnquiryRated, entry: Entry) -> Told:
    yield shapes.RATING, trace(fact.enquiry_id, branch_at=(fact.at, fact.branch_id), rated_at=(fact.at, fact.stars))


def _account(fact: credit.AccountCredited, entry: Entry) -> Told:
    """The account counts from the day it was first credited, for the branch the latest entry names."""
    yield shapes.OPENING, trace(fact.opening_id, credited_at=fact.at, owned_at=(fact.at, fact.branch_id))


def _assist(fact: credit.AssistCredited, entry: Entry) -> Told:
    yield shapes.ASSIST, trace(fact.entry_id, at=(fact.at, fact.branch_id))


def _disputed(fact: credit.DisputeOpened, entry: Entry) -> Told:
    yield shapes.DISPUTE, trace(fact.dispute_id, opened_at=(entry.occurred_at, fact.branch_id))


def _decided(fact: credit.DisputeDecided, entry: Entry) -> Told:
    yield shapes.DISPUTE, trace(fact.dispute_id, decided_at=(entry.occurred_at, fact.verdict))


_TELLERS: tuple[tuple[type[Fact], Callable[..., Told]], ...] = (
    *((kind, _turn) for kind in _TURNS),
    (understand.OpeningStuck, _stuck),
    (decide.RescueAssigned, _assigned),
    (reach.MessageSent, _message_sent),
    (reach.MessageDelivered, _message_delivered),
    (serve.RescueOffered, _offered),
    (serve.RescueTaken, _taken),
    (serve.RescueContacted, _contacted),
    (serve.RescueReleased, _released),
    (serve.RescueFinished, _finished),
    (serve.EnquiryAsked, _asked),
    (serve.EnquiryAnswered, _answered),
    (serve.EnquiryOffered, _enquiry_offered),
    (serve.EnquiryClaimed, _claimed),
    (serve.CallbackOwed, _owed),
    (serve.EnquiryClosed, _closed),
    (serve.EnquiryRated, _rated),
    (credit.AccountCredited, _account),
    (credit.AssistCredited, _assist),
    (credit.DisputeOpened, _disputed),
    (credit.DisputeDecided, _decided),
)
_BY_NAME = {kind.NAME: (kind, teller) for kind, teller in _TELLERS}


async def react(batch: Batch, tx: Tx) -> None:
    """Fold a batch; tables in one fixed order, so that lanes never wait for each other in a circle."""
    told: dict[str, list[Trace]] = defaultdict(list)
    for entry in batch.entries:
        if entry.name in _BY_NAME:
            kind, teller = _BY_NAME[entry.name]
            for shape, one in teller(kind.of(entry), entry):
                told[shape.table].append(one)
    told[shapes.OPENING.table] += await _moved(batch, tx)
    openings = told[shapes.OPENING.table]
    for shape in shapes.ALL:
        await repository.fold(tx, shape, told[shape.table])
    await repository.add_steps(tx, openings)
    if openings:
        await repository.settle(tx, {str(opening.key[0]) for opening in openings})


async def _moved(batch: Batch, tx: Tx) -> list[Trace]:
    """A customer whose service moves to another branch takes his open application with him."""
    moves = [customers.RelationMoved.of(entry) for entry in batch.named(customers.RelationMoved.NAME)]
    service = {move.customer_id: move for move in moves if move.kind == "service" and move.customer_id}
    return [
        trace(row["opening_id"], branch_at=(move.valid_from, move.branch_id))
        for row in await repository.openings_of(tx, service)
        for move in [service[row["customer_id"]]]
    ]


async def note_presence(batch: Batch, tx: Tx) -> None:
    """Remember who came and went."""
    marks = [serve.PresenceChanged.of(entry) for entry in batch.entries]
    rows: list[dict[str, object]] = [
        {"staff_id": m.staff_id, "at": m.at, "state": m.state, "branch_id": m.branch_id} for m in marks
    ]
    await repository.note_presence(tx, rows)


FOLD = Reaction("measure.fold", frozenset({*_BY_NAME, customers.RelationMoved.NAME}), react)
PRESENCE = Reaction("measure.presence", frozenset({serve.PresenceChanged.NAME}), note_presence)
