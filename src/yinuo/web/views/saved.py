"""Files from outside, given out to be saved and never shown as a page of ours."""

from typing import Protocol

from django.http import FileResponse
from django.utils.http import content_disposition_header

from yinuo.web.files import store
from yinuo.web.sending import SANDBOX


class Kept(Protocol):
    """A file of the store with its type, and a name with an ending that its content demands."""

    @property
    def sha256(self) -> str:
        """Of the content."""

    @property
    def media_type(self) -> str:
        """As found in the content."""

    @property
    def name(self) -> str:
        """To save it under."""


def to_save(kept: Kept) -> FileResponse:
    """The file, for whoever may have it; the caller has checked that."""
    answer = FileResponse(store().open(kept.sha256), content_type=kept.media_type)
    disposition = content_disposition_header(as_attachment=True, filename=kept.name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
