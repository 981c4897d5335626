import pytest
import tests.browser.test_publicity_ends
from tests.browser.test_publicity_ends import identity, trial

@pytest.mark.usefixtures("identity")
def test_shot(page, live_server):
    page.goto(f"{live_server.url}/mine/credit/")
    print(page.content()[:200]); print(page.get_by_role("main").inner_text())
    for b in page.get_by_role("button").all(): print(repr(b.inner_text()))
    page.screenshot(path="/tmp/part-r/a.png")
    page.get_by_role("main").get_by_role("button").click()
    print(page.url, page.content()[:300])
