"""What the city's registers hold, as this installation reaches them."""

from collections.abc import Iterable

from django.conf import settings

from yinuo.cases.commands.consents import use_register
from yinuo.cases.held.source import Folder, HeldSource
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import Viewer
from yinuo.web import clock
from yinuo.web.files import store


def registers() -> HeldSource:
    """The folder of registers beside the file store."""
    return Folder(settings.YINUO_FILES.with_name("held"))


def fetch_held(case: str, keys: Iterable[str], *, by: Viewer) -> list[str]:
    """Take documents from the registers that hold them; what was not there, in sentences.

    What a register has not stays to be brought.
    """
    said = []
    for key in keys:
        try:
            use_register(
                case=case, key=key, source=registers(), store=store(), by=by, at=clock.now()
            )
        except YinuoError as error:
            said.append(f"{error.what}。{error.next_step}。")
    return said
