"""Files handed in to promises of the small city, through the real commands."""

import io
from datetime import date

from tests.city import JULY, City
from tests.kernel.media import samples
from yinuo.commitments.commands import evidence
from yinuo.commitments.commands.evidence import Kept
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.media.attached import look_at

PHOTO = samples.picture("JPEG", (800, 600), exif=True)
PDF = samples.pdf()
NAME = "现场照片.jpg"
FIRST_DAY = date(2024, 7, 10)


def kept(store: FileStore, *given: tuple[str, bytes]) -> tuple[Kept, ...]:
    """Files looked at and put into the store."""
    found, faults = look_at((name, io.BytesIO(content)) for name, content in given)
    assert faults == ()
    return evidence.keep(files=found, store=store)


def report(
    city: City,
    store: FileStore,
    *given: tuple[str, bytes],
    commitment: str = "LS-001",
    who: str = "lushun",
    note: str = "完成三项",
) -> str:
    """A report with these files; without any, with one photo."""
    return evidence.report(
        commitment=commitment,
        as_of_date=FIRST_DAY,
        value="3" if commitment == "LS-001" else "",
        note=note,
        files=kept(store, *(given or ((NAME, PHOTO),))),
        store=store,
        by=city[who],
        at=JULY,
    )
