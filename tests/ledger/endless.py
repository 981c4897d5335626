"""Registers units without end and prints the code of each one after its commit."""

import itertools
import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

from yinuo.parties.commands import OPERATOR, NewUnit, register_units  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)

if __name__ == "__main__":
    for number in itertools.count():
        unit = NewUnit(code=f"{sys.argv[1]}-{number}", name=f"单位{number}", kind="district")
        register_units(units=[unit], by=OPERATOR, at=AT)
        sys.stdout.write(f"{unit.code}\n")
        sys.stdout.flush()
