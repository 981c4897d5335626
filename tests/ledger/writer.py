"""One of many writers: registers units, renames one that all share, prints how often it could."""

import os
import sys
from datetime import UTC, datetime

import django
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

from yinuo.ledger.commands.recording import StaleVersion, record  # noqa: E402
from yinuo.parties.commands import OPERATOR, NewUnit, register_units  # noqa: E402
from yinuo.parties.models import Unit  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)


def write(writer: str, rounds: int) -> int:
    """Write and return how many renames of the shared unit went through."""
    renamed = 0
    for turn in range(rounds):
        unit = NewUnit(code=f"W{writer}-{turn}", name=f"单位{turn}", kind="district")
        register_units(units=[unit], by=OPERATOR, at=AT)
        try:
            with transaction.atomic():
                shared = Unit.objects.get(code="210200")
                shared.name = f"大连市 {writer}-{turn}"
                record(shared, verb="unit.renamed", by=OPERATOR, at=AT)
        except StaleVersion:
            continue  # somebody else was faster: refused, not lost
        renamed += 1
    return renamed


if __name__ == "__main__":
    sys.stdout.write(f"{write(sys.argv[1], int(sys.argv[2]))}\n")
