"""A project as a line of a list, and what the listed ones come to, in a sentence."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from yinuo.goals.queries.project_lights import LampView, ProjectLights
from yinuo.goals.queries.projects import Line, Listed
from yinuo.web.days import thousands
from yinuo.web.language import CHINESE, current, mixed, zh_text
from yinuo.web.markup import markup
from yinuo.web.money import fen, plain_fen

MOST = 5_000
"""Lines kept, of about 1 KB each."""


def project_heads() -> tuple[str, ...]:
    """What the columns of a line are called."""
    return (
        gettext("项目"),
        gettext("责任单位"),
        gettext("阶段"),
        gettext("总投资"),
        gettext("今年投资"),
        gettext("形象进度"),
    )


def lamp_html(lamp: LampView) -> SafeString:
    """A light as shape and word, its reason on hover; a foreign page gets no title in Chinese."""
    if lamp.colour is None:
        return markup('<span class="quiet">{}</span>', lamp.word)
    title = "" if current() != CHINESE else markup(' title="{}"', lamp.reason)
    return markup(
        '<span class="mark light light-{}"{}><span aria-hidden="true">{}</span> {}</span>',
        *(lamp.colour.value, title, lamp.shape, lamp.word),
    )


def project_rows(
    lines: tuple[Line, ...], today: date, lights: Mapping[str, ProjectLights]
) -> SafeString:
    """The body of the table."""
    rows = (_row(current(), line, today, lights.get(line.code)) for line in lines)
    return SafeString("".join(rows))


@lru_cache(maxsize=4)
def _frame(_language: str) -> tuple[tuple[str, ...], str, str]:
    """The heads, and what stands before and after the code in the address of a project."""
    before, _, after = reverse("project", args=["~"]).partition("~")
    return project_heads(), before, after


@lru_cache(maxsize=MOST)
def _row(language: str, line: Line, today: date, light: ProjectLights | None) -> SafeString:
    """Equal values give the same bytes, so lines are kept."""
    heads, before, after = _frame(language)
    address = f"{before}{quote(line.code)}{after}"
    return markup(
        '<tr>{}<td data-label="{}">{}</td><td data-label="{}">{}</td>'
        '<td data-label="{}" class="num">{}</td><td data-label="{}" class="num">{}</td>'
        '<td data-label="{}" class="num">{}</td></tr>\n',
        *(
            _what(line, address),
            heads[1],
            _unit(line),
            heads[2],
            _stage(line, today, light, address),
        ),
        *(heads[3], SafeString(fen(line.total)), heads[4], _invested(line)),
        *(heads[5], _progress(line)),
    )


def _what(line: Line, address: str) -> SafeString:
    tags = ""
    if line.simulated:
        tags = markup(' · <span class="tag tag-demo">{}</span>', gettext("演示数据"))
    if line.visibility_label:
        tags = markup('{} · <span class="tag">{}</span>', tags, line.visibility_label)
    under = line.industry_label or gettext("行业未填")
    return markup(
        '<td class="what"><a href="{}">{}</a><span class="under"><span class="code">{}</span> · '
        "{}{}</span></td>",
        *(address, zh_text(line.name), line.code, zh_text(under), tags),
    )


def _unit(line: Line) -> SafeString:
    name = zh_text(line.unit_name) if line.unit_name else gettext("未明确责任单位")
    there = ""
    if line.region_name and line.region_name != line.unit_name:
        there = markup('<span class="under">{}</span>', zh_text(line.region_name))
    return markup("{}{}", name, there)


def _stage(line: Line, today: date, light: ProjectLights | None, address: str) -> SafeString:
    waiting = ""
    if not line.confirmed:
        waiting = markup(' <span class="tag">{}</span>', gettext("◆ 待核实"))
    ahead = ""
    if line.next and line.next.due:
        late = line.next.is_late(today)
        words = gettext("逾期：%(stage)s %(day)s") if late else gettext("下一步：%(stage)s %(day)s")
        said = words % {"stage": line.next.label, "day": line.next.due.isoformat()}
        ahead = markup('<span class="under{}">{}</span>', " late" if late else "", mixed(said))
        if line.next.is_moved and line.next.due_original:
            first = gettext("原定 %(day)s") % {"day": line.next.due_original.isoformat()}
            ahead = markup('{}<span class="under">{}</span>', ahead, first)
    lit = ""
    if light and light.whole.colour:
        lit = markup(
            ' <a class="why-mark" href="{}#lights">{}</a>', address, lamp_html(light.whole)
        )
    return markup("<strong>{}</strong>{}{}{}", line.state_label, lit, waiting, ahead)


def _invested(line: Line) -> SafeString:
    if line.planned is None and line.invested is None:
        return markup('<span class="quiet">{}</span>', gettext("没有今年的计划"))
    done = SafeString(fen(line.invested))
    if line.invested is None:
        done = markup('<span class="quiet">{}</span>', gettext("未报送"))
    planned = ""
    if line.planned is not None:
        words = gettext("计划 %(amount)s") % {"amount": plain_fen(line.planned)}
        planned = markup('<span class="under">{}</span>', mixed(words))
    day = ""
    if line.invested_at and line.invested is not None:
        words = gettext("截至 %(day)s") % {"day": line.invested_at.isoformat()}
        day = markup('<span class="under">{}</span>', words)
    return markup("{}{}{}", done, planned, day)


def _progress(line: Line) -> SafeString:
    if not line.progress:
        return markup('<span class="quiet">{}</span>', gettext("未报送"))
    return markup('<span class="number">{}%</span>', line.progress)


def register_sentence(listed: Listed) -> str:
    """How the listed projects stand."""
    sums, found = listed.sums, listed.total
    words = ngettext("登记项目 %(n)s 个", "登记项目 %(n)s 个", found) % {"n": thousands(found)}
    if listed.building:
        said = gettext("，其中在建 %(n)s 个（已核实 %(kept)s 个）")
        numbers = {"n": thousands(listed.building), "kept": thousands(listed.building_kept)}
        words += said % numbers
    if sums.planned.rows:
        said = gettext("；有今年投资计划的 %(n)s 个，计划投资 %(amount)s")
        amount = plain_fen(sums.planned.value)
        words += said % {"n": thousands(sums.planned.rows), "amount": amount}
        if sums.invested.value is not None:
            done = plain_fen(sums.invested.value)
            words += gettext("，已完成 %(amount)s") % {"amount": done}
        else:
            said = gettext("，已完成多少还未报齐（已报 %(known)s／应报 %(all)s）")
            known = {"known": thousands(sums.invested.known), "all": thousands(sums.invested.rows)}
            words += said % known
    return words + gettext("。")
