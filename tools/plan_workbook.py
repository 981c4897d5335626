"""Writes docs/reference/plan-workbook.md from the layout and the rules of the workbook.

    python -m tools.plan_workbook

A test fails while the page differs from what this writes.
"""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

# The layout names the kinds of unit, which stand in a model.
from yinuo.goals.workbook.reference import reference  # noqa: E402

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "plan-workbook.md"

if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
