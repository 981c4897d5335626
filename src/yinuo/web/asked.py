"""Answers that an officer was given in this session: shown again, used once, no number in them."""

import secrets
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from yinuo.credit.queries.asking import AnswerView
from yinuo.kernel.errors import YinuoError
from yinuo.web.request import Request

ANSWERS, REFUSALS = "credit_answers", "credit_refusals"
MOST_KEPT = 20
MOST_REFUSED = 30
WITHIN = timedelta(minutes=10)
_DATES = ("on", "until", "as_of")


class TooManyRefusals(YinuoError):
    """Somebody tries number after number without the consent of anybody."""

    code = "CREDIT-E182"
    status = 429

    def __init__(self, minutes: int) -> None:
        super().__init__(
            f"没有同意的号码问得太多，请 {minutes} 分钟后再问",
            place="信用应用",
            next_step="先请本人同意，再问",
        )


class AnswerGone(YinuoError):
    """An answer that was not given in this session, or too long ago."""

    code = "CREDIT-E183"
    status = 404

    def __init__(self) -> None:
        super().__init__("这次登录里没有这个答复", place="信用应用", next_step="请重新问一次")


def keep(request: Request, answer: AnswerView) -> str:
    """Keep an answer for this session; returns under which name."""
    name = secrets.token_hex(8)
    kept: dict[str, Any] = request.session.get(ANSWERS, {})
    plain = asdict(answer)
    plain |= {each: plain[each].isoformat() for each in _DATES if plain[each] is not None}
    kept[name] = plain
    request.session[ANSWERS] = dict(list(kept.items())[-MOST_KEPT:])
    return name


def kept(request: Request, name: str) -> AnswerView:
    """An answer given before. Raises `AnswerGone`."""
    found: Any = request.session.get(ANSWERS, {}).get(name)
    if found is None:
        raise AnswerGone
    dates = {each: date.fromisoformat(found[each]) for each in _DATES if found[each] is not None}
    return AnswerView(**found | dates)


def use_up(request: Request, name: str) -> None:
    """A bill was opened on it: the next one asks anew."""
    answers = request.session.get(ANSWERS, {})
    answers.pop(name, None)
    request.session[ANSWERS] = answers


def check_pace(request: Request, *, at: datetime) -> None:
    """Raises `TooManyRefusals` while this session has to wait."""
    times = _refusals(request, at)
    if len(times) >= MOST_REFUSED:
        rest = datetime.fromisoformat(times[0]) + WITHIN - at
        raise TooManyRefusals(int(rest.total_seconds() // 60) + 1)


def note_refusal(request: Request, *, at: datetime) -> None:
    """A question was refused."""
    request.session[REFUSALS] = [*_refusals(request, at), at.isoformat()]


def _refusals(request: Request, at: datetime) -> list[str]:
    times: list[str] = request.session.get(REFUSALS, [])
    return [each for each in times if at - datetime.fromisoformat(each) < WITHIN]
