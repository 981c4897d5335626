"""The register of leads as people read it: the list, the funnels, those gone quiet.

Everything is counted over what the viewer may see, so that no number tells of anything else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.life import Visibility
from yinuo.commitments.wording import short_wording
from yinuo.goals.access.leads import inside_leads, is_inside, visible_delegations, visible_leads
from yinuo.goals.in_force.quiet_leads import quieting
from yinuo.goals.leads.funnel import Step, funnel
from yinuo.goals.leads.register import NewDelegation, NewLead
from yinuo.goals.leads.stages import (
    FUNNELS,
    HELD,
    ORIGIN_LABELS,
    STANDING_LABELS,
    STATE_LABELS,
    Origin,
    Stage,
    Standing,
    month_of,
)
from yinuo.goals.models import Delegation, Lead
from yinuo.goals.stored.lead_ways import Silence, Way, next_steps, shown_outside, silence, ways
from yinuo.goals.stored.leads import (
    began,
    commitment_of,
    contacts_of,
    project_of,
    said_by,
    said_by_delegation,
)
from yinuo.goals.stored.projects import industries
from yinuo.kernel.amounts import say
from yinuo.parties.queries import public_accounts_on_duty, public_unit_names, public_units
from yinuo.parties.viewer import Viewer

PAGE = 50
NONE = "-"
"""What a filter asks for where the register says nothing."""
STATES = (
    *STATE_LABELS.values(),
    HELD,
    STANDING_LABELS[Standing.SHELVED],
    STANDING_LABELS[Standing.ENDED],
)
GROUPS: Mapping[str, str] = {
    "delegation": "出访团组",
    "section": "行业门类",
    "unit": "跟进单位",
    "month": "签约月份",
}
"""By what a funnel is split: name of the filter → what it is called."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which leads are asked for; every field empty means all of them."""

    origin: str = ""
    state: str = ""
    unit: str = ""
    delegation: str = ""
    section: str = ""
    """Letter of GB/T 4754—2017."""
    month: str = ""
    """Of signing, such as 2024-02."""
    stage: str = ""
    """Those that have reached it."""
    quiet: bool = False
    waiting: bool = False
    """Those with something to be confirmed."""
    text: str = ""


@dataclass(frozen=True)
class LeadRow:
    """A lead in a list."""

    code: str
    title: str
    firm: str
    country: str
    origin: str
    origin_label: str
    unit: str
    unit_name: str
    delegation: str
    industry: str
    """Name of the division; empty where none is registered."""
    state: str
    began: str
    """Day or month of the visit or the signing, as the register has it."""
    intended: str
    """As it was said, in its own currency; empty where nothing was said."""
    between_firms: bool
    waiting: bool
    """Whether something reported waits to be confirmed."""
    quiet: Silence | None
    next_step: str
    next_date: date | None
    undertaken: bool
    project: str
    public: bool
    simulated: bool


@dataclass(frozen=True)
class FunnelView:
    """The funnel of one way in."""

    origin: str
    label: str
    steps: tuple[Step, ...]
    waiting: Mapping[Stage, int]
    """How many more have only reported the stage."""
    simulated: bool
    """Whether any of its leads is simulated."""


@dataclass(frozen=True)
class GroupRow:
    """One line of a funnel that is split."""

    value: str
    """For the filter."""
    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Option:
    """One choice of a filter with how many it would leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Register:
    """Everything the page of leads shows, counted once."""

    total: int
    """Leads that fit the filters."""
    by_state: tuple[tuple[str, int], ...]
    funnels: tuple[FunnelView, ...]
    groups: Mapping[str, tuple[GroupRow, ...]]
    """Origin → the lines of its split funnel; empty without a split."""
    quiet: tuple[LeadRow, ...]
    """The longest quiet first."""
    quiet_known: bool
    """Whether a table is in force that says what is quiet."""
    rows: tuple[LeadRow, ...]
    next_cursor: str
    options: Mapping[str, tuple[Option, ...]]
    events: int
    simulated: bool
    """Whether any of them is simulated."""


@dataclass(frozen=True)
class _Known:
    """One lead with what was worked out about it."""

    lead: Lead
    way: Way
    trip: str
    """The delegation, if the viewer may know of it."""
    month: str
    inside: bool
    """Whether a duty opens it whole."""
    quiet: Silence | None

    @property
    def state(self) -> str:
        return self.way.state(self.lead)

    @property
    def section(self) -> str:
        return self.lead.industry[:1]


def _known(viewer: Viewer, today: date) -> tuple[list[_Known], bool]:
    rows = Lead.objects.filter(visible_leads(viewer)).select_related("unit", "landing__project")
    everything = list(rows.order_by("-code"))
    found, table = ways(everything), quieting(today)
    trips = dict(delegations(viewer=viewer))
    known = []
    for lead in everything:
        inside = is_inside(lead, viewer)
        way = found[lead.code] if inside else shown_outside(lead, found[lead.code])
        known.append(
            _Known(
                lead,
                way,
                trip=lead.delegation_id if lead.delegation_id in trips else "",
                month=month_of(lead.signed_date, lead.signed_said),
                inside=inside,
                quiet=silence(lead, way, table=table, today=today) if inside else None,
            )
        )
    return known, table is not None


def _tests(wanted: Wanted) -> dict[str, Callable[[_Known], bool]]:
    """The filters that are set, by name."""
    text = wanted.text.strip().casefold()
    said = {
        "origin": lambda k: k.lead.origin == wanted.origin,
        "state": lambda k: k.state == wanted.state,
        "unit": lambda k: (k.lead.unit_id or NONE) == wanted.unit,
        "delegation": lambda k: (k.trip or NONE) == wanted.delegation,
        "section": lambda k: (k.section or NONE) == wanted.section,
        "month": lambda k: (k.month or NONE) == wanted.month,
        "stage": lambda k: wanted.stage in k.way.reached,
        "quiet": lambda k: k.quiet is not None,
        "waiting": lambda k: bool(k.way.reported),
        "text": lambda k: text in _searched(k.lead),
    }
    return {name: test for name, test in said.items() if getattr(wanted, name)}


def _searched(lead: Lead) -> str:
    words = (lead.code, lead.title, lead.firm, lead.firm_original, lead.partner, lead.country)
    return " ".join(words).casefold()


def _but(tests: Mapping[str, Callable[[_Known], bool]], name: str) -> list[Callable[..., bool]]:
    return [test for each, test in tests.items() if each != name]


def _options(
    known: Sequence[_Known],
    tests: Mapping[str, Callable[[_Known], bool]],
    trips: Mapping[str, str],
) -> dict[str, tuple[Option, ...]]:
    """The choices of each filter, counted under all the others."""
    names = public_unit_names()
    sections = industries().sections
    read: dict[str, tuple[Callable[[_Known], str], Callable[[str], str]]] = {
        "origin": (lambda k: k.lead.origin, lambda v: ORIGIN_LABELS[Origin(v)]),
        "state": (lambda k: k.state, str),
        "unit": (lambda k: k.lead.unit_id or NONE, lambda v: names.get(v, "没有跟进单位")),
        "delegation": (lambda k: k.trip or NONE, lambda v: trips.get(v, "其他来源")),
        "section": (
            lambda k: k.section or NONE,
            lambda v: f"{v} {sections[v]}" if v in sections else "行业未登记",
        ),
        "month": (lambda k: k.month or NONE, lambda v: v if v != NONE else "未签约或月份不详"),
    }
    found = {}
    for name, (value, label) in read.items():
        others = _but(tests, name)
        counts = Counter(value(k) for k in known if all(test(k) for test in others))
        found[name] = tuple(
            Option(each, label(each), count)
            for each, count in sorted(counts.items(), key=lambda item: _order(name, item[0]))
        )
    return found


def _order(name: str, value: str) -> tuple[bool, int, str]:
    place = STATES.index(value) if name == "state" else 0
    return value == NONE, place, value


def leads(
    *,
    viewer: Viewer,
    today: date,
    wanted: Wanted = Wanted(),
    split: str = "",
    cursor: str = "",
    size: int = PAGE,
) -> Register:
    """The leads that the viewer may see, the newest first, with what can be counted of them.

    `split` is one of `GROUPS`; `cursor` the code after which the page goes on.
    """
    everything, quiet_known = _known(viewer, today)
    tests = _tests(wanted)
    known = [k for k in everything if all(test(k) for test in tests.values())]
    after = [k for k in known if k.lead.code < cursor] if cursor else known
    page = after[:size]
    states = Counter(k.state for k in known)
    quiet = sorted((k for k in known if k.quiet), key=lambda k: (k.quiet.since, k.lead.code))  # type: ignore[union-attr]
    options = _options(everything, tests, dict(delegations(viewer=viewer)))
    rows = _rows([*page, *quiet])
    return Register(
        total=len(known),
        by_state=tuple((state, states[state]) for state in STATES if states[state]),
        funnels=tuple(_funnel(origin, known) for origin in FUNNELS if _of(origin, known)),
        groups=_groups(split, known, options) if split in GROUPS else {},
        quiet=tuple(rows[k.lead.code] for k in quiet),
        quiet_known=quiet_known,
        rows=tuple(rows[k.lead.code] for k in page),
        next_cursor=page[-1].lead.code if len(after) > size else "",
        options=options,
        events=len(_of(Origin.EVENT, known)),
        simulated=any(k.lead.simulated for k in known),
    )


def _of(origin: Origin, known: Iterable[_Known]) -> list[_Known]:
    return [k for k in known if k.lead.origin == origin]


def _funnel(origin: Origin, known: Sequence[_Known]) -> FunnelView:
    own = _of(origin, known)
    steps = funnel((k.way.case(k.lead.code) for k in own), FUNNELS[origin])
    waiting = Counter(stage for k in own for stage in k.way.reported if stage not in k.way.reached)
    simulated = any(k.lead.simulated for k in own)
    return FunnelView(origin, ORIGIN_LABELS[origin], steps, waiting, simulated)


def _groups(
    split: str, known: Sequence[_Known], options: Mapping[str, Sequence[Option]]
) -> dict[str, tuple[GroupRow, ...]]:
    found: dict[str, tuple[GroupRow, ...]] = {}
    for origin, stages in FUNNELS.items():
        own = _of(origin, known)
        lines = []
        for option in options[split]:
            test = _tests(Wanted(**{split: option.value}))[split]  # type: ignore[arg-type]
            some = [k.way.case(k.lead.code) for k in own if test(k)]
            if some:
                lines.append(GroupRow(option.value, option.label, funnel(some, stages)))
        if lines:
            found[origin] = tuple(lines)
    return found


def _rows(known: Sequence[_Known]) -> dict[str, LeadRow]:
    steps = next_steps([k.lead.code for k in known if k.inside])
    said = short_wording(reference for reference, _ in steps.values())
    return {k.lead.code: _row(k, steps.get(k.lead.code), said) for k in known}


def _row(k: _Known, step: tuple[str, date] | None, said: Mapping[str, str]) -> LeadRow:
    lead = k.lead
    return LeadRow(
        code=lead.code,
        title=lead.title,
        firm=lead.firm,
        country=lead.country,
        origin=lead.origin,
        origin_label=ORIGIN_LABELS[Origin(lead.origin)],
        unit=lead.unit_id or "",
        unit_name=lead.unit.name if lead.unit else "没有跟进单位",
        delegation=k.trip,
        industry=industries().name_of(lead.industry),
        state=k.state,
        began=began(lead),
        intended=say(lead.intended_value, lead.intended_unit) if lead.intended_value else "",
        between_firms=lead.between_firms,
        waiting=bool(k.way.reported),
        quiet=k.quiet,
        next_step=said.get(step[0], "") if step else "",
        next_date=step[1] if step else None,
        undertaken=k.inside and bool(commitment_of(lead)),
        project=project_of(lead) if k.inside else "",
        public=lead.visibility == Visibility.PUBLIC,
        simulated=lead.simulated,
    )


@dataclass(frozen=True)
class Exported:
    """The register as a workbook holds it."""

    delegations: tuple[NewDelegation, ...]
    leads: tuple[NewLead, ...]
    states: Mapping[str, str]
    """Code → where it stands."""
    contacts: tuple[tuple[str, date, str, str, str, date | None], ...]
    """Lead, day, with whom, what was said, next step, its day."""


def exported(*, office: str, viewer: Viewer, today: date) -> Exported:
    """The leads of an office that a duty of the viewer opens, by code, with their contacts."""
    known, _ = _known(viewer, today)
    own = [k for k in reversed(known) if k.lead.office_id == office and k.inside]
    notes = short_wording(k.lead.note_text for k in own)
    trips = Delegation.objects.filter(visible_delegations(viewer), office=office).order_by("code")
    return Exported(
        delegations=tuple(said_by_delegation(row) for row in trips),
        leads=tuple(said_by(k.lead, notes.get(k.lead.note_text, "")) for k in own),
        states={k.lead.code: k.state for k in own},
        contacts=contacts_of([k.lead.code for k in own]),
    )


def offices(*, viewer: Viewer) -> dict[str, str]:
    """The units that may keep a register of leads: code → name; those with a supervisor on duty.

    For who keeps one, the own ones alone.
    """
    names = public_unit_names()
    own = viewer.supervisor_of | viewer.administrator_of
    duties = {("supervisor", unit.code) for unit in public_units()}
    held = {unit for (_role, unit), who in public_accounts_on_duty(duties=duties).items() if who}
    wanted = (own & held) or (held if viewer.officer_of else set())
    return {code: names[code] for code in sorted(wanted)}


def register_offices(*, viewer: Viewer) -> dict[str, str]:
    """The offices with leads that a duty of the viewer opens: code → name."""
    names = public_unit_names()
    rows = Lead.objects.filter(inside_leads(viewer)).order_by("office").distinct()
    return {code: names[code] for code in rows.values_list("office", flat=True)}


def may_enter(*, viewer: Viewer) -> bool:
    """Whether the viewer may put a lead on the register at all."""
    return bool(viewer.officer_of | viewer.supervisor_of | viewer.administrator_of)


def delegations(*, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Code and title of the trips that the viewer may see, the newest first."""
    rows = Delegation.objects.filter(visible_delegations(viewer)).order_by("-first_date", "code")
    return tuple(rows.values_list("code", "title"))
