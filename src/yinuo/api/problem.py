"""Errors as `application/problem+json`. Source: RFC 9457."""

import json
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Field, NinjaAPI, Schema
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from yinuo.kernel.errors import YinuoError

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
BAD = 400
MISSING = 404
INVALID = 422
NUL = "\0"
"""The one character that PostgreSQL cannot hold, so nothing is called by it."""
Respond = Callable[[HttpRequest], HttpResponseBase]


class Fault(Schema):
    """One parameter that cannot be used."""

    field: str
    """Its name."""
    what: str
    """What is wrong with it."""


class Problem(Schema):
    """An error as RFC 9457 has it, with the code to quote and what to do next."""

    type: str
    """`urn:yinuo:error:` and the code; `about:blank` where the status says it all."""
    title: str
    status: int
    detail: str
    instance: str
    """The path that was asked for."""
    code: str = ""
    place: str = ""
    next: str = ""
    errors: list[Fault] = Field(default_factory=list)


def problem(
    request: HttpRequest,
    *,
    status: int,
    detail: str,
    error: YinuoError | None = None,
    faults: Sequence[Fault] = (),
) -> HttpResponse:
    """One error as an answer."""
    body = Problem(
        type=f"urn:yinuo:error:{error.code}" if error else "about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.path,
        code=error.code if error else "",
        place=error.place if error else "",
        next=error.next_step if error else "",
        errors=list(faults),
    )
    return HttpResponse(
        json.dumps(body.model_dump(), ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )


def _raised(request: HttpRequest, error: YinuoError) -> HttpResponse:
    return problem(request, status=error.status, detail=error.what, error=error)


def _field(place: Sequence[Any]) -> str:
    """`cursor` of `("query", "cursor")`."""
    return ".".join(str(part) for part in place[1:]) or str(place[0])


def _faults(found: Iterable[dict[str, Any]]) -> list[Fault]:
    return [Fault(field=_field(fault["loc"]), what=fault["msg"]) for fault in found]


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _unusable(request, _faults(error.errors))


def _unusable(request: HttpRequest, faults: Sequence[Fault]) -> HttpResponse:
    named = "、".join(fault.field for fault in faults)
    return problem(request, status=INVALID, detail=f"参数不能使用：{named}", faults=faults)


class ProblemAPI(NinjaAPI):
    """An API whose errors are problems, and are described as what they are."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:  # noqa: ANN401  # as the parent
        """The OpenAPI document, in which every answer from 400 on is a problem."""
        described = super().get_openapi_schema(**asked)
        for operations in described["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= BAD:
                        answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
        return described


def answer_with_problems(api: NinjaAPI) -> None:
    """Let the API answer every error that Yinuo raises on purpose, and every bad parameter."""
    # Handlers are annotated as taking classes too, but are only ever given what was raised.
    api.add_exception_handler(YinuoError, _raised)  # type: ignore[arg-type]
    api.add_exception_handler(ValidationError, _invalid)  # type: ignore[arg-type]


def _holding_nul(request: HttpRequest) -> HttpResponse | None:
    """The answer to an address that no database could be asked about; None for any other."""
    if NUL in request.path:
        return problem(request, status=MISSING, detail=HTTPStatus(MISSING).description)
    faults = [
        Fault(field=name, what="含有空字符（U+0000）")
        for name, values in request.GET.lists()
        if NUL in "".join((name, *values))
    ]
    return _unusable(request, faults) if faults else None


def problems(respond: Respond) -> Respond:
    """Turn what Django itself answers under /api/ (404, 405, 500) into problems."""

    def run(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return respond(request)
        response = _holding_nul(request) or respond(request)
        kind = response.headers.get("Content-Type", "")
        if response.status_code < BAD or kind.startswith(MEDIA_TYPE):
            return response
        status = response.status_code
        answer = problem(request, status=status, detail=HTTPStatus(status).description)
        for name in ("Allow", "Cache-Control"):
            if name in response.headers:
                answer.headers[name] = response.headers[name]
        return answer

    return run
