"""What becomes of uploaded bytes before any view sees them."""

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from yinuo.kernel.media.formats import largest_request
from yinuo.web import building_session
from yinuo.web.link_visits import may_upload
from yinuo.web.request import Request
from yinuo.web.track_session import may_bring


class Dropped(UploadedFile):  # type: ignore[type-arg]  # generic in its stubs alone
    """A file that was larger than all files of one request may be; nothing of it was kept."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(io.BytesIO(), name, size=size)


def _may_bring(request: Request) -> bool:
    """Whether files of this request are kept at all."""
    known = request.viewer.signed_in or may_upload(request) or may_bring(request)
    return known or building_session.may_bring(request)


class Bounded(TemporaryFileUploadHandler):
    """Lets no more onto the disk than one request may bring, and of a stranger nothing.

    The rest is read and dropped, so that what was typed beside it still arrives.
    """

    request: Request
    left: int | None = None
    """Bytes that the request may still bring; None before its first file."""
    dropping = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as in Django
        """Called at the start of each file."""
        super().new_file(*args, **kwargs)
        self.dropping = False
        if self.left is None:
            self.left = largest_request() if _may_bring(self.request) else 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next piece."""
        self.left = (self.left or 0) - len(raw_data)
        self.dropping = self.dropping or self.left < 0
        if not self.dropping:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The file, or what tells that it was dropped."""
        if not self.dropping:
            return super().file_complete(file_size)
        self.file.close()
        return Dropped(self.file_name or "", file_size)
