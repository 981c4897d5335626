"""The API under /api/v1/, described by its own OpenAPI document."""

from yinuo.api import (
    changes,
    commitments,
    credit,
    events,
    feed,
    indicators,
    leads,
    ledger,
    observations,
    projects,
    states,
    units,
)
from yinuo.api.answer_errors import AskedTooOften
from yinuo.api.problem import ProblemAPI, answer_with_problems

api = ProblemAPI(
    title="Yinuo",
    version="1",
    description=(
        "Every promise of a city, what was only reported, what was changed, by whom, and the"
        " ledger that proves it. Without signing in you read what is public; with a session of"
        " the site, what your duties let you see. Lists are paged by cursor: follow `next`."
        " Writing is for window systems alone, with a key of their own; questions of credit are"
        " for institutions, with a key whose scopes are what it may ask."
        " Errors are problem+json (RFC 9457) with a code, a place and a next step in Chinese."
    ),
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
)
answer_with_problems(api)
api.add_exception_handler(AskedTooOften, credit.too_often)  # type: ignore[arg-type]  # as there
api.add_router("/commitments", commitments.router)
api.add_router("/changes", changes.router)
api.add_router("/credit", credit.router)
api.add_router("/events", events.router)
api.add_router("/feed", feed.router)
api.add_router("/observations", observations.router)
api.add_router("/indicators", indicators.router)
api.add_router("/leads", leads.router)
api.add_router("/projects", projects.router)
api.add_router("/states", states.router)
api.add_router("/units", units.router)
api.add_router("/ledger", ledger.router)
