"""Reading a file first where a crash harms nobody.

Over some damaged files calamine does not raise but ends its process, as when a wrong length makes
it ask for more memory than there is.
"""

import subprocess
import sys

MEMORY = 2 << 30
"""Bytes that reading one workbook may take."""
SECONDS = 120
READING = f"""
import io, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from python_calamine import CalamineWorkbook
with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)
"""


def ends_its_reader(data: bytes) -> bool:
    """Whether reading these bytes kills the process that does it, or takes too long.

    False for a file that is only refused: whoever reads it is told why.
    """
    try:
        done = subprocess.run(  # noqa: S603  # our own lines, the file comes by stdin
            [sys.executable, "-I", "-c", READING],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode < 0
