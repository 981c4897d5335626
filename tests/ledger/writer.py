"""One of many writers: registers units, renames one that all share, prints what it wrote."""

import sys
from datetime import UTC, datetime

import django

django.setup()

from django.db import transaction  # noqa: E402

from yinuo.ledger.commands import StaleVersion, record  # noqa: E402
from yinuo.parties.commands import OPERATOR, NewUnit, register_units  # noqa: E402
from yinuo.parties.models import Unit  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)
writer, rounds = sys.argv[1], int(sys.argv[2])
renamed = 0
for turn in range(rounds):
    unit = NewUnit(code=f"W{writer}-{turn}", name=f"单位{turn}", kind="district")
    register_units(units=[unit], by=OPERATOR, at=AT)
    try:
        with transaction.atomic():
            shared = Unit.objects.get(code="210200")
            shared.name = f"大连市 {writer}-{turn}"
            record(shared, verb="unit.renamed", by=OPERATOR, at=AT)
            renamed += 1
    except StaleVersion:
        pass  # somebody else was faster: refused, not lost
print(renamed)
