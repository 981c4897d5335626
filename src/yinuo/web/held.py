"""What the city's registers hold, as this installation reaches them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from yinuo.cases.commands.consents import use_register
from yinuo.cases.held.source import Folder, HeldSource
from yinuo.kernel.errors import YinuoError
from yinuo.web import clock
from yinuo.web.files import store


def registers() -> HeldSource:
    """The folder of registers beside the file store."""
    return Folder(settings.YINUO_FILES.with_name("held"))


def fetch_held(case: str, keys: Iterable[str], **party: Any) -> list[str]:  # noqa: ANN401
    """Take documents from the registers that hold them; what was not there, in sentences.

    `party` is `track=` or `by=`, whoever consents. What a register has not stays to be brought.
    """
    said = []
    for key in keys:
        try:
            use_register(
                case=case, key=key, source=registers(), store=store(), at=clock.now(), **party
            )
        except YinuoError as error:
            said.append(f"{error.what}。{error.next_step}。")
    return said
