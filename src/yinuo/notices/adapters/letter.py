"""What an adapter is given, what it answers, and how it fails."""

from dataclasses import dataclass, field, replace
from typing import Protocol

LONGEST_REASON = 200


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message as it leaves, for one address."""

    to: str = field(repr=False)
    """The address: personal, so it stands in no log."""
    title: str
    lines: tuple[str, ...] = field(repr=False)
    """What follows the title, a line each."""
    url: str = field(default="", repr=False)
    """Where it goes on; may open a task, so it too stands in no log."""
    url_label: str = "打开"
    discreet: str
    """The whole in one sentence without titles, for where others read along."""
    key: str
    """The same with every try of the same message."""
    seconds: int
    """When it is sent, in seconds since 1970, for services that check it."""
    template: str = "digest"
    """Which of the texts agreed with an SMS gateway: `digest`, `code`."""
    parameters: dict[str, str] = field(default_factory=dict, repr=False)
    """What stands in its gaps."""

    def without_titles(self) -> "Letter":
        """The same for a service that is not to learn what it is about."""
        return replace(self, title=self.discreet, lines=())

    @property
    def text(self) -> str:
        """All of it as plain text."""
        link = (f"{self.url_label}：{self.url}",) if self.url else ()
        return "\n".join((self.title, *self.lines, *link))


class NotDeliveredError(Exception):
    """The service did not take a message. Holds neither address nor secret."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why[:LONGEST_REASON])
        self.why = why[:LONGEST_REASON]
        self.for_good = for_good
        """Whether trying again is of no use."""


class Sender(Protocol):
    """What carries letters: one configured service."""

    def send(self, letter: Letter) -> str:
        """Hand a letter over and return the receipt. Raises `NotDeliveredError`."""


def scrubbed(said: str, *secrets: str) -> str:
    """What a service said, without addresses and secrets, on one line."""
    for secret in filter(None, secrets):
        said = said.replace(secret, "…")
    return " ".join(said.split())[:LONGEST_REASON]
