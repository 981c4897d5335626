"""The list of commitments: filters in the address, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.lights.words import SHAPES, colour_label
from yinuo.commitments.queries.listing import (
    ONE_OF,
    STATES,
    Filter,
    Page,
    page_and_units,
)
from yinuo.commitments.queries.sources import document_kinds
from yinuo.commitments.registry import (
    PROMISORS,
    Kind,
    Promisor,
    all_kinds,
    promisor_label,
)
from yinuo.commitments.signatures import SIGNING_STATES
from yinuo.goals.queries.plans import public_goals
from yinuo.ledger.snapshot import snapshot
from yinuo.parties.queries import public_successor
from yinuo.web import clock
from yinuo.web.request import Request, public

LONGEST = 100


def wanted(request: Request) -> Filter:
    """The filter that the address names."""

    def part(name: str) -> str:
        return request.GET.get(name, "").strip()[:LONGEST].replace("\0", "")

    kind = part("kind")
    return Filter(
        promisor=_promisor(kind, part("promisor")),
        heading=part("goal"),
        kind=kind,
        unit=part("unit"),
        state=part("state"),
        text=part("text"),
        basis=part("basis"),
        signing=part("signing") if request.viewer.signed_in else "",
        light=part("light") if part("light") in set(Colour) else "",
    )


def _promisor(kind: str, said: str) -> Promisor:
    """Whose promises are asked for: a kind tells it, whatever else is said."""
    told = next((one.promisor for one in all_kinds() if one.name == kind), None)
    return told or (Promisor.OTHERS if said == Promisor.OTHERS else Promisor.CITY)


@dataclass(frozen=True)
class PromisorLink:
    """The list of one side's promises, for the words that were looked for."""

    label: str
    chosen: bool
    address: str


def promisor_links(asked: Filter) -> tuple[PromisorLink, ...]:
    """Both sides. Goals, units and kinds are those of one, so only the words are kept."""
    links = []
    for promisor in PROMISORS:
        told = {"promisor": promisor.value} if promisor is not Promisor.CITY else {}
        said = {"text": asked.text} if asked.text else {}
        links.append(
            PromisorLink(
                promisor_label(promisor), promisor is asked.promisor, f"?{urlencode(told | said)}"
            )
        )
    return tuple(links)


def kinds_offered(promisor: Promisor) -> tuple[Kind, ...]:
    """The kinds in which one side promises, in display order."""
    return tuple(kind for kind in all_kinds() if kind.promisor is promisor)


@dataclass(frozen=True)
class StateLink:
    """A state filter with the number it would list."""

    name: str
    label: str
    count: int
    chosen: bool
    address: str


def _filtering(request: Request) -> Callable[..., str]:
    """Gives the address of this list with another state or light, from its first page."""
    others = request.GET.copy()
    for name in ("state", "light", "after"):
        others.pop(name, None)
    same = others.urlencode()

    def address(**chosen: str) -> str:
        return "?" + "&".join(filter(None, (same, urlencode(chosen))))

    return address


def state_links(
    shown: Page, asked: Filter, address: Callable[..., str]
) -> tuple[list[StateLink], list[StateLink]]:
    """The state filters that list something: all and the states, then what cuts across."""
    counts = shown.states
    # What others promised has no unit that owes it, and so lacks none.
    gone = {"unowned"} if asked.promisor is Promisor.OTHERS else set()
    links = [
        StateLink(
            name,
            pgettext("state", label),
            counts[name],
            name == asked.state,
            address(state=name),
        )
        for name, label in STATES.items()
        if name not in gone and (counts[name] or name == asked.state or shown.capped)
    ]
    total = sum(counts[name] for name in ONE_OF)
    states = [StateLink("", pgettext("state", "全部"), total, not asked.state, address())]
    states += [link for link in links if link.name in ONE_OF]
    return states, [link for link in links if link.name not in ONE_OF]


@dataclass(frozen=True)
class LightLink:
    """A light filter with the number it would list, where that is known."""

    colour: Colour
    shape: str
    word: str
    count: int | None
    chosen: bool
    address: str


def light_links(shown: Page, asked: Filter, address: Callable[..., str]) -> list[LightLink]:
    """The light filters that list something; what firms and people promised has no lights."""
    if asked.promisor is Promisor.OTHERS:
        return []
    return [
        LightLink(
            colour,
            SHAPES[colour],
            colour_label(colour),
            shown.lights[colour] if shown.lights else None,
            chosen=colour == asked.light,
            address=address(light=colour.value),
        )
        for colour in Colour
        if shown.lights is None or shown.lights[colour] or colour == asked.light
    ]


@public
@require_safe
@snapshot()
def commitments(request: Request) -> HttpResponse:
    """Commitments whoever looks may see, filtered, by deadline."""
    asked = wanted(request)
    found, units = page_and_units(
        viewer=request.viewer,
        wanted=asked,
        today=clock.today(),
        cursor=request.GET.get("after", ""),
    )
    address = _filtering(request)
    states, across = state_links(found, asked, address)
    return render(
        request,
        "web/commitments.html",
        {
            "page": found,
            "asked": asked,
            "filtered": asked != Filter(promisor=asked.promisor),
            "promisors": promisor_links(asked),
            "by_city": asked.promisor is Promisor.CITY,
            "later": bool(request.GET.get("after")),
            "states": states,
            "across": across,
            "lights": light_links(found, asked, address),
            "goals": tuple((g.code, f"{g.number} {g.title}") for g in public_goals()),
            "kinds": kinds_offered(asked.promisor),
            "succeeded": public_successor(asked.unit, clock.today()) if asked.unit else None,
            "units": tuple(units.items()),
            "bases": document_kinds(viewer=request.viewer),
            "signing_states": SIGNING_STATES if request.viewer.signed_in else {},
        },
    )
