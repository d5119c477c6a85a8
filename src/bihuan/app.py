"""The web application: the routers of all rooms, errors as problems, the live WebSocket, the built web app."""

import secrets
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from psycopg import DataError, OperationalError
from psycopg import errors as pg_errors
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

from bihuan.collect.quarantine import endpoints as quarantine
from bihuan.collect.recent import endpoints as recent_events
from bihuan.collect.recent import service as recent_service
from bihuan.comply.calendar import endpoints as comply_calendar
from bihuan.comply.consent import endpoints as comply_consent
from bihuan.comply.policy import endpoints as comply_policy
from bihuan.comply.suitability import endpoints as comply_suitability
from bihuan.comply.wording import endpoints as comply_wording
from bihuan.credit.disputes import endpoints as credit_disputes
from bihuan.credit.disputes import showing as disputes
from bihuan.credit.ledger import endpoints as credit_ledger
from bihuan.credit.ledger import reading as credits
from bihuan.credit.rulebook import endpoints as credit_rulebook
from bihuan.customers import facade as customers
from bihuan.customers.history import endpoints as customer_history
from bihuan.customers.profiles import endpoints as customer_profiles
from bihuan.decide.catalogue import endpoints as catalogue
from bihuan.decide.decisions import endpoints as decisions
from bihuan.decide.experiments import endpoints as experiments
from bihuan.demo.openings import endpoints as demo_openings
from bihuan.demo.phone import endpoints as demo_phone
from bihuan.demo.stage import endpoints as demo_stage
from bihuan.demo.tour import endpoints as demo_tour
from bihuan.kit.errors import Invalid, NotFound, Problem, Unavailable
from bihuan.kit.live import TopicKind
from bihuan.measure.assumptions import endpoints as measure_assumptions
from bihuan.measure.cockpit import endpoints as cockpit
from bihuan.measure.cockpit import live as live_cockpit
from bihuan.measure.experiments import endpoints as experiment_results
from bihuan.measure.funnels import endpoints as funnels
from bihuan.measure.metrics import endpoints as metrics_catalogue
from bihuan.measure.plans import endpoints as branch_plans
from bihuan.people.approvals import endpoints as people_approvals
from bihuan.people.keys import endpoints as people_keys
from bihuan.people.sessions import endpoints as people_sessions
from bihuan.people.staff import endpoints as people_staff
from bihuan.people.tokens import endpoints as people_tokens
from bihuan.reach.inbox import endpoints as reach_inbox
from bihuan.reach.receipts import endpoints as reach_receipts
from bihuan.reach.sending import endpoints as reach_sending
from bihuan.reach.sending import reading as deliveries
from bihuan.reach.templates import endpoints as reach_templates
from bihuan.serve.claims import endpoints as serve_claims
from bihuan.serve.conversations import endpoints as serve_conversations
from bihuan.serve.enquiries import endpoints as serve_enquiries
from bihuan.serve.enquiries import topics as serve_enquiry_topics
from bihuan.serve.knowledge import endpoints as serve_knowledge
from bihuan.serve.presence import endpoints as serve_presence
from bihuan.serve.presence import topics as serve_presence_topics
from bihuan.serve.rescue import endpoints as serve_rescue
from bihuan.serve.rescue import topics as serve_rescue_topics
from bihuan.understand.openings import desk as opening_desk
from bihuan.understand.openings import endpoints as openings
from bihuan.understand.portraits import endpoints as understand_portraits
from bihuan.understand.segments import endpoints as understand_segments
from bihuan.understand.tags import endpoints as understand_tags

log = structlog.get_logger()


def routers() -> Sequence[APIRouter]:
    """All rooms' endpoints under `/api/v1`, in the order of the loop."""
    return [
        # collect
        recent_events.router,
        quarantine.router,
        # customers
        customer_profiles.router,
        customer_history.router,
        # understand
        openings.router,
        # decide
        catalogue.router,
        decisions.router,
        experiments.router,
        # reach
        reach_templates.router,
        reach_sending.router,
        reach_inbox.router,
        reach_receipts.router,
        # serve
        serve_presence.router,
        serve_enquiries.router,
        serve_claims.router,
        serve_conversations.router,
        serve_knowledge.router,
        serve_rescue.router,
        # credit
        credit_ledger.router,
        credit_disputes.router,
        credit_rulebook.router,
        # measure
        cockpit.router,
        funnels.router,
        experiment_results.router,
        metrics_catalogue.router,
        branch_plans.router,
        measure_assumptions.router,
        understand_tags.router,
        understand_segments.router,
        understand_portraits.router,
        # people and comply
        people_sessions.router,
        people_staff.router,
        people_keys.router,
        people_tokens.router,
        people_approvals.router,
        comply_suitability.router,
        comply_consent.router,
        comply_policy.router,
        comply_wording.router,
        comply_calendar.router,
        # demo mode
        demo_stage.router,
        demo_openings.router,
        demo_phone.router,
        demo_tour.router,
    ]


def topics() -> Sequence[TopicKind]:
    """All live topics that browsers may subscribe to."""
    return [
        live_cockpit.COCKPIT,
        recent_service.TOPIC_KIND,
        opening_desk.TOPIC,
        TopicKind("deliveries", deliveries.may_look, deliveries.snapshot),
        TopicKind("inbox", reach_inbox.may_look, reach_inbox.snapshot),
        *serve_enquiry_topics.TOPICS,
        *serve_presence_topics.TOPICS,
        *serve_rescue_topics.TOPICS,
        TopicKind("credits", credits.may_look, credits.snapshot),
        TopicKind("disputes", credits.may_look, disputes.snapshot),
    ]


def problem_response(request: Request, problem: Problem) -> Response:
    """A problem as the wire carries it (RFC 9457), with the request's id to quote."""
    headers = {"Retry-After": str(problem.extra["retry_after"])} if "retry_after" in problem.extra else None
    return JSONResponse(
        problem.body(request_id(request)),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )


def request_id(request: Request) -> str:
    """The id under which this request stands in the log lines."""
    found: str = getattr(request.state, "request_id", "") or secrets.token_hex(8)
    return found


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101  (registered for Problem only)
    return problem_response(request, error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = [
        {"field": ".".join(str(part) for part in found["loc"]), "message": found["msg"]} for found in error.errors()
    ]
    return problem_response(
        request,
        Invalid("request", "Correct the fields that are named and send the request again.", fields=fields),
    )


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    problem = NotFound("route", "There is nothing at this address.")
    body = {**problem.body(request_id(request)), "status": error.status_code, "title": str(error.detail)}
    if error.status_code != 404:
        body |= {"type": f"urn:bihuan:problem:http-{error.status_code}", "detail": str(error.detail)}
    return JSONResponse(
        body, status_code=error.status_code, media_type="application/problem+json", headers=error.headers
    )


async def _on_engine(request: Request, error: Exception) -> Response:
    log.warning("engine away", error=repr(error))
    return problem_response(
        request,
        Unavailable("database", "The database does not answer; the same call may be made again.", retry_after=1),
    )


async def _on_text(request: Request, error: Exception) -> Response:
    # PostgreSQL's text cannot hold NUL, and JSON cannot hold half a surrogate pair.
    return problem_response(request, Invalid("text", "Leave out NUL characters and broken Unicode."))


async def _on_value(request: Request, error: Exception) -> Response:
    # The driver has no class of its own for NUL in a text; other values are numbers and dates out of range.
    if "NUL" in str(error):
        return await _on_text(request, error)
    return problem_response(request, Invalid("value", "A number or date is out of range; send a smaller one."))


HANDLERS: dict[int | type[Exception], Any] = {
    Problem: _on_problem,
    RequestValidationError: _on_invalid,
    HTTPException: _on_http,
    OperationalError: _on_engine,
    PoolTimeout: _on_engine,
    pg_errors.UntranslatableCharacter: _on_text,
    pg_errors.CharacterNotInRepertoire: _on_text,
    UnicodeEncodeError: _on_text,
    DataError: _on_value,
}


def build() -> FastAPI:
    """The application without its house; `server.py` adds that, tests may too."""
    made = FastAPI(
        title="Bihuan",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        exception_handlers=HANDLERS,
    )
    # What an earlier room asks of a later one is handed in here.
    made.state.branches_of_customers = customers.branch_of
    for router in routers():
        made.include_router(router, prefix="/api/v1")
    return made
