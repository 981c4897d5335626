"""Whether a page fits the window it is looked at in."""

from playwright.sync_api import Page


def widths(page: Page) -> tuple[int, int]:
    """How wide the page is and how much it was given, both in pixels.

    Asked of a locator, which waits for the element: between two documents a page has none.
    """
    page.wait_for_load_state()
    wide, given = page.locator("html").evaluate("html => [html.scrollWidth, html.clientWidth]")
    return wide, given


def fits(page: Page) -> bool:
    wide, given = widths(page)
    return wide <= given
