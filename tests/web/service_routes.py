"""Every address of services, cases, problems and construction with what each role gets from it.

Arguments and what is typed may name what `service_city.make_services` made: `{running.code}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.cases.construction.site import PROJECT
from tests.cases.desk import FIRM_CODE, ITEM, OFFICE, PDF, WINDOW
from tests.cases.feed.window import SOURCE
from tests.web.routes import Again

VIEWERS = (
    *("", "clerk", "officer", "fire", "zj", "lead"),
    *("supervisor", "admin2", "auditor"),
)
"""Anyone; officers of the window, of the deciding unit, of one elsewhere, of one that decides on
building, of the office that keeps the catalogue; its supervisor; administrator, auditor."""
STRANGERS = ("fire", "zj", "lead")
"""Who has nothing to do with what the desk takes in."""
SIGN_IN, REFUSED, GONE, NO_FORM = 302, 403, 404, 405
OK, DONE, NOT_NOW, INVALID = 200, 302, 409, 422


@dataclass(frozen=True)
class ServiceRoute:
    """One address and what its viewers get."""

    name: str
    statuses: Mapping[str, int]
    """By viewer."""
    args: tuple[str | int, ...] = ()
    query: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    """Of a POST: what is typed."""
    follow: str = ""
    """The address at which a 查询码 is typed first, and in `made` its name: `track online`."""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from the others."""
        return self.name, self.args, self.query, self.follow


def everyone(name: str, *args: str | int, status: int = OK, follow: str = "") -> ServiceRoute:
    """The same for all."""
    return ServiceRoute(name, dict.fromkeys(VIEWERS, status), args, follow=follow)


def work(  # each says one thing
    name: str,
    *args: str | int,
    others: int,
    may: Mapping[str, int],
    query: str = "",
    data: Mapping[str, object] | None = None,
) -> ServiceRoute:
    """A page of the office: anyone signs in first, `may` get what it says, and `others` that."""
    statuses = {**dict.fromkeys(VIEWERS, others), **may, "": SIGN_IN}
    return ServiceRoute(name, statuses, args, query, data or {})


def those(*viewers: str, get: int = OK) -> dict[str, int]:
    """The same for these."""
    return dict.fromkeys(viewers, get)


OFFICE_SIDE = ("supervisor", "admin2", "auditor")
SEE_CASE = ("clerk", "officer", *OFFICE_SIDE)
"""Who sees a case of the window."""
BUILDERS = ("clerk", "zj", "lead", *OFFICE_SIDE)
SEEN_NOT_NOW = those(*SEE_CASE, get=NOT_NOW)
"""Who sees it and cannot do the step."""
AT = "2024-03-28T09:00"


def step(name: str, case: str, *viewers: str, **data: object) -> ServiceRoute:
    """A step on a case for these; without `data` its form."""
    typed = {"version": f"{{{case}.version}}", **data} if data else {}
    may = {**SEEN_NOT_NOW, **those(*viewers, get=DONE if data else OK)}
    return work(f"case_{name}", f"{{{case}.code}}", others=GONE, may=may, data=typed)


REASON = {"reason": "情况有变"}
STEPS: tuple[tuple[str, str, tuple[str, ...], Mapping[str, object]], ...] = (
    ("accept", "received", ("clerk", "officer"), {"happened_at": AT}),
    (
        "accept_gap",
        "gap",
        ("clerk", "officer"),
        {"happened_at": AT, "gap-M2": "2024-04-08"},
    ),
    ("accept_declared", "declared", ("clerk", "officer"), {"happened_at": AT}),
    ("sign_declaration", "partly", ("clerk", "officer"), {"do": "it"}),
    ("use_held", "held", ("clerk", "officer"), {"do": "it"}),
    ("ask_correction", "received", ("clerk", "officer"), {"keys": ["M1"], "said": "没有签名"}),
    ("refuse", "received", ("clerk", "officer"), REASON),
    (
        "decide",
        "running",
        ("officer",),
        {"decision": "approved", "reason": "符合条件", "happened_at": AT},
    ),
    ("deliver", "decided", ("clerk", "officer"), {"happened_at": AT}),
    ("resume", "stopped", ("officer",), {"stop": "{stop}", "happened_at": AT}),
    (
        "stop",
        "running",
        ("officer",),
        {
            "ground": "专家评审",
            "happened_at": AT,
            "planned_until": "2024-04-02",
            "notice": "5 号",
            "reason": "请专家",
        },
    ),
    ("ask_extension", "running", ("officer",), {"amount": "2", "reason": "核查员外出"}),
    ("decide_extension", "asked", ("supervisor",), {"request": "{extension}", "grant": "yes"}),
    ("remove_event", "stopped", ("supervisor",), {"event": "{stop}", "reason": "记错"}),
    ("withdraw", "running", ("clerk", "officer"), REASON),
    ("reopen", "decided", ("supervisor",), REASON),
    ("revoke", "decided", ("officer",), REASON),
    ("improve", "old", ("officer",), {"do": "it"}),
)
"""Step, case, who can do it, what is typed."""
FOR_SUPERVISORS = those("supervisor")
GAP_STEPS = (
    ("{late.code}", "hand-in", ("clerk", "officer"), {"note": "纸质"}),
    (
        "{late.code}",
        "default",
        ("officer",),
        {"consequence": "record", "note": "多次联系没有补交"},
    ),
)
CHECKED = {"result": "met", "found": "到场看过"}
NEW_BUILDING = {
    "code": "2403-210200-04-01-000002",
    "title": "示范二号厂房",
    "flow": "GY",
    "office": OFFICE,
    "window": WINDOW,
    "declared_date": "2024-03-01",
    "works": "2403-210200-04-01-000002-01 厂房",
    "total": "8600",
    "kind": "firm",
    "name": "示范轴承有限公司",
    "number": FIRM_CODE,
    "contact": "0411-00000000",
}
REUSED = {
    "kind": "QP-DZ",
    "number": "QP-2023-07",
    "source": "开发区管委会",
    "made_date": "2023-07-01",
}
APPLICATION = {
    "kind": "firm",
    "name": "示范面包有限公司",
    "number": FIRM_CODE,
    "contact": "0411-00000000",
    "about": "开一家面包店",
    "once": "0123456789abcdef",
    "choice_M1": "give",
    "file_M1": Again("申请书.pdf", PDF, "application/pdf"),
    "choice_M2": "defer",
    "until_M2": "2024-04-05",
    "promise_M2": "on",
    "choice_M3": "declare",
    "declaration": "on",
    "choice_M4": "give",
    "file_M4": Again("执照.pdf", PDF, "application/pdf"),
    "choice_M5": "none",
}
AT_WINDOW = {
    **{k: v for k, v in APPLICATION.items() if not k.startswith("file_")},
    "window_unit": WINDOW,
    "received": AT,
}
RAISED = {
    "area": "port",
    "title": "查验排队",
    "said": "排队两天",
    "kind": "firm",
    "name": "示范航运有限公司",
    "contact": "0411-00000000",
}
TOLD = {**RAISED, "channel": "phone", "told_at": AT, "unit": WINDOW, "once": "0123456789abcdef"}
STAGE = {f"file_{n}": Again(f"材料{n}.pdf", PDF, "application/pdf") for n in range(7)}
"""The seven documents of the last stage of the shipped flow."""
ANSWERED = {"plan": "自北侧市政管引入", "connect_date": "2024-05-10"}
PROBLEM, OWNED, UNOWNED = "{problem.code}", "{owned.code}", "{unowned.code}"

GET = (
    everyone("services"),
    everyone("services_kept"),
    everyone("services_xlsx"),
    everyone("services_json"),
    everyone("service_json", ITEM),
    everyone("service", ITEM),
    everyone("service", "SC-902", status=GONE),
    everyone("service_card", ITEM),
    everyone("service_version", ITEM, 1),
    everyone("service_version", ITEM, 2),
    everyone("service_version", "SC-902", 1, status=GONE),
    everyone("service_qr", ITEM, 2),
    everyone("service_file", "SC-903", "{slides.sha256}"),
    work("item_drafts", others=REFUSED, may=those(*OFFICE_SIDE)),
    work("item_template", others=OK, may={}),
    work("item_take_in", others=REFUSED, may=those("admin2")),
    work("item_draft", "SC-902", 1, others=GONE, may=those(*OFFICE_SIDE)),
    work("item_end", ITEM, others=REFUSED, may=FOR_SUPERVISORS),
    everyone("case_apply", ITEM),
    everyone("case_form", ITEM),
    everyone("case_receipt", status=SIGN_IN),
    everyone("track"),
    everyone("track", follow="track online"),
    everyone("track_leave", status=NO_FORM),
    everyone("track_step", "withdraw", status=SIGN_IN),
    everyone("track_step", "withdraw", follow="track online"),
    everyone("track_step_of", "hand-in", "{waiting.code}", status=SIGN_IN),
    everyone("track_step_of", "hand-in", "{waiting.code}", follow="track waiting_case"),
    # One follows one's own case alone.
    everyone("track_step_of", "hand-in", "{waiting.code}", status=SIGN_IN, follow="track online"),
    work("desk", others=OK, may={}),
    work("desk_choose", others=REFUSED, may=those("clerk", "officer", *STRANGERS)),
    work("desk_new", ITEM, others=REFUSED, may=those("clerk", "officer", *STRANGERS)),
    work("desk_receipt", others=SIGN_IN, may={}),
    work("case", "{running.code}", others=GONE, may=those(*SEE_CASE)),
    work("case", "{online.code}", others=GONE, may={**those(*SEE_CASE), "clerk": GONE}),
    work("case_file", "{online.code}", "M1", others=GONE, may=those("officer", *OFFICE_SIDE)),
    work(
        "case_answer",
        "{correcting.code}",
        others=GONE,
        may={**SEEN_NOT_NOW, **those("clerk", "officer")},
    ),
    *(step(name, case, *who) for name, case, who, _typed in STEPS),
    everyone("tolerance"),
    everyone("tolerance_xlsx"),
    everyone("letters"),
    everyone("letters_xlsx"),
    everyone("letter_public", "{published.code}"),
    everyone("letter_public", "{late.code}", status=GONE),
    work("deferrals", others=OK, may={}),
    *(
        work("deferral_step", code, path, others=GONE, may={**SEEN_NOT_NOW, **those(*who)})
        for code, path, who, _typed in GAP_STEPS
    ),
    work(
        "declaration_step",
        "{declaration}",
        "check",
        others=GONE,
        may={**SEEN_NOT_NOW, **those("officer")},
    ),
    work("letter", "{late.code}", others=GONE, may=those(*SEE_CASE)),
    everyone("construction"),
    everyone("building_project"),
    everyone("building_project", follow="building_project building"),
    everyone("building_leave", status=NO_FORM),
    everyone("building_confirm", status=NO_FORM),
    everyone("building_apply", "4", status=SIGN_IN),
    everyone("building_apply", "4", follow="building_project building"),
    everyone("building_applied", status=SIGN_IN),
    everyone("utility_link", "{token}"),
    everyone("utility_link", "no-such-link", status=GONE),
    work("buildings", others=OK, may={}),
    work("building_new", others=OK, may={}),
    work("building", PROJECT, others=GONE, may=those(*BUILDERS)),
    work("building_start", PROJECT, "4", others=GONE, may=those(*BUILDERS)),
    work("building_reuse", PROJECT, others=GONE, may=those(*BUILDERS)),
    work("building_track", PROJECT, others=GONE, may=those(*BUILDERS)),
    work("building_utility", PROJECT, "gas", others=GONE, may=those(*BUILDERS)),
    work("joint", "{joint.code}", others=GONE, may=those(*BUILDERS)),
    everyone("problems_public"),
    everyone("problem_raise"),
    everyone("problem_raised", status=SIGN_IN),
    everyone("problem_track"),
    everyone("problem_track", follow="problem_track problem"),
    everyone("problem_leave", status=NO_FORM),
    everyone("problem_say", "withdraw", status=SIGN_IN),
    everyone("problem_say", "withdraw", follow="problem_track problem"),
    everyone("ratings_public"),
    everyone("case_rate", "accept", status=SIGN_IN),
    everyone("case_rate", "accept", follow="track running"),
    work("problems", others=OK, may={}),
    work("problem_take_down", others=OK, may=those("admin2", "auditor", get=REFUSED)),
    work("problems_meeting", others=OK, may={}),
    work("problems_meeting_xlsx", others=OK, may={}),
    work("problem", PROBLEM, others=GONE, may=those("officer", "lead", *OFFICE_SIDE)),
    work("problem", OWNED, others=GONE, may=those("officer", "lead", *OFFICE_SIDE)),
    work("problem", UNOWNED, others=GONE, may=those("lead", *OFFICE_SIDE)),
    work("ratings", others=OK, may={}),
    work("ratings_csv", others=REFUSED, may=those("supervisor", "admin2")),
    work("rectification", "{rectification.code}", others=GONE, may=those("clerk", *OFFICE_SIDE)),
    work("supervised", others=OK, may={}),
    work("supervised_csv", others=OK, may={}),
    work("supervised_xlsx", others=OK, may={}),
    work("supervised_cases", others=OK, may={}),
    work("feeds", others=OK, may={}),
    work("feed", SOURCE, others=GONE, may=those("clerk", *OFFICE_SIDE)),
    work("feed_replay", SOURCE, others=NO_FORM, may={}),
    work("feed_aside", "{aside.code}", others=GONE, may=those("clerk", *OFFICE_SIDE)),
    work("feed_case", "{fed.code}", others=GONE, may=those(*SEE_CASE)),
)
VERSION_OF = {
    name: f"{{{name}.version}}" for name in ("problem", "owned", "unowned", "rectification", "fed")
}
POST = (
    work("item_take_in", others=REFUSED, may={"admin2": INVALID}),
    work(
        "item_draft",
        "SC-902",
        1,
        others=GONE,
        may={"supervisor": DONE, **those("admin2", "auditor", get=REFUSED)},
        data={"version": "{draft.version}", "valid_from": "2024-03-29", "publish": "1"},
    ),
    work(
        "item_end",
        ITEM,
        others=REFUSED,
        may={"supervisor": DONE},
        data={"valid_to": "2024-04-30", "reason": "法律取消"},
    ),
    ServiceRoute("case_form", dict.fromkeys(VIEWERS, DONE), (ITEM,), data=APPLICATION),
    ServiceRoute("track", dict.fromkeys(VIEWERS, DONE), data={"track": "{online_receipt.track}"}),
    everyone("track_leave", status=DONE),
    ServiceRoute(
        "track_step",
        dict.fromkeys(VIEWERS, DONE),
        ("withdraw",),
        data=REASON,
        follow="track online",
    ),
    ServiceRoute(
        "track_step_of",
        dict.fromkeys(VIEWERS, DONE),
        ("hand-in", "{waiting.code}"),
        data={"file": Again("平面图.pdf", PDF, "application/pdf")},
        follow="track waiting_case",
    ),
    work(
        "desk_new",
        ITEM,
        others=REFUSED,
        may={"clerk": DONE, **those("officer", *STRANGERS, get=INVALID)},  # not their window
        data=AT_WINDOW,
    ),
    work(
        "case_answer",
        "{correcting.code}",
        others=GONE,
        may={**SEEN_NOT_NOW, **those("clerk", "officer", get=DONE)},
        data={"choice_M1": "give"},
    ),
    *(step(name, case, *who, **typed) for name, case, who, typed in STEPS),
    *(
        work(
            "deferral_step",
            code,
            path,
            others=GONE,
            may={**SEEN_NOT_NOW, **those(*who, get=DONE)},
            data=typed,
        )
        for code, path, who, typed in GAP_STEPS
    ),
    work(
        "declaration_step",
        "{declaration}",
        "check",
        others=GONE,
        may={**SEEN_NOT_NOW, **those("officer", get=DONE)},
        data=CHECKED,
    ),
    work(
        "letter",
        "{late.code}",
        others=GONE,
        may={**those(*SEE_CASE, get=REFUSED), "supervisor": DONE},
        data={"publicity": "不可公开", "version": "{letter.version}"},
    ),
    ServiceRoute(
        "building_project", dict.fromkeys(VIEWERS, DONE), data={"track": "{building_track}"}
    ),
    everyone("building_leave", status=DONE),
    everyone("building_confirm", status=DONE),
    ServiceRoute(
        "building_apply",
        dict.fromkeys(VIEWERS, DONE),
        ("4",),
        data=STAGE,
        follow="building_project building",
    ),
    ServiceRoute("utility_link", dict.fromkeys(VIEWERS, OK), ("{token}",), data=ANSWERED),
    work(
        "building_new", others=REFUSED, may=those("clerk", "lead", "supervisor"), data=NEW_BUILDING
    ),
    work(
        "building_start",
        PROJECT,
        "4",
        others=GONE,
        may={**those(*BUILDERS, get=REFUSED), "clerk": OK},
    ),
    work(
        "building_reuse",
        PROJECT,
        others=GONE,
        may={**those(*BUILDERS, get=REFUSED), **those("clerk", "lead", "supervisor", get=DONE)},
        data=REUSED,
    ),
    work(
        "building_track",
        PROJECT,
        others=GONE,
        may={**those(*BUILDERS, get=REFUSED), **those("clerk", "lead", "supervisor")},
    ),
    work(
        "building_utility",
        PROJECT,
        "gas",
        others=GONE,
        may={**those(*BUILDERS, get=REFUSED), **those("lead", "supervisor", get=DONE)},
        data={"do": "renew"},
    ),
    ServiceRoute("problem_raise", dict.fromkeys(VIEWERS, DONE), data=RAISED),
    work(
        "problem_take_down",
        others=INVALID,  # not their unit
        may={"clerk": OK, **those("admin2", "auditor", get=REFUSED)},
        data=TOLD,
    ),
    ServiceRoute("problem_track", dict.fromkeys(VIEWERS, DONE), data={"track": "{problem_track}"}),
    everyone("problem_leave", status=DONE),
    ServiceRoute(
        "problem_say",
        dict.fromkeys(VIEWERS, DONE),
        ("withdraw",),
        data=REASON,
        follow="problem_track problem",
    ),
    ServiceRoute(
        "case_rate",
        dict.fromkeys(VIEWERS, DONE),
        ("accept",),
        data={"level": "5", "said": ""},
        follow="track running",
    ),
    work(
        "problem",
        PROBLEM,
        others=GONE,
        may={"officer": DONE, **those("lead", *OFFICE_SIDE, get=INVALID)},  # no unit of theirs
        query="do=own",
        data={"unit": "DL-SJJ", "version": VERSION_OF["problem"]},
    ),
    work(
        "problem",
        UNOWNED,
        others=GONE,
        may={"supervisor": DONE, **those("lead", "admin2", "auditor", get=REFUSED)},
        query="do=ask",
        data={"to": "DL-SJJ", "version": VERSION_OF["unowned"]},
    ),
    work(
        "problem",
        OWNED,
        others=GONE,
        may={**those("officer", "lead", *OFFICE_SIDE, get=REFUSED), "supervisor": DONE},
        query="do=publish",
        data={"visibility": "public", "version": VERSION_OF["owned"]},
    ),
    work(
        "rectification",
        "{rectification.code}",
        others=GONE,
        may={"clerk": DONE, **those(*OFFICE_SIDE, get=REFUSED)},
        data={"note": "已联系", "version": VERSION_OF["rectification"]},
    ),
    work(
        "feed_replay",
        SOURCE,
        others=GONE,
        may={"auditor": REFUSED, **those("clerk", "supervisor", "admin2", get=DONE)},
        data={"reason": "{aside.reason}"},
    ),
    work(
        "feed_aside",
        "{aside.code}",
        others=GONE,
        may={"auditor": REFUSED, **those("clerk", "supervisor", "admin2", get=DONE)},
        data={"do": "drop", "drop-reason": "重复"},
    ),
    work(
        "feed_case",
        "{fed.code}",
        others=GONE,
        may={**those("clerk", "officer", get=DONE), **those(*OFFICE_SIDE, get=INVALID)},
        data={"do": "defer", "gaps": ["M2"], "version": VERSION_OF["fed"]},
    ),
)
READ_ONLY = frozenset(route.name for route in GET) - {route.name for route in POST}
"""Pages that take nothing."""
UNRECORDED = frozenset(
    {
        "track",
        "track_leave",
        "building_project",
        "building_leave",
        "building_confirm",
        "problem_track",
        "problem_leave",
        "item_take_in",
        "feed_replay",
    }
)
"""What leaves no entry: whom a browser follows, a bad file, rows that still cannot be used."""
PUBLIC = frozenset(
    {
        *(route.name for route in GET if route.statuses[""] == OK),
        *("case_receipt", "track_leave", "track_step", "track_step_of"),
        *("building_leave", "building_confirm", "building_applied"),
        *("problem_raised", "problem_leave", "problem_say", "case_rate"),
    }
)
"""Pages that open without signing in, whatever they then ask for."""
