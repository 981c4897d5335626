"""信用承诺书: one letter, the public register, and what was not kept, for whoever keeps credit."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yinuo.cases.access.cases import visible
from yinuo.cases.errors.deferrals import UnknownLetter
from yinuo.cases.models import Case, CreditLetter, Declaration, Deferral
from yinuo.cases.stored.letters import letter_of, letters_of, regions
from yinuo.commitments.letters.checks import faults
from yinuo.commitments.letters.letter import Fulfilment, Publicity
from yinuo.commitments.letters.masking import Shown, shown
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.uscc import credit_code
from yinuo.parties.viewer import Viewer

PAGE = 50
MOST_DOWNLOADED = 100_000


@dataclass(frozen=True)
class LetterView:
    """One letter as the viewer may read it."""

    code: str
    version: int
    items: tuple[Shown, ...]
    masked: bool
    publicity: str
    case: str
    """Empty for who may not know it."""
    lacking: tuple[str, ...]
    """What is missing before it can be handed on to other systems, in sentences."""
    choices: tuple[Publicity, ...]
    """What the viewer may set as publicity; none for most."""
    simulated: bool


@dataclass(frozen=True)
class LetterLine:
    """One letter of the public register."""

    code: str
    promisor: str
    promisor_code: str
    type: str
    matter: str
    accepting_unit: str
    made_date: date
    fulfilment: str
    simulated: bool


@dataclass(frozen=True)
class LettersPage:
    """A page of the public register, the newest first."""

    rows: tuple[LetterLine, ...]
    next_cursor: str
    total: int
    counts: dict[str, int]
    """By fulfilment; an empty one is not judged yet."""


@dataclass(frozen=True, kw_only=True)
class BrokenPromise:
    """A deferral or declaration that was found broken: a fact, without any judgement of credit."""

    letter: str
    kind: str
    """`deferral` or `declaration`."""
    case: str
    applicant_kind: str
    credit_code: str
    """Of a firm or trader; empty for a person, whose number is asked for apart."""
    made_date: date
    found_date: date | None
    fulfilment: str
    unmet: str
    pursued: str
    mended_date: date | None
    unit: str


def letter(*, code: str, viewer: Viewer) -> LetterView:
    """One letter: whole for those who handle its case, masked for who only watches.

    Whoever may not see the case sees a public letter as the public does. Raises `UnknownLetter`.
    """
    row = CreditLetter.objects.filter(code=code).first()
    case = _case_of(code)
    seen = case is not None and Case.objects.filter(visible(viewer), pk=case.pk).exists()
    if row is None or not (seen or row.publicity == Publicity.PUBLIC):
        raise UnknownLetter(code)
    handles = case is not None and bool({case.unit_id, case.window_id} & viewer.officer_of)
    return _view(
        row,
        whole=handles or row.office_id in viewer.protector_of,
        case=case.code if case is not None and seen else "",
        choices=_choices(row, viewer),
    )


def public_letter(*, code: str) -> LetterView:
    """One letter of the public register. Raises `UnknownLetter`."""
    row = CreditLetter.objects.filter(CreditLetter.public_rows(), code=code).first()
    if row is None:
        raise UnknownLetter(code)
    return _view(row, whole=False, case="", choices=())


def _choices(row: CreditLetter, viewer: Viewer) -> tuple[Publicity, ...]:
    if row.office_id not in viewer.supervisor_of or row.accepting_unit_id in viewer.held_for:
        return ()
    person = row.promisor_kind == "person"
    return tuple(
        one
        for one in Publicity
        if one != row.publicity and not (person and one is Publicity.PUBLIC)
    )


def _case_of(code: str) -> Case | None:
    for model in (Deferral, Declaration):
        row = model.objects.select_related("case").filter(pk=code).first()
        if row is not None:
            return row.case
    return None


def _view(
    row: CreditLetter, *, whole: bool, case: str, choices: tuple[Publicity, ...]
) -> LetterView:
    it = letter_of(row)
    items = shown(it, whole=whole)
    lacking = [each.words for each in faults(it, regions()) if each.only_for_exchange]
    return LetterView(
        code=row.code,
        version=row.version,
        items=items,
        masked=any(item.masked for item in items),
        publicity=row.publicity,
        case=case,
        lacking=tuple(lacking) if choices or case else (),
        choices=choices,
        simulated=row.simulated,
    )


def public_letters(*, text: str = "", state: str = "", after: str = "") -> LettersPage:
    """The public register (可向社会公开 only), the newest first.

    `text`: a whole 统一社会信用代码 or 承诺编码. `state`: a word of 承诺履行状态, or `未认定`.
    `after`: the cursor of the page before.
    """
    rows = CreditLetter.objects.filter(CreditLetter.public_rows())
    counts = {word: rows.filter(fulfilment=word).count() for word in ("", *Fulfilment)}
    rows = rows.filter(_sought(text)) if text else rows
    if state:
        rows = rows.filter(fulfilment="" if state == "未认定" else state)
    total = rows.count()
    day, _, code = after.partition("~")
    if code:
        rows = rows.filter(Q(made_date__lt=day) | Q(made_date=day, code__lt=code))
    page = list(rows.order_by("-made_date", "-code")[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    return LettersPage(
        rows=tuple(_lines(page[:PAGE])),
        next_cursor=f"{last.made_date}~{last.code}" if last else "",
        total=total,
        counts=counts,
    )


def _sought(text: str) -> Q:
    try:
        code = credit_code(text)
    except YinuoError:
        return Q(code=text.strip())
    return Q(applicant__credit_code=code)


def _lines(rows: list[CreditLetter]) -> list[LetterLine]:
    return [
        LetterLine(
            code=it.code,
            promisor=it.promisor,
            promisor_code=it.promisor_code,
            type=it.type,
            matter=it.matter,
            accepting_unit=it.accepting_unit,
            made_date=it.made_date,
            fulfilment=it.fulfilment or "",
            simulated=row.simulated,
        )
        for row, it in zip(rows, letters_of(rows), strict=True)
    ]


def public_register() -> list[dict[str, str]]:
    """Every letter of the public register under the twenty names of the form, for a download."""
    rows = CreditLetter.objects.filter(CreditLetter.public_rows()).order_by("code")
    return [
        {item.name: item.value for item in shown(it, whole=False)}
        for it in letters_of(list(rows[:MOST_DOWNLOADED]))
    ]


def broken_promises(*, viewer: Viewer, since: date | None = None) -> tuple[BrokenPromise, ...]:
    """What applicants did not keep, in cases that the viewer may see; mended ones with the day.

    `since`: only what was found on this day or later.
    """
    cases = Case.objects.filter(visible(viewer)).values("pk")
    found = Q(state="broken", case__in=cases)
    if since is not None:
        found &= Q(ended_date__gte=since)
    deferrals = Deferral.objects.filter(found).select_related("case__applicant", "letter")
    declarations = Declaration.objects.filter(found).select_related("case__applicant", "letter")
    return (
        *(_broken(row, "deferral") for row in deferrals.order_by("code")),
        *(_broken(row, "declaration") for row in declarations.order_by("code")),
    )


def _broken(row: Deferral | Declaration, kind: str) -> BrokenPromise:
    it, applicant = letter_of(row.letter), row.case.applicant
    return BrokenPromise(
        letter=row.code,
        kind=kind,
        case=row.case_id,
        applicant_kind=applicant.kind,
        credit_code=applicant.credit_code,
        made_date=it.made_date,
        found_date=it.found_date,
        fulfilment=it.fulfilment or "",
        unmet=it.unmet,
        pursued=it.pursued,
        mended_date=row.mended_date,
        unit=row.case.unit_id,
    )
