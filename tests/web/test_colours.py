"""Text is readable on every ground it stands on, light and dark (WCAG 2.2, 1.4.3: 4.5 to 1)."""

import re
from pathlib import Path

import pytest

from yinuo.web import apps

CSS = (Path(apps.__file__).parent / "static" / "yinuo" / "base.css").read_text(encoding="utf-8")
PAIRS = (
    *(
        (text, ground)
        for text in ("ink", "soft", "accent", "red", "amber", "green")
        for ground in ("ground", "paper")
    ),
    ("accent-strong", "accent-soft"),
    ("ink", "accent-soft"),
    ("amber", "amber-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
)
"""(text, ground) as the style sheets use them."""
OUTLINES = (("line-strong", "paper"), ("accent", "ground"), ("bar-kept", "ground"))
"""What must be told apart without reading (1.4.11: 3 to 1)."""


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_contrast(name: str) -> None:
    colours = palettes()[name]
    pale = {
        (one, other): round(contrast(colours[one], colours[other]), 2)
        for pairs, least in ((PAIRS, 4.5), (OUTLINES, 3.0))
        for one, other in pairs
        if contrast(colours[one], colours[other]) < least
    }
    assert pale == {}


def test_the_measure() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
