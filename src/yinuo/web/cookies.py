"""A cookie by which one browser remembers one thing for half an hour, signed by the server.

What it holds stands in no address and in no log.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponseBase

MINUTES = 30
PATH = "/"
"""Pages of one matter stand at several addresses, in two languages."""


@dataclass(frozen=True)
class Cookie:
    """One such cookie; `salt` keeps a value signed for one purpose from serving another."""

    name: str
    salt: str

    def keep(self, answer: HttpResponseBase, value: str) -> None:
        """Let the browser remember a value from now on."""
        answer.set_signed_cookie(
            self.name,
            value,
            salt=self.salt,
            max_age=MINUTES * 60,
            path=PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

    def kept(self, request: HttpRequest) -> str:
        """The value; empty where it is missing, foreign or too old."""
        try:
            found = request.get_signed_cookie(
                self.name, default="", salt=self.salt, max_age=MINUTES * 60
            )
        except BadSignature:
            return ""
        return str(found)

    def forget(self, answer: HttpResponseBase) -> None:
        """Let the browser forget it."""
        answer.delete_cookie(self.name, path=PATH)
