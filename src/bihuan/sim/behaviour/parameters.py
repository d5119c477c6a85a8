"""Every number the simulated people live by. This is the truth a run writes to `truth.json`.

Times are seconds of product time unless a name says otherwise. Where domain.md gives a figure the comment says so;
everything else is a guess, chosen so that the whole looks like the peers' published orders of magnitude, and
docs/simulator.md says which is which.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

MINUTE = 60.0
HOUR = 3600.0


@dataclass(frozen=True)
class Step:
    """One step of the remote opening as an applicant lives it.

    `median` and `spread` describe the log-normal time to do it without trouble, `stall` the chance of getting stuck
    in it, `reasons` why (weights), and `silent_after` the product's default clock for "stuck".
    """

    code: str
    event: str
    median: float
    spread: float
    stall: float
    reasons: tuple[tuple[str, float], ...]
    silent_after: float = 30 * MINUTE


# Order, events and reasons: domain.md section 1; clocks 15/18/30 minutes: the same, S7. Medians and chances: guesses.
STEPS: tuple[Step, ...] = (
    Step(
        "phone",
        "opening:phone:verified",
        45,
        0.5,
        0.05,
        (("code_not_received", 6), ("no_permission", 1), ("wrong_page", 1)),
    ),
    Step(
        "products",
        "opening:products:chosen",
        60,
        0.6,
        0.05,
        (("fee_question", 6), ("transfer_in", 2), ("which_branch", 1)),
    ),
    Step(
        "id",
        "opening:id:accepted",
        100,
        0.6,
        0.10,
        (("blurred", 4), ("no_id_at_hand", 4), ("expired", 1)),
        15 * MINUTE,
    ),
    Step("profile", "opening:profile:done", 110, 0.5, 0.04, (("too_many_fields", 1),)),
    Step(
        "face",
        "opening:face:passed",
        40,
        0.5,
        0.05,
        (("light", 3), ("camera_permission", 2), ("glasses", 1)),
    ),
    Step("risk", "opening:risk:assessed", 130, 0.5, 0.04, (("level_too_low", 2), ("unsure_of_question", 3))),
    Step("agreements", "opening:agreements:signed", 80, 0.6, 0.03, (("too_long", 1),)),
    Step(
        "bank",
        "opening:bank:bound",
        100,
        0.6,
        0.10,
        (("card_not_class_one", 3), ("bank_message", 3), ("other_broker_bound", 2), ("bank_maintenance", 1)),
    ),
    Step("password", "opening:password:set", 35, 0.4, 0.03, (("weak_password", 1),)),
    Step(
        "video",
        "opening:video:passed",
        220,
        0.4,
        0.08,
        (("queue", 4), ("network", 3), ("no_quiet_place", 2)),
        18 * MINUTE,
    ),
    Step("callback", "opening:callback:done", 70, 0.5, 0.03, (("not_answered", 1),)),
    Step("submit", "opening:submitted", 15, 0.4, 0.01, (("distracted", 1),)),
)
CODES: tuple[str, ...] = tuple(step.code for step in STEPS)
PHONE, ID, VIDEO = CODES.index("phone"), CODES.index("id"), CODES.index("video")


@dataclass(frozen=True)
class Stalling:
    """The continuous-time life of somebody who got stuck. Rates are per second at the moment of the stall.

    Resuming unaided: `resume * exp(-t / resume_fade)`. Each contact that got through at age tau adds
    `gain * exp(-tau / late)` times that rate, fading with `exp(-(t - tau) / fade)`: sooner counts more, twice
    over. Leaving for good competes at `leave`. Asking in the chat: `ask * exp(-t / ask_fade)`, once per stall.
    """

    resume: float = 1 / (90 * MINUTE)
    resume_fade: float = 75 * MINUTE
    leave: float = 1 / (240 * MINUTE)
    ask: float = 1 / (60 * MINUTE)
    ask_fade: float = 12 * MINUTE
    relapse: float = 0.25  # chance of stalling again at the same step, as a share of the first
    resolve_shape: float = 2.5  # gamma shapes of the personal multipliers (mean 1): how people differ
    patience_shape: float = 4.0
    asking_shape: float = 1.2


@dataclass(frozen=True)
class Contact:
    """What one kind of contact does: the chance and delay of getting through, and the push it gives."""

    through: float  # chance that the person notices or picks up
    delay: float  # mean time until he does
    gain: float  # push on the rate of resuming, for a contact at the moment of the stall
    late: float  # the push of a later contact has faded by exp(-age / late)
    fade: float  # and wears off like this after it


# Guesses, ordered as GF said at the round table (mission M10): a message alone does little, a person much.
CONTACTS: dict[str, Contact] = {
    "sms": Contact(0.75, 4 * MINUTE, 2.0, 90 * MINUTE, 20 * MINUTE),
    "inbox": Contact(0.35, 10 * MINUTE, 2.0, 90 * MINUTE, 20 * MINUTE),
    "call": Contact(0.85, 15, 45.0, 60 * MINUTE, 20 * MINUTE),
    "chat": Contact(1.0, 0, 35.0, 60 * MINUTE, 20 * MINUTE),
    "bot": Contact(1.0, 0, 9.0, 60 * MINUTE, 15 * MINUTE),
}


@dataclass(frozen=True)
class Review:
    """The opening system's own part: video queue, review, one step sent back."""

    queue_median: float = 150
    queue_spread: float = 0.8
    seconds_ahead: float = 45  # one place in the queue
    review_median: float = 7 * MINUTE
    review_spread: float = 0.5
    send_back: float = 0.09
    send_back_steps: tuple[tuple[str, float], ...] = (("id", 5), ("profile", 3), ("face", 1))
    send_back_stall: float = 0.30  # many are surprised, and put it off
    notice: float = 60
    comes_back: float = 0.85  # of those sent away because the video desk is closed
    comes_back_delay: float = 12 * MINUTE
    deposit: float = 0.35  # of opened accounts within the day; 入金 is the most forgotten step
    deposit_median: float = 35 * MINUTE
    trade: float = 0.45
    trade_median: float = 25 * MINUTE


@dataclass(frozen=True)
class Channel:
    """Where visitors come from. `starts` is the chance that a visitor begins an application."""

    code: str
    share: float
    starts: float
    trouble: float  # multiplies the chance of getting stuck
    resolve: float  # multiplies the rate of resuming
    asks: float
    staff_code: float = 0.0  # chance that the visit carries a member of staff's code


# "advertisements low, staff QR high" (issue); 2,600 yuan an account at < 0.3 % click to account (domain.md section 1).
CHANNELS: tuple[Channel, ...] = (
    Channel("advertisement", 0.46, 0.16, 1.30, 0.80, 0.8),
    Channel("search", 0.20, 0.42, 1.05, 1.00, 1.1),
    Channel("social", 0.13, 0.30, 1.10, 0.95, 1.0),
    Channel("referral", 0.09, 0.62, 0.85, 1.10, 1.0, 0.6),
    Channel("staff_qr", 0.09, 0.80, 0.70, 1.20, 0.9, 1.0),
    Channel("branch", 0.03, 0.72, 0.80, 1.10, 0.9),
)


@dataclass(frozen=True)
class Arrivals:
    """Visitors per hour over the day: a curve through (hour, weight), surges added, then scaled.

    `starts_per_hour` is the rate of applications begun at weight 1; a trading morning has weights near 1.
    """

    starts_per_hour: float = 230.0
    curve: tuple[tuple[float, float], ...] = (
        (0, 0.25), (1, 0.1), (5, 0.05), (7, 0.3), (8.5, 0.8), (9.25, 1.0), (11.3, 1.05), (12.2, 0.6), (13.0, 0.95),
        (15.0, 1.0), (18.0, 0.9), (20.0, 1.7), (21.5, 1.9), (22.5, 1.2), (24, 0.25),
    )  # fmt: skip
    surge: tuple[float, float, float] = (9.25, 9.75, 1.45)
    weekend: float = 0.55
    holiday: float = 0.35


# App use follows the market: before the opening, the two sessions, a smaller evening.
APP_USE = Arrivals(
    starts_per_hour=500.0,
    curve=(
        (0, 0.08), (6, 0.05), (8, 0.5), (9.0, 1.2), (9.6, 1.6), (11.3, 0.9), (12.2, 0.5), (13.0, 1.0), (14.6, 1.2),
        (15.2, 0.8), (18, 0.35), (20.5, 0.55), (22.5, 0.3), (24, 0.08),
    ),
    surge=(9.25, 9.75, 1.6),
    weekend=0.3,
    holiday=0.25,
)  # fmt: skip


@dataclass(frozen=True)
class Applicants:
    """Who applies. Ineligible people cannot finish whatever anybody does."""

    under_age: float = 0.006  # phone opening is for 18 and over (domain.md section 1)
    over_age: float = 0.006  # the firm's own limit of 70 for remote opening
    client_already: float = 0.006
    pace_spread: float = 0.25
    lowest_category: float = 0.04
    # C1..C5 of those who finish the questionnaire
    risk_levels: tuple[float, ...] = (0.08, 0.22, 0.36, 0.24, 0.10)


@dataclass(frozen=True)
class AdvisorHabits:
    """How advisors work. Latencies are log-normal (median, spread)."""

    claim_median: float = 9
    claim_spread: float = 0.7
    slow: float = 0.06  # share of offers answered only after `slow_factor` as long
    slow_factor: float = 8
    misses: float = 0.05  # offers not noticed at all
    capacity: int = 3
    reply_median: float = 25
    reply_spread: float = 0.6
    desk_median: float = 35  # an idle advisor's look at the opening desk
    desk_spread: float = 0.6
    dial_median: float = 15
    call_median: float = 4 * MINUTE
    call_spread: float = 0.4
    unanswered: float = 40  # ringing out and noting it down
    wrap_median: float = 30
    wrap_spread: float = 0.4
    break_every: float = 75 * MINUTE
    break_median: float = 8 * MINUTE
    gives_up_after: int = 4  # messages after which a conversation is closed by the advisor


@dataclass(frozen=True)
class Questions:
    """Enquiries of existing customers, and how people rate being served."""

    per_hour: float = 60.0
    prohibited: float = 0.05
    english: float = 0.08
    follow_up: float = 0.35
    rates: float = 0.7
    leaves_after: float = 12 * MINUTE  # mean patience with an unanswered question
    impatience_median: float = 90
    solved_by_bot: float = 0.72
    solved_by_person: float = 0.88


@dataclass(frozen=True)
class Truth:
    """All parameters of one run."""

    stalling: Stalling = field(default_factory=Stalling)
    review: Review = field(default_factory=Review)
    arrivals: Arrivals = field(default_factory=Arrivals)
    app_use: Arrivals = APP_USE
    applicants: Applicants = field(default_factory=Applicants)
    advisors: AdvisorHabits = field(default_factory=AdvisorHabits)
    questions: Questions = field(default_factory=Questions)
    steps: tuple[Step, ...] = STEPS
    channels: tuple[Channel, ...] = CHANNELS
    contacts: dict[str, Contact] = field(default_factory=lambda: dict(CONTACTS))

    def as_json(self) -> dict[str, Any]:
        """The parameters as plain JSON values."""
        return asdict(self)
