"""The tables of folded rows."""

from bihuan.measure.folded.rules import Kind, Shape

OPENING = Shape(
    "measure_opening",
    {"opening_id": "text"},
    (
        Kind("customer_at", {"customer_id": "uuid"}, earliest=False),
        Kind("branch_at", {"branch_id": "uuid"}, earliest=False),
        Kind("channel_at", {"channel": "text"}),
        Kind("started_at"),
        Kind("submitted_at"),
        Kind("opened_at"),
        Kind("ineligible_at"),
        Kind("abandoned_at", earliest=False),
        Kind("advanced_at", {"advanced_step": "text"}, earliest=False),
        Kind("stuck_at", {"stuck_step": "text"}, earliest=False),
        Kind("credited_at"),
        Kind("owned_at", {"credited_branch_id": "uuid"}, earliest=False),
    ),
)

RESCUE = Shape(
    "measure_rescue",
    {"rescue_id": "uuid"},
    (
        Kind("known_at", {"opening_id": "text"}),
        Kind("branch_at", {"branch_id": "uuid"}, earliest=False),
        Kind("offered_at", {"step": "text"}),
        Kind("taken_at", earliest=False),
        Kind("released_at", earliest=False),
        Kind("contacted_at", {"contact_channel": "text"}),
        Kind("ended_at", {"outcome": "text"}),
    ),
)

DELIVERY = Shape(
    "measure_delivery",
    {"delivery_id": "uuid"},
    (Kind("sent_at", {"opening_id": "text", "arm": "text", "channel": "text"}), Kind("delivered_at")),
)

EXPOSURE = Shape(
    "measure_exposure_outcome",
    {"experiment": "text", "opening_id": "text"},
    (Kind("exposed_at", {"version": "integer", "arm": "text", "step": "text"}),),
)

ENQUIRY = Shape(
    "measure_enquiry",
    {"enquiry_id": "uuid", "round": "integer"},
    (
        Kind("branch_at", {"branch_id": "uuid"}, earliest=False),
        Kind("asked_at"),
        Kind("person_asked_at"),
        Kind("claimed_at"),
        Kind("held_at", earliest=False),
        Kind("offered_at", earliest=False),
        Kind("first_answer_at", {"by_bot": "boolean"}),
        Kind("callback_owed_at", earliest=False),
        Kind("closed_at", {"outcome": "text"}, earliest=False),
    ),
)

RATING = Shape(
    "measure_rating",
    {"enquiry_id": "uuid"},
    (
        Kind("branch_at", {"branch_id": "uuid"}, earliest=False),
        Kind("rated_at", {"stars": "integer"}, earliest=False),
    ),
)

DISPUTE = Shape(
    "measure_dispute",
    {"dispute_id": "uuid"},
    (Kind("opened_at", {"branch_id": "uuid"}), Kind("decided_at", {"verdict": "text"})),
)

ASSIST = Shape("measure_assist", {"entry_id": "uuid"}, (Kind("at", {"branch_id": "uuid"}),))

# In the order in which their rows are locked.
ALL = (OPENING, RESCUE, DELIVERY, EXPOSURE, ENQUIRY, RATING, ASSIST, DISPUTE)
