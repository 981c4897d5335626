"""A promise as a line of a list, and its state as a mark.

Written in Python because a long list is little else: a template takes ten times as long for a line.
Equal values give the same bytes, so lines are kept; what a law may order to be erased is in none.
"""

from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, ngettext

from yinuo.commitments.queries.listing import Row
from yinuo.commitments.registry import Promisor
from yinuo.commitments.words import Mark
from yinuo.web.language import CHINESE, current, mixed, zh_text
from yinuo.web.lights import light_html
from yinuo.web.markup import markup

MOST = 5_000
"""Lines kept, of about 1 KB each."""
RULES = {
    "overdue": gettext_noop("已过完成时限，还没有完成"),
    "waiting": gettext_noop("已申报完成，还没有核实"),
    "kept": gettext_noop("督查人已核实"),
    "broken": gettext_noop("督查人认定未兑现"),
    "plain": gettext_noop("没有到期，也没有结果"),
}
"""Tone of a mark → the rule that decided it."""


def promise_line(row: Row) -> SafeString:
    """A row of a table with the columns of `promise_heads`, in the language of the page."""
    return _line(current(), row)


def mark_html(mark: Mark) -> SafeString:
    """A state as shape and word, with the rule that decided it."""
    return _mark(current(), mark)


def promise_heads(promisor: Promisor = Promisor.CITY) -> tuple[str, ...]:
    """What the columns of a line are called, in a list of what one side promised."""
    return _heads(current(), promisor)


@lru_cache(maxsize=8)
def _heads(_language: str, promisor: Promisor) -> tuple[str, ...]:
    debtor = gettext("承诺人") if promisor is Promisor.OTHERS else gettext("责任单位")
    said = (gettext("承诺"), debtor, gettext("承诺量"))
    return (*said, gettext("完成时限"), gettext("状态"))


@lru_cache(maxsize=500)
def _mark(_language: str, mark: Mark) -> SafeString:
    return markup(
        '<span class="mark mark-{}" title="{}"><span aria-hidden="true">{}</span> {}</span>',
        mark.tone, gettext(RULES[mark.tone]), mark.shape, mark.word,
    )  # fmt: skip


@lru_cache(maxsize=MOST)
def _line(language: str, row: Row) -> SafeString:
    _what_head, lead, terms, due, state = _heads(language, row.promisor)
    return markup(
        '<tr>{}<td data-label="{}">{}{}</td><td data-label="{}" class="terms-cell">{}</td>'
        '<td data-label="{}" class="when">{}</td><td data-label="{}">{}</td></tr>\n',
        *(_what(language, row), lead, _source(language, row.lead_name), _note(row.lead_note)),
        *(terms, _phrase(language, row.terms), due, _due(row), state, _state(language, row)),
    )


def _source(language: str, text: str) -> object:
    """As `zh_text`, which looks up the language each time."""
    return text if language == CHINESE else zh_text(text)


def _phrase(language: str, text: str) -> str:
    """As `mixed`."""
    return text if language == CHINESE else mixed(text)


@lru_cache(maxsize=4)
def _address(_language: str) -> tuple[str, str]:
    """What stands before and after the code in the address of a promise."""
    before, _, after = reverse("commitment", args=["~"]).partition("~")
    return before, after


def promise_address(code: str) -> str:
    """The address of the page of a promise, in the language of this one."""
    return _page(current(), code)


def _page(language: str, code: str) -> str:
    before, after = _address(language)
    return f"{before}{quote(code)}{after}"


def _state(language: str, row: Row) -> SafeString:
    """The light of what has one, which leads to its reasons; else the state."""
    if row.light is None:
        return _mark(language, row.mark)
    return markup(
        '<a class="why-mark" href="{}#light">{}</a>',
        *(_page(language, row.code), light_html(row.light)),
    )


def _what(language: str, row: Row) -> SafeString:
    closed = ""
    if row.visibility != "public":
        closed = markup(' · <span class="tag">{}</span>', row.visibility_label)
    return markup(
        '<td class="what"><a href="{}">{}</a>'
        '<span class="under"><span class="code">{}</span> · {}{}</span></td>',
        _page(language, row.code), _source(language, row.title), _source(language, row.code),
        row.kind_label, closed,
    )  # fmt: skip


def _note(note: str) -> str:
    if not note:
        return ""
    return markup(' <span class="quiet">{}</span>', gettext("（%(note)s）") % {"note": note})


def _due(row: Row) -> SafeString:
    moved = left = ""
    if row.moved_count:
        said = ngettext(
            "原定 %(day)s，第 %(times)s 次调整",
            "原定 %(day)s，第 %(times)s 次调整",
            row.moved_count,
        )
        day = row.due_original.isoformat() if row.due_original else ""
        words = said % {"day": day, "times": row.moved_count}
        moved = markup('<span class="under">{}</span>', words)
    if row.days_left:
        late = " late" if row.mark.tone == "overdue" else ""
        left = markup('<span class="under{}">{}</span>', late, row.days_left)
    return markup(
        '<span class="date">{}</span>{}{}{}', row.due_text, _note(row.due_note), moved, left
    )
