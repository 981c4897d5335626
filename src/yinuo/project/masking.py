"""What must not stand in a log: the secret part of links, which opens somebody's task."""

import logging
import re

LINK = re.compile(r"/go/[^/\s\"']+")


class MaskedLinks(logging.Filter):
    """Strikes the secret part of links out of a log line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, masked.

        >>> line = logging.LogRecord("x", 30, "", 0, "Not Found: %s", ("/go/abc123/",), None)
        >>> MaskedLinks().filter(line), line.getMessage()
        (True, 'Not Found: /go/…/')
        """
        said = record.getMessage()
        if "/go/" in said:
            record.msg, record.args = LINK.sub("/go/…", said), None
        return True
