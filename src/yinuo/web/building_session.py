"""Which building project a browser follows: its 查询码 in a signed cookie, for half an hour.

As for a case (`track_session`): the code stands in no address and in no log.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from yinuo.web.cookies import Cookie

SALT = "yinuo.web.building"
FOLLOWED, RECEIPT = Cookie("building", SALT), Cookie("stage_receipt", SALT)
APPLYING = "building_apply"
"""Name of the page on which the developer applies for a stage."""


@dataclass(frozen=True)
class StageReceipt:
    """What this browser may show of a stage that was just applied for."""

    joint: str
    """Code of the joint case."""
    stage: str
    once: str
    """Mark of the form that made it."""
    branches: tuple[tuple[str, str, str], ...]
    """Code of the item, 办件编号 and 查询码 of each branch."""


def open_project(answer: HttpResponseBase, track: str) -> None:
    """Let this browser follow the project of `track` from now on."""
    FOLLOWED.keep(answer, track)


def close_project(answer: HttpResponseBase) -> None:
    """Forget it."""
    for cookie in (FOLLOWED, RECEIPT):
        cookie.forget(answer)


def followed(request: HttpRequest) -> str:
    """The 查询码 that was typed in this browser; empty for none, or after half an hour."""
    return FOLLOWED.kept(request)


def hand_receipt(answer: HttpResponseBase, made: StageReceipt) -> None:
    """Let this browser show the codes of the branches."""
    # Codes only: a cookie holds four thousand characters, and the page knows the names.
    parts = [made.joint, made.stage, made.once, *("~".join(one) for one in made.branches)]
    RECEIPT.keep(answer, " ".join(parts))


def receipt(request: HttpRequest) -> StageReceipt | None:
    """The receipt that this browser may show, or None."""
    joint, _, rest = RECEIPT.kept(request).partition(" ")
    if not joint:
        return None
    stage, once, *lines = rest.split(" ")
    branches = tuple((item, code, track) for item, code, track in (x.split("~") for x in lines))
    return StageReceipt(joint, stage, once, branches)


def may_bring(request: HttpRequest) -> bool:
    """Whether somebody without a session may bring files: a developer who applies for a stage."""
    match = request.resolver_match
    return match is not None and match.url_name == APPLYING and bool(followed(request))
