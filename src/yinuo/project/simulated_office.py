"""What an office does besides reporting, as a demo file names it."""

from io import BytesIO

from PIL import Image, ImageDraw

from yinuo.commitments.commands import assign as assigning
from yinuo.commitments.commands import breakdown, evidence, signing, waiting
from yinuo.commitments.life import Visibility
from yinuo.commitments.shares import Share
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.media.attached import look_at
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer
from yinuo.project.event import Event

FIRST = 1
"""Number of the claim and of the file that a demo file means: it makes one a promise."""


def _codes() -> dict[str, str]:
    return {unit.name: unit.code for unit in public_units()}


def break_down(e: Event, by: Viewer) -> None:
    """`text` is `unit figure` pairs joined by ；, `day` the last day to sign."""
    codes = _codes()
    pairs = [part.split() for part in e.text.split("；")]
    shares = [Share(unit=codes[name], value=figure) for name, figure in pairs]
    breakdown.break_down(commitment=e.commitment, shares=shares, sign_by=e.date, by=by, at=e.at)


def sign(e: Event, by: Viewer) -> None:
    """`commitment` is the share."""
    (unit,) = by.officer_of
    signing.sign(signings=[f"{e.commitment}/{unit}"], by=by, at=e.at)


def give_back(e: Event, by: Viewer) -> None:
    """`text` is the reason."""
    (unit,) = by.officer_of
    signing.give_back(signing=f"{e.commitment}/{unit}", reason=e.text, by=by, at=e.at)


def assign(e: Event, by: Viewer) -> None:
    """`text` is leader and liaison joined by ；."""
    (unit,) = by.officer_of
    leader, liaison = e.text.split("；")
    assigning.assign(
        commitments=[e.commitment], unit=unit, leader=leader, liaison=liaison, by=by, at=e.at
    )


def claim(e: Event, by: Viewer) -> None:
    """`value` is the unit waited for, `day` since when, `text` for what."""
    waiting.claim(
        commitment=e.commitment,
        on_unit=_codes()[e.value],
        since_date=e.date,
        what=e.text,
        by=by,
        at=e.at,
    )


def accept(e: Event, by: Viewer) -> None:
    """`text` is what the unit waited for says."""
    waiting.accept(wait=f"{e.commitment}/W{FIRST}", note=e.text, by=by, at=e.at)


def end(e: Event, by: Viewer) -> None:
    """`day` is when it came."""
    waiting.end(wait=f"{e.commitment}/W{FIRST}", ended_date=e.date, by=by, at=e.at)


def picture() -> BytesIO:
    """A drawn scene that nobody can take for a photograph."""
    image = Image.new("RGB", (960, 640), "#dfe9ee")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 430, 960, 640), fill="#9db8a7")
    pen.rectangle((250, 190, 710, 470), fill="#f4f1ea", outline="#5b6a70", width=6)
    for left in range(290, 680, 110):
        pen.rectangle((left, 240, left + 60, 320), fill="#7fa6b8", outline="#5b6a70", width=4)
    pen.rectangle((440, 370, 520, 470), fill="#8a6d4f")
    pen.text((28, 20), "DEMO - drawn, not a photograph", fill="#394b52", font_size=34)
    file = BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def report_with_picture(e: Event, by: Viewer, store: FileStore) -> None:
    """A report as of `day` with a drawn picture."""
    files, faults = look_at([("演示现场图.png", picture())])
    assert not faults  # noqa: S101  # drawn here
    evidence.report(
        commitment=e.commitment,
        as_of_date=e.date,
        value=e.value,
        note=e.text,
        files=evidence.keep(files=files, store=store),
        store=store,
        by=by,
        at=e.at,
    )


def pass_picture(e: Event, by: Viewer) -> None:
    """Pass the picture to the public."""
    evidence.publish(
        evidence=f"{e.commitment}/E{FIRST}", visibility=Visibility.PUBLIC, by=by, at=e.at
    )
