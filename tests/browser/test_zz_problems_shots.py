import pytest
from datetime import timedelta
from tests.browser.test_port_problem_to_zero import city
from tests.browser.test_evidence import sign_in
from tests.cases.problems.ground import put_problem, areas, CALENDAR
from tests.city import JULY, LUSHUN, PULANDIAN
from yinuo.cases.commands import problems, problem_words, problem_titles, problem_groups
from yinuo.commitments.life import Visibility

def shot(page, url, name):
    page.goto(url)
    w = page.viewport_size["width"]
    page.screenshot(path=f"/tmp/problems/shots/{name}-{w}.png", full_page=True)

def test_shots(page, live_server, city):
    u = live_server.url
    at = JULY - timedelta(days=30)
    a = put_problem(at=at); b = put_problem(at=JULY - timedelta(days=4), title="冷藏箱查验又排队两天"); c = put_problem(at=JULY - timedelta(days=3), area="labour", title="招工补贴三个月没有到账")
    d = put_problem(at=at, title="过磅数据晚到")
    kw = dict(areas=areas(), at=at)
    for x in (a, d):
        problems.own(problem=x.code, unit=LUSHUN, by=city["lushun"], **kw)
        problems.answer(problem=x.code, note="已办", calendar=CALENDAR, by=city["lushun"], at=at)
    problem_words.confirm(track=d.track, at=at)
    for _ in range(2):
        problem_words.not_solved(track=a.track, reason="还在排队", calendar=CALENDAR, at=JULY)
        problems.answer(problem=a.code, note="再加", calendar=CALENDAR, by=city["lushun"], at=JULY)
    problem_titles.write(problem=a.code, title="冷藏箱查验排队超过两天", by=city["supervisor"], at=JULY)
    problem_titles.publish(problem=a.code, visibility=Visibility.PUBLIC, by=city["supervisor2"], at=JULY)
    problem_groups.form_task_force(problems=[a.code], title="口岸冷链专班", lead=PULANDIAN, units=[LUSHUN], by=city["supervisor"], at=JULY)
    shot(page, u + "/services/problems/", "public")
    shot(page, u + "/services/problems/new/", "new")
    shot(page, u + "/services/problems/track/", "track")
    page.get_by_label("查询码").fill(a.track); page.get_by_role("button", name="查看").click()
    shot(page, u + "/services/problems/track/", "tracked")
    shot(page, u + "/services/problems/track/not_solved/", "say")
    sign_in(page, u, "supervisor")
    shot(page, u + "/work/problems/", "list")
    shot(page, u + f"/work/problems/{a.code}/", "one")
    shot(page, u + f"/work/problems/{b.code}/", "two")
    shot(page, u + f"/work/problems/{a.code}/?do=force", "force")
    shot(page, u + "/work/problems/meeting/", "meeting")
    shot(page, u + "/work/supervised/", "supervised0")
    shot(page, u + "/en/services/problems/", "en")
