"""The tables of trust in force, credit that knows somebody, cases with a gap or a declaration."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from tests.cases.desk import FEBRUARY, IN_FORCE, MONDAY, PDF, put_case
from tests.city import City
from yinuo.cases.commands.deferrals import Gap, accept_with_gaps, hand_in
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.materials import Choice
from yinuo.cases.trust import DECLARATION, DEFERRAL, TRACKS
from yinuo.commitments.standing import Answer, Party, Purpose, Standing, provide
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.web.files import store

DUE = date(2024, 3, 18)
"""Ten working days after the Monday on which cases come in."""
IN_TIME = datetime(2024, 3, 14, 2, 0, tzinfo=UTC)
LATE = datetime(2024, 3, 20, 2, 0, tzinfo=UTC)
GAP = {**{key: Choice(kind="give") for key in ("M1", "M3", "M4")}, "M2": Choice(kind="none")}
DECLARED = {**{key: Choice(kind="give") for key in ("M1", "M2", "M4")}, "M3": Choice(kind="none")}


def put_tables(city: City, files: FileStore) -> None:
    """The shipped tables of trust, in force from the day of the item on."""
    for name in (DEFERRAL, DECLARATION, TRACKS):
        data = (content_dir() / name).read_bytes()
        kept = keep(name=name, data=data, valid_from=IN_FORCE, store=files)
        number = ask_publication(
            kept=kept, reason="发布", store=files, by=city["admin"], at=FEBRUARY
        )
        approve_publication(number=number, store=files, by=city["admin2"], at=FEBRUARY)


@contextmanager
def credit(answer: Answer) -> Iterator[None]:
    """Credit that says the same of everybody, until the block ends."""

    def says(party: Party, purpose: Purpose, on: date) -> Standing:
        del party, purpose
        return Standing(answer=answer, reason="演示", as_of=on)

    before = provide(says)
    try:
        yield
    finally:
        provide(before)


def put_gap(city: City, *, at: datetime = MONDAY, **changes: object) -> tuple[Receipt, str]:
    """A case accepted while its second document is to come: receipt and code of the deferral."""
    receipt = put_case(city, at=at, choices=GAP, **changes)  # type: ignore[arg-type]
    (code,) = accept_with_gaps(case=receipt.code, gaps=[Gap(key="M2")], by=city["clerk"], at=at)
    return receipt, code


def bring(code: str, receipt: Receipt, *, at: datetime = IN_TIME) -> None:
    """The applicant hands the document in."""
    hand_in(
        deferral=code,
        name="平面图.pdf",
        file=io.BytesIO(PDF),
        store=store(),
        track=receipt.track,
        at=at,
    )
