"""A request to change a promise as an item of a list, and what differs since.

Written in Python because a page of thirty is little else: a template takes ten times as long.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import gettext, ngettext, pgettext

from yinuo.commitments.differences import Difference
from yinuo.commitments.queries.moved import Moved, Step
from yinuo.web.days import day, thousands
from yinuo.web.language import current, mixed, zh_text
from yinuo.web.lines import promise_address
from yinuo.web.markup import markup

NOTHING, WHOLE, WISHED = map(SafeString, ("", ' class="whole"', ' class="asked"'))
SHORT = 14
"""A value of fewer characters is not broken between lines."""


class _Words(NamedTuple):
    """What every item says."""

    late: str
    closed: str
    from_file: str
    asked: str
    approved: str
    refused: str
    decision: str
    undecided: str
    nothing: str
    status: str
    into: str
    wished: str


@lru_cache(maxsize=4)
def _words(_language: str) -> _Words:
    return _Words(
        late=gettext("逾期后提出"),
        closed=gettext("未公开"),
        from_file=gettext("来自文件"),
        asked=gettext("申请"),
        approved=gettext("批准"),
        refused=gettext("不批准"),
        decision=gettext("决定"),
        undecided=gettext("还没有决定，承诺没有变"),
        nothing=gettext("无"),
        status=pgettext("column", "状态"),
        into=gettext("改为"),
        wished=gettext("（申请）"),
    )


def moved_item(row: Moved) -> SafeString:
    """One request: what it asks, where the promise stands, who asked and decided in what words."""
    words = _words(current())
    return markup(
        '<li class="moved-{}">{}{}{}{}<dl class="moved-steps">{}{}</dl></li>\n',
        *(row.status, _head(words, row), _title(words, row)),
        differences_html(row.differences, asked=row.only_wished),
        *(_sum(row), _asked(words, row), _decided(words, row)),
    )


def _head(words: _Words, row: Moved) -> SafeString:
    late = ""
    if row.after_the_fact:
        late = markup(' <span class="tag tag-late">{}</span>', words.late)
    return markup(
        '<p class="moved-head"><span class="moved-state">{}</span> {}{}'
        ' <span class="quiet">{}</span></p>',
        *(row.state, row.label, late, day(row.at)),
    )


def _title(words: _Words, row: Moved) -> SafeString:
    closed = "" if row.public else markup('<span class="tag">{}</span>', words.closed)
    return markup(
        '<p class="moved-title"><a href="{}">{}</a> {}<span class="under">'
        '<span class="code">{}</span> · {}</span></p>',
        *(promise_address(row.commitment), zh_text(row.title), closed),
        *(row.commitment, mixed(row.lead_name)),
    )


def _sum(row: Moved) -> SafeString | str:
    """All moves of the promise together; nothing where there was none."""
    if not row.moved_count:
        return ""
    if row.earlier_days:
        said = ngettext(
            "原定 %(original)s，现定 %(due)s，共调整 %(times)s 次，累计提前 %(days)s 天",
            "原定 %(original)s，现定 %(due)s，共调整 %(times)s 次，累计提前 %(days)s 天",
            row.moved_count,
        )
    else:
        said = ngettext(
            "原定 %(original)s，现定 %(due)s，共调整 %(times)s 次，累计顺延 %(days)s 天",
            "原定 %(original)s，现定 %(due)s，共调整 %(times)s 次，累计顺延 %(days)s 天",
            row.moved_count,
        )
    values = {
        "original": row.due_original.isoformat() if row.due_original else "",
        "due": row.due.isoformat() if row.due else "",
        "times": row.moved_count,
        "days": thousands(row.earlier_days or row.delay_days),
    }
    return markup('<p class="quiet moved-sum">{}</p>', said % values)


def _asked(words: _Words, row: Moved) -> SafeString:
    source = ""
    if row.source:
        source = markup('<span class="under hash">{} {}</span>', words.from_file, row.source)
    return _step(words.asked, row.asked, source)


def _decided(words: _Words, row: Moved) -> SafeString:
    if row.decided is None:
        return markup("<div><dt>{}</dt><dd>{}</dd></div>", words.decision, words.undecided)
    return _step(words.refused if row.only_wished else words.approved, row.decided)


def _step(what: str, step: Step, more: str = "") -> SafeString:
    return markup(
        '<div><dt>{}</dt><dd>{} {}<span class="why">{}</span>{}</dd></div>',
        *(what, day(step.at), mixed(step.who), _broken(step.why), more),
    )


def _broken(text: str) -> SafeString:
    """What somebody wrote, with its lines."""
    escaped = markup("{}", zh_text(normalize_newlines(text)))
    return SafeString(escaped.replace("\n", "<br>"))


def differences_html(
    differences: Sequence[Difference], asked: object = None, brief: str = ""
) -> SafeString | str:
    """A list of what was and what is instead, or with `asked` what is wished for.

    With `brief`, a sentence that stands beside it, without what it says already.
    """
    words = _words(current())
    told = [
        _difference(words, one, wished=bool(asked))
        for one in differences
        if not brief or (one.label != words.status and one.new not in brief)
    ]
    if not differences:
        return ""
    return markup('<ul class="differences">{}</ul>', SafeString("".join(told)))


def _difference(words: _Words, one: Difference, *, wished: bool) -> SafeString:
    was = now = ""
    if one.old and one.old != words.nothing:
        was = markup(
            '<{0}{1}>{2}</{0}> <span class="arrow" aria-label="{3}">→</span> ',
            *("span" if wished else "del", _whole(one.old), mixed(one.old), words.into),
        )
    kind = WISHED if wished else _whole(one.new)
    if wished:
        now = markup(' <span class="quiet">{}</span>', words.wished)
    return markup(
        '<li><span class="quiet">{}</span> {}<ins{}>{}</ins>{}</li>',
        *(one.label, was, kind, mixed(one.new), now),
    )


def _whole(value: str) -> SafeString:
    return WHOLE if len(value) < SHORT else NOTHING
