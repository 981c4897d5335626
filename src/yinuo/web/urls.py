"""The addresses of all pages."""

from django.urls import URLPattern, path

from yinuo.web.steps import STEPS
from yinuo.web.views import (
    about,
    board,
    changes,
    commitment,
    downloads,
    duties,
    erasures,
    health,
    ledger,
    listing,
    log,
    observations,
    proof,
    publishing,
    signin,
    work,
)
from yinuo.web.views.steps import step_view

urlpatterns: list[URLPattern] = [
    path("", board.board, name="board"),
    path("commitments/", listing.commitments, name="commitments"),
    path("commitments.xlsx", downloads.commitments, name="commitments_xlsx"),
    path("commitments/<str:code>/", commitment.commitment, name="commitment"),
    path("commitments/<str:code>/change/", changes.ask, name="change"),
    *(
        path(f"commitments/<str:code>/{step.path}/", step_view(step), name=step.path)
        for step in STEPS
    ),
    path("changes/<path:code>/", changes.decide, name="decide"),
    path("observations/", observations.observations, name="observations"),
    path("observations.xlsx", downloads.observations, name="observations_xlsx"),
    path("work/", work.work, name="work"),
    path("work/publish/", publishing.publishing, name="publishing"),
    path("duties/", duties.duties, name="duties"),
    path("duties/ask/", duties.ask, name="duty_ask"),
    path("duties/<int:number>/approve/", duties.approve, name="duty_approve"),
    path("duties/<int:number>/end/", duties.end, name="duty_end"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/text/", erasures.ask_text, name="erasure_text"),
    path("erasures/person/", erasures.ask_person, name="erasure_person"),
    path("erasures/<int:number>/", erasures.erasure, name="erasure"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/check/", ledger.check, name="ledger_check"),
    path("ledger/code.svg", ledger.code_svg, name="ledger_code"),
    path("log/threads/<path:thread>", proof.thread, name="thread"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/checkpoint.witnessed", log.witnessed, name="log_witnessed"),
    path("log/tile/<path:rest>", log.tile, name="log_tile"),
    path("log/openings/<path:number>", log.openings, name="log_openings"),
    path("log/handovers.json", log.handovers, name="log_handovers"),
    path("log/yinuo-verify.py", log.verifier, name="log_verifier"),
    path("about/", about.about, name="about"),
    path("signin/", signin.signin, name="signin"),
    path("signout/", signin.signout, name="signout"),
    path("health", health.health, name="health"),
]
