"""Whether a page fits the windows it is looked at in, and can be used in each of them.

Nothing that the site sends depends on the width, so a page is loaded once and its window resized.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

PHONE, DESKTOP = (360, 780), (1440, 900)
"""CSS pixels, width and height."""
WIDTHS = {"phone": PHONE, "desktop": DESKTOP}
at_both_widths = pytest.mark.parametrize("page", WIDTHS, indirect=True)
"""Run the whole test on a phone and again at a desk."""

LOOK = """async (html) => {
  const isWide = () => html.scrollWidth > html.clientWidth;
  // A chart is drawn anew for the width it finds, some frames after the page.
  for (let frame = 0; frame < 2 || (frame < 60 && isWide()); frame += 1) {
    await new Promise(requestAnimationFrame);
  }
  const wide = isWide() ? html.scrollWidth : 0;
  const shown = [...document.querySelectorAll(
    "main :is(a[href], button, input, select, textarea, summary):not([tabindex='-1'])"
  )].filter((control) => control.checkVisibility({ visibilityProperty: true }));
  const covered = shown.filter((control) => {
    control.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const [box] = control.getClientRects();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return ![control, ...(control.labels ?? [])].some((each) => each.contains(top));
  });
  scrollTo({ top: 0, behavior: "instant" });
  const said = (control) => control.outerHTML.slice(0, 120);
  return { wide, shown: shown.map(said), covered: covered.map(said) };
}"""


@dataclass(frozen=True)
class _Seen:
    """A page at one width."""

    wide: int
    """Pixels, where it is wider than it may be."""
    shown: list[str]
    """Links, buttons and fields, in their order."""
    covered: list[str]
    """Those that nobody can press, as something else lies on them."""


def _look(page: Page) -> _Seen:
    """Asked of a locator, which waits for the element: between two documents a page has none."""
    return _Seen(**page.locator("html").evaluate(LOOK))


def turn(page: Page) -> None:
    """Look at the page at the other width from now on."""
    is_phone = page.viewport_size is not None and page.viewport_size["width"] == PHONE[0]
    width, height = DESKTOP if is_phone else PHONE
    page.set_viewport_size({"width": width, "height": height})


def faults(page: Page) -> list[str]:
    """What sticks out of the page, and what of it cannot be used at one of the widths.

    The page stays at the other width: a story that looks at its pages is told at both by turns.
    """
    page.wait_for_load_state()
    here = _look(page)
    turn(page)
    there = _look(page)
    turned = {each for each in here.shown if each not in there.shown}
    turned |= {each for each in there.shown if each not in here.shown}
    found = [f"{seen.wide} pixels wide" for seen in (here, there) if seen.wide]
    found += [f"only at one width: {each}" for each in sorted(turned)]
    return found + [f"covered: {each}" for seen in (here, there) for each in seen.covered]


def fits(page: Page) -> bool:
    """Whether the page can be used at both widths; fails with what is wrong."""
    assert faults(page) == []
    return True
