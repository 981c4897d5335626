"""A unit's sheet behind a link in a message: lines are saved one by one, handing in ends it."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yinuo.kernel.errors import YinuoError
from yinuo.notices.commands.links import use
from yinuo.notices.errors import DeadLink
from yinuo.notices.queries.links import Opened
from yinuo.notices.visits import Visit
from yinuo.parties.viewer import Viewer
from yinuo.supervision.commands import sheets as commands
from yinuo.supervision.errors.rounds import UnknownSheet
from yinuo.supervision.queries.rounds import SheetPage, sheet_page
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.rounds import HandInForm, SheetForm
from yinuo.web.views.steps import INVALID, OK

LINES = 10
"""Lines shown at once; the next come when these are saved."""
SHEET, TO_FILL = "round_sheet", "todo"


@dataclass
class Answer:
    """What came of one look or one press."""

    form: SheetForm
    hand_in: HandInForm = field(default_factory=HandInForm)
    saved: int = 0
    error: YinuoError | None = None
    status: int = OK
    done: str = ""
    """What to say when the sheet was handed in and the link used up."""


def sheet_behind(opened: Opened, person: Viewer) -> SheetPage | None:
    """The sheet that a link opens, with the lines still to be filled in; None for other tasks."""
    if opened.page != SHEET or not opened.args:
        return None
    try:
        page = _page(opened.args[0], person)
    except UnknownSheet:
        return None
    return page if page.may_fill or page.may_hand_in else None


def _page(code: str, person: Viewer) -> SheetPage:
    return sheet_page(code=code, viewer=person, today=clock.today(), show=TO_FILL, size=LINES)


def answer(
    request: HttpRequest, visit: Visit, opened: Opened, page: SheetPage, *, pressed: bool
) -> tuple[HttpResponse, str]:
    """The page to show, and what to say where the link is used up by now."""
    person = opened.person
    assert person is not None  # noqa: S101  # the view has seen who it is
    found = Answer(SheetForm(lines=page.lines))
    if pressed:
        found = _pressed(request, visit, page, person)
        if not found.done:
            page = _shown_again(page, found, person)
    rows = found.form.rows
    context = {"opened": opened, "person": person, "page": page, "rows": rows, "found": found}
    return render(request, "web/go_sheet.html", context, status=found.status), found.done


def _shown_again(page: SheetPage, found: Answer, person: Viewer) -> SheetPage:
    """The lines that were refused, as they were typed; else the next that wait."""
    if found.form.errors:
        return page
    page = _page(page.sheet.code, person)
    found.form = SheetForm(lines=page.lines)
    return page


def _pressed(request: HttpRequest, visit: Visit, page: SheetPage, person: Viewer) -> Answer:
    typed = request.POST
    named = set(typed.getlist("code"))
    form = SheetForm(typed, request.FILES, lines=[e for e in page.lines if e.commitment in named])
    found = Answer(form)
    try:
        filled = commands.fill(
            sheet=page.sheet.code,
            given=form.given(store()),
            store=store(),
            by=person,
            at=clock.now(),
        )
    except YinuoError as refused:
        found.error, found.status = refused, refused.status
        return found
    found.saved = len(filled.taken)
    form.refuse(filled.refused)
    if form.errors:
        found.status = INVALID
    elif typed.get("do") == "hand_in":
        _hand_in(found, request, visit, page)
    return found


def _hand_in(found: Answer, request: HttpRequest, visit: Visit, page: SheetPage) -> None:
    """Hand the sheet in, which uses the link up; both or neither."""
    found.hand_in = HandInForm(request.POST)
    if not found.hand_in.is_valid():
        found.status = INVALID
        return
    note = found.hand_in.cleaned_data["note"]

    def do(who: Viewer) -> str:
        handed = commands.hand_in(sheet=page.sheet.code, note=note, by=who, at=clock.now())
        rest = f"，未报送 {handed.missing:,} 项" if handed.missing else ""
        return f"报送表已提交：报送 {handed.answered:,} 项{rest}。现在等待审核。"

    try:
        found.done = use(visit=visit, do=do, at=clock.now())
    except DeadLink:
        raise
    except YinuoError as refused:
        found.error, found.status = refused, refused.status
