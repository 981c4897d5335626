"""One question of credit by the system of an institution: yes, no or not determined."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Header, Router, Schema
from ninja.security import HttpBearer

from yinuo.api.answer_errors import AskedTooOften, WrongAnswerKey
from yinuo.api.commands.admitting import admit, given_before, keep_answer, question_mark
from yinuo.api.events import bearer
from yinuo.api.problem import Problem, problem
from yinuo.api.queries.answer_keys import AnswerKeyView, public_key_of
from yinuo.api.request import Request
from yinuo.credit.answering import asking
from yinuo.credit.queries.asking import About, ask

router = Router(tags=["credit"])
LONGEST = 40
Once = Annotated[str, Header(alias="Idempotency-Key", max_length=200)]


class AnswerKey(HttpBearer):
    """The key of an institution's system; its scopes are the scenarios that it may ask."""

    openapi_description = (
        "The key of an institution's system, made by two administrators. Its scopes are ids of"
        " scenarios, one purpose each: it asks nothing else."
    )

    def __call__(self, request: HttpRequest) -> AnswerKeyView:
        """The key that a request bears. Raises `WrongAnswerKey`."""
        return self.authenticate(request, bearer(request))  # type: ignore[arg-type]

    def authenticate(self, request: HttpRequest, token: str) -> AnswerKeyView:
        """The key with this token. Raises `WrongAnswerKey`."""
        del request
        found = public_key_of(token=token) if token else None
        if found is None:
            raise WrongAnswerKey
        return found


class Question(Schema):
    """Who is asked about, and what."""

    scenario: str = Field(max_length=LONGEST)
    """Id of the scenario, such as `medicine`; the key must have it as a scope."""
    kind: Literal["person", "firm"]
    number: str = Field(max_length=LONGEST)
    """公民身份号码 of a person, 统一社会信用代码 of a firm or sole trader."""


class Answer(Schema):
    """The answer, without any record."""

    scenario: str
    answer: Literal["yes", "no", "undetermined"]
    """`undetermined` is no refusal: the usual way stays open."""
    outcome: str
    """What follows from it, in Chinese."""
    reason: str
    """Why, in Chinese, to be read out to whoever it is about."""
    on: date
    until: date
    """The last day on which it may be used."""
    as_of: date | None
    """The day of the records it rests on; null before any were published."""


def too_often(request: HttpRequest, error: AskedTooOften) -> HttpResponse:
    """The answer to a key that asks too much, with `Retry-After`."""
    answer = problem(request, status=error.status, detail=error.what, error=error)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


@router.post(
    "/answers",
    auth=AnswerKey(),
    response={
        200: Answer,
        400: Problem,
        401: Problem,
        403: Problem,
        404: Problem,
        409: Problem,
        422: Problem,
        429: Problem,
        503: Problem,
    },
    summary="Ask one question about one person or firm",
)
def answers(request: Request, question: Question, once: Once = "") -> dict[str, Any]:
    """Ask with the key of an institution: `Authorization: Bearer …`.

    The subject must have consented where the purpose wants it (403 otherwise, whether or not there
    are records); each question is in the read log before it is answered, and the subject sees it.
    With an `Idempotency-Key` the same question within a day gets the same answer and counts once.
    A key has a number of questions a minute and of different numbers a day; beyond them you get
    429 with `Retry-After`.
    """
    key: AnswerKeyView = request.auth  # type: ignore[attr-defined]
    at = request.at
    about = About.of(question.kind, question.number, on=request.today)
    asked = question_mark(question.scenario, about.kind, about.number)
    if once and (before := given_before(key=key, once=once, question=asked, at=at)) is not None:
        return dict(before)
    admit(key=key, mark=about.mark, at=at)
    found = ask(
        asking=asking(),
        scenario=question.scenario,
        kind=about.kind,
        number=about.number,
        viewer=key.asker,
        at=at,
    )
    said = Answer.model_validate(asdict(found)).model_dump(mode="json")
    if once:
        return dict(keep_answer(key=key, once=once, question=asked, answer=said, at=at))
    return said
