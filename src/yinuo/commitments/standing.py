"""Whether somebody may be trusted with a deferral or a declaration: asked of whoever knows. Pure.

Credit records lie above this package, so it only says what is asked. The package that keeps them
registers itself at start; until one does, nothing is known of anybody, and the answer says so.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Answer(StrEnum):
    """What is known."""

    YES = "yes"
    """In good standing for this purpose."""
    NO = "no"
    """Not, for a reason that can be read and contested."""
    UNDETERMINED = "undetermined"
    """Not known: nothing speaks against the party, and nobody may act as if it did."""


class Purpose(StrEnum):
    """For what the standing is asked."""

    DEFERRAL = "deferral"
    DECLARATION = "declaration"
    TRACK = "track"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who is asked about."""

    kind: str
    """`firm`, `person` or `trader`."""
    number: str
    """统一社会信用代码, or 公民身份号码 of a person; empty where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The answer, with what a person may be told."""

    answer: Answer
    reason: str
    as_of: date
    """The day of the records it rests on."""


class Provider(Protocol):
    """A package that knows the standing of parties."""

    def __call__(self, party: Party, purpose: Purpose, on: date) -> Standing:
        """The standing on a day. Never raises for a party it does not know: undetermined."""


def unknown(party: Party, purpose: Purpose, on: date) -> Standing:
    """What is answered as long as nobody keeps credit records."""
    del party, purpose
    return Standing(answer=Answer.UNDETERMINED, reason="本市还没有接入信用评价", as_of=on)


_provider: list[Provider] = [unknown]


def provide(provider: Provider) -> Provider:
    """Make a provider the one that is asked, and return the one before.

    Called once at start, by the package that knows.
    """
    before = _provider[0]
    _provider[:] = [provider]
    return before


def standing(party: Party, purpose: Purpose, on: date) -> Standing:
    """What is known of a party on a day. Without a number nothing can be."""
    if not party.number:
        return Standing(answer=Answer.UNDETERMINED, reason="没有登记证件号码，无从查起", as_of=on)
    return _provider[0](party, purpose, on)
