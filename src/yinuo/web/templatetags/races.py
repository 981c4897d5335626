"""How pages write scores, places and indicators."""

from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from yinuo.commitments.spoken import spoken
from yinuo.supervision.queries.races import RaceLine
from yinuo.supervision.race.scoring import two_places
from yinuo.web.language import mixed, zh_text

register = template.Library()
MINUS = "−"


@register.filter
def score(hundredths: int | None) -> str:
    """Hundredths of a point with two places; empty for none.

    >>> score(7525), score(None)
    ('75.25', '')
    """
    return "" if hundredths is None else two_places(hundredths)


@register.filter
def signed(hundredths: int | None) -> str:
    """The same with its sign.

    >>> signed(320), signed(-5), signed(0)
    ('+3.20', '−0.05', '0.00')
    """
    if hundredths is None:
        return ""
    text = two_places(abs(hundredths))
    return f"+{text}" if hundredths > 0 else f"{MINUS}{text}" if hundredths < 0 else text


@register.filter
def places(first: int | None, last: int | None) -> str:
    """A range of places.

    >>> places(2, 4), places(1, 1)
    ('2–4', '1')
    """
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first}–{last}"


@register.filter
def race_word(word: str) -> str:
    """An indicator or award in the language of the page."""
    return mixed(spoken("race", word))


class _Rows:
    """The rows of one group, with words and addresses looked up once for all of them."""

    def __init__(self, race: str, *, compared: bool) -> None:
        self.compared = compared
        self.path = conditional_escape(reverse("race", args=[race]))
        self.tier, self.places = gettext("第 %(tier)s 档"), gettext("名次 %(places)s")
        self.unranked, self.unscored = gettext("不排名"), gettext("没有得分")
        self.alone, self.up = gettext("无可比"), gettext("上升 %(n)s 位")
        self.down = gettext("下降 %(n)s 位")
        labels = ("档", "得分", "比上期", "权重变动时名次", "奖励")
        self.labels = {label: conditional_escape(gettext(label)) for label in labels}

    def row(self, line: RaceLine, *, is_first: bool) -> str:
        """One unit."""
        kind = ' class="tier"' if line.tier else ""
        kind = ' class="tier tier-first"' if is_first else kind
        cells = [self._tier(line), self._unit(line), self._score(line)]
        if self.compared:
            cells.append(self._cell("比上期", "num", self._change(line)))
        swing = places(line.swing_first, line.swing_last)
        cells.append(self._cell("权重变动时名次", "num", swing))
        tags = (f'<span class="tag tag-award">{race_word(each)}</span>' for each in line.awards)
        cells.append(self._cell("奖励", "awards", " ".join(tags)))
        return f"<tr{kind}>{''.join(cells)}</tr>"

    def _cell(self, label: str, kind: str, inner: str) -> str:
        return f'<td data-label="{self.labels[label]}" class="{kind}">{inner}</td>'

    def _tier(self, line: RaceLine) -> str:
        if not line.tier:
            return self._cell("档", "tier-cell", f'<span class="quiet">{self.unranked}</span>')
        tier = self.tier % {"tier": line.tier}
        place = self.places % {"places": places(line.first, line.last)}
        inner = f'<span class="tier-number">{tier}</span><span class="under">{place}</span>'
        return self._cell("档", "tier-cell", inner)

    def _unit(self, line: RaceLine) -> str:
        name = conditional_escape(str(zh_text(line.name)))
        link = f'<a href="{self.path}{quote(line.unit, safe="")}/">{name}</a>'
        why = format_html('<span class="under">{}</span>', zh_text(line.why)) if line.why else ""
        return f'<td class="what">{link}{why}</td>'

    def _score(self, line: RaceLine) -> str:
        if line.score is None:
            return self._cell("得分", "score-cell", f'<span class="quiet">{self.unscored}</span>')
        bar = BAR % line.score if line.tier else ""
        return self._cell(
            "得分", "score-cell", f'<span class="number">{score(line.score)}</span>{bar}'
        )

    def _change(self, line: RaceLine) -> str:
        if line.change is None:
            return f'<span class="quiet">{self.alone}</span>'
        rise = line.rise or 0
        word = (self.up if rise > 0 else self.down) % {"n": abs(rise)}
        under = f'<span class="under">{word}</span>' if rise else ""
        return f"{signed(line.change)}{under}"


BAR = (
    '<svg class="race-bar" viewBox="0 0 10000 1" preserveAspectRatio="none" aria-hidden="true" '
    'focusable="false"><rect class="race-ground" x="0" y="0" width="10000" height="1"/>'
    '<rect class="race-score" x="0" y="0" width="%d" height="1"/></svg>'
)


@register.simple_tag
def race_rows(race: str, lines: tuple[RaceLine, ...], before: str) -> SafeString:
    """The rows of one group: written here, because a template takes ten times as long for 500."""
    rows, found, tier = _Rows(race, compared=bool(before)), [], None
    for line in lines:
        found.append(rows.row(line, is_first=line.tier is not None and line.tier != tier))
        tier = line.tier
    return mark_safe("\n".join(found))  # noqa: S308  # every part is escaped above
