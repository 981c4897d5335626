"""Every address of the site with what each role gets from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.city import JULY, LUSHUN, LUSHUN_SECRET, OFFICE, PULANDIAN, City
from tests.contested import contest_a_figure
from tests.drawn import check_at_random
from tests.goals.leads.register import APRIL, PLANT, TRIP, put_leads, registration
from tests.handed_in import PDF, PHOTO, report
from tests.kept import kept
from tests.measured import GDP, SECRET, put_indicators
from tests.project_register import BATCH, BRIDGE, ENTERED, HIDDEN, PARK, put_projects
from tests.published import ask_other_lights, publish_lights
from tests.supervision.asked import put_rounds
from tests.supervision.doubtful import falling_doubt, plant
from tests.supervision.meetings import take
from tests.supervision.race_city import CODE as RACE
from tests.supervision.race_city import put_race
from yinuo.commitments.commands import change, deliver, evidence, judge, signing, waiting
from yinuo.commitments.commands.assign import assign
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.goals.commands.lead_landing import report_fact
from yinuo.parties.commands import ask_succession
from yinuo.web.files import store

VIEWERS = ("", "lushun", "pulandian", "supervisor", "admin2", "auditor")
"""Anyone; an officer of the debtor; an officer elsewhere; supervisor, administrator, auditor."""
DONE = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)


APPROVE = {"decision": "approve", "version": 1}
AUDITING = (404, 404, 404, 200, 404, 200)
"""Closed, and open to those who draw for the office."""
DRAFT = (404, 404, 404, 200, 200, 200)
"""A race that is not published: its office's, and theirs who watch the office."""
INSIDE = (404, 200, 404, 200, 200, 200)
"""Closed, and open to those who have to do with it."""


FIGURE = {
    "indicator": GDP,
    "subject": "大连市",
    "period": "2024年1—2月",
    "value": "1400",
    "unit": "亿元",
    "series": "实际",
    "measure": "数值",
    "standing": "初步",
    "source": "统计月报",
}
DEFINITION = {
    "code": "ZB-NEW",
    "name": "新的指标",
    "unit": "个",
    "definition": "全市口径",
    "kind": "current",
    "frequency": "month",
    "direction": "up",
    "source": "市统计局",
    "office": OFFICE,
}


LEAD = {
    "origin": "agreement",
    "title": "海产品加工厂",
    "office": OFFICE,
    "unit": LUSHUN,
    "firm": "海盛公司",
    "signed_date": "2024-07-01",
}


DECIDED = {"decision": "confirm", "version": 1}
CONTACT = {"day": "2024-07-10", "who": "某人", "said": "已看地块", "version": 1}


class Again(SimpleUploadedFile):
    """A file that is uploaded many times, each time from its start."""

    def read(self, *_size: int) -> bytes:
        assert self.file is not None
        self.file.seek(0)
        content: bytes = self.file.read()
        return content


@dataclass(frozen=True)
class Route:
    """One address and the statuses of `VIEWERS` in their order."""

    name: str
    statuses: tuple[int, ...]
    args: tuple[object, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    """Of a POST: what is typed, but the version."""


def everyone(name: str, *args: object) -> Route:
    """A page for all."""
    return Route(name, (200, 200, 200, 200, 200, 200), args)


def nobody(name: str, *args: object) -> Route:
    """A file that is not there while nothing is sealed."""
    return Route(name, (404, 404, 404, 404, 404, 404), args)


def debtor(name: str, code: str, **data: object) -> Route:
    """A step of the unit that owes."""
    done = 302 if data else 200
    return Route(name, (302, done, 403, 403, 403, 403), (code,), data)


def creditor(name: str, code: str, **data: object) -> Route:
    """A step of the supervising side."""
    done = 302 if data else 200
    return Route(name, (302, 403, 403, done, 403, 403), (code,), data)


def administrator(name: str, *args: object, status: int = 200) -> Route:
    """A page for those who administer a supervising unit; `status` is what one of them gets."""
    return Route(name, (302, 403, 403, 403, status, 403), args)


OF_UNIT = {"sign": "DB2024-001", "reply": "TS2024-002", "extend": "TS2024-002"}
OF_OFFICE = {
    "accept": "TS2024-001",
    "return": "TS2024-001",
    "close": "YT2024-001",
    "reopen": "ZB2024-001",
    "withdraw": "DB2024-001",
}
"""What is done about an order → one in a state that allows it."""
OF_DEBTOR: dict[str, dict[str, object]] = {
    "report": {"as_of": "2024-07-10", "invested_year": "1"},
    "reached": {"stage": "reserved", "reached": "2024-07-01", "note": "已入储备库"},
}
"""What the unit of a project does about it → what is typed."""
OF_REGISTER: dict[str, dict[str, object]] = {
    "plan": {"stage": "producing", "planned": "2025-06-30"},
    "permit": {"kind": "建设工程规划许可证"},
    "edit": {"name": "新能源产业园一期", "version": 1},
}
"""What its unit and the office that keeps the register do about it → what is typed."""
SAID = {
    "note": "已核对",
    "reason": "情况有变",
    "due": "2024-08-20",
    "again_by": "2024-08-20",
}

GET = (
    everyone("board"),
    everyone("commitments"),
    everyone("commitments_xlsx"),
    everyone("commitment", "LS-001"),
    everyone("observations"),
    everyone("observations_xlsx"),
    everyone("what_moved"),
    everyone("what_moved_xlsx"),
    everyone("what_moved_feed"),
    everyone("ledger"),
    everyone("ledger_check"),
    Route("ledger_code", (404, 404, 404, 404, 404, 404)),
    everyone("thread", "commitment:LS-001"),
    Route("thread", (404, 404, 404, 404, 404, 404), ("commitment:LS-009",)),
    nobody("log_checkpoint"),
    nobody("log_witnessed"),
    nobody("log_tile", "entries/000"),
    nobody("log_openings", "000"),
    nobody("log_handovers"),
    everyone("log_verifier"),
    everyone("about"),
    everyone("contents"),
    everyone("content", 1),
    everyone("content_file", 1),
    Route("content", (404, 404, 404, 404, 200, 200), (2,)),
    Route("content_file", (404, 404, 404, 404, 200, 200), (2,)),
    Route("publications", (302, 403, 403, 403, 200, 200)),
    Route("publication", (302, 403, 403, 403, 200, 200), (2,)),
    Route("doubts", (302, 200, 200, 200, 200, 200)),
    Route("doubt", (302, 200, 404, 200, 200, 200), ("D1",)),
    Route("orders", (302, 200, 200, 200, 200, 200)),
    Route("orders_xlsx", (302, 200, 200, 200, 200, 200)),
    Route("orders_due", (302, 403, 403, 200, 200, 200)),
    Route("order_new", (302, 403, 403, 200, 403, 403)),
    Route("order_leave", (302, 403, 403, 200, 403, 403)),
    *(
        Route(name, (302, 200, 404, 200, 200, 200), ("DB2024-001",))
        for name in ("order", "order_letter", "order_docx", "order_pdf")
    ),
    *(
        Route(f"order_{name}", (302, 200, 404, 403, 403, 403), (code,))
        for name, code in OF_UNIT.items()
    ),
    *(
        Route(f"order_{name}", (302, 403, 404, 200, 403, 403), (code,))
        for name, code in OF_OFFICE.items()
    ),
    everyone("health"),
    everyone("styles", "01234567"),
    Route("signin", (200, 302, 302, 302, 302, 302)),
    Route("signout", (405, 405, 405, 405, 405, 405)),
    Route("commitment", (404, 200, 404, 200, 200, 200), ("LS-009",)),
    everyone("evidence", "LS-001", 1),
    everyone("evidence_file", "LS-001", 1),
    everyone("evidence_thumbnail", "LS-001", 1),
    Route("evidence", INSIDE, ("LS-001", 2)),
    Route("evidence_file", INSIDE, ("LS-001", 2)),
    Route("evidence_thumbnail", (404, 404, 404, 404, 404, 404), ("LS-001", 2)),
    Route("evidence", INSIDE, ("LS-009", 1)),
    Route("evidence_file", INSIDE, ("LS-009", 1)),
    Route("evidence_review", (302, 403, 404, 200, 403, 403), ("LS-001", 2)),
    Route("evidence_add", (302, 409, 403, 403, 403, 403), ("LS-001",)),
    debtor("report", "LS-001"),
    debtor("deliver", "LS-001"),
    debtor("move", "LS-001"),
    debtor("claim-wait", "LS-001"),
    debtor("plan", "LS-001"),
    Route("duplicates", (302, 403, 403, 200, 200, 200)),
    Route("waits", (302, 200, 200, 200, 200, 200)),
    everyone("draws"),
    Route("draw_new", (302, 403, 403, 200, 403, 200)),
    Route("draw", AUDITING, ("CC2024-1",)),
    Route("draw_frame", AUDITING, ("CC2024-1",)),
    Route("draw_download", AUDITING, ("CC2024-1",)),
    Route("draw_file", (302, 404, 404, 404, 404, 404), ("CC2024-1", 1)),
    Route("draw_item", (302, 404, 404, 404, 404, 404), ("CC2024-1", 1)),
    Route("draw_item_file", (302, 404, 404, 404, 404, 404), ("CC2024-1", 1, 1)),
    Route("contests", (302, 200, 200, 200, 200, 200)),
    Route("contest_new", (302, 200, 403, 403, 403, 403)),
    Route("contest", (302, 200, 404, 200, 200, 200), ("YY2024-1",)),
    Route("contest_file", (302, 404, 404, 404, 404, 404), ("YY2024-1", 1)),
    Route("wait", (302, 200, 200, 200, 200, 200), ("LS-003/W1",)),
    Route("wait", (302, 404, 404, 404, 404, 404), ("LS-003/W9",)),
    Route("change", (302, 200, 403, 200, 200, 403), ("LS-001",)),
    creditor("verify", "LS-002"),
    creditor("reject", "LS-002"),
    creditor("part", "LS-002"),
    creditor("broken", "LS-001"),
    creditor("waive", "LS-001"),
    creditor("withhold", "LS-001"),
    creditor("overturn", "PL-001"),
    Route("publish", (302, 403, 404, 200, 403, 403), ("LS-009",)),
    Route("decide", (302, 200, 200, 200, 200, 200), ("LS-003/C1",)),
    Route("decide", (302, 200, 404, 200, 200, 200), ("LS-009/C1",)),
    Route("work", (302, 200, 200, 200, 200, 200)),
    Route("publishing", (302, 403, 403, 200, 403, 403)),
    Route("breakdown", (302, 403, 403, 200, 200, 403), ("LS-001",)),
    Route("signing", (302, 200, 200, 403, 403, 403)),
    Route("signing_return", (302, 200, 404, 403, 403, 403), ("LS-001/210212",)),
    Route("signing_again", (302, 403, 404, 200, 200, 403), ("LS-009/210212",)),
    Route("signing_recall", (302, 405, 405, 405, 405, 405), ("LS-001/210212",)),
    Route("unsigned", (302, 403, 403, 200, 200, 403)),
    Route("ask_signing", (302, 403, 403, 200, 200, 403)),
    Route("assign", (302, 200, 200, 403, 403, 403)),
    Route("task", (302, 403, 403, 200, 200, 403)),
    Route("task_of", (302, 403, 403, 200, 200, 403), ("批示件",)),
    Route("all_tasks_xlsx", (302, 200, 200, 200, 200, 200)),
    Route("notices", (302, 200, 200, 200, 200, 200)),
    Route("notices_settings", (302, 200, 200, 200, 200, 200)),
    Route("notices_address_for", (302, 403, 403, 403, 200, 403)),
    Route("notices_sent", (302, 403, 403, 403, 200, 403)),
    Route("notices_resend", (302, 405, 405, 405, 405, 405), (0,)),
    Route("notice", (302, 405, 405, 405, 405, 405), (0,)),
    nobody("go", "no-such-link"),
    administrator("rosters"),
    administrator("roster_sheets", 0),
    administrator("roster_columns", 0),
    administrator("roster_check", 0),
    administrator("roster_annotated", 0),
    administrator("roster_take_in", 0),
    Route("roster_units", (302, 405, 405, 405, 405, 405), (0,)),
    Route("roster_drop", (302, 405, 405, 405, 405, 405), (0,)),
    administrator("roster", "TZ2024"),
    administrator("roster_return", "TZ2024"),
    Route("rounds", (302, 200, 200, 200, 200, 200)),
    Route("round_new", (302, 403, 403, 200, 403, 403)),
    Route("rounds_burden", (302, 200, 200, 200, 200, 200)),
    Route("round", (302, 200, 404, 200, 200, 200), ("TD2024-07",)),
    Route("round_sheet", (302, 200, 404, 200, 200, 200), ("TD2024-07-01",)),
    Route("round_sheet_xlsx", (302, 200, 404, 200, 200, 200), ("TD2024-07-01",)),
    Route("round_sheet_annotated", (302, 404, 404, 404, 404, 404), ("TD2024-07-01",)),
    Route("round_sheet_check", (302, 405, 405, 405, 405, 405), ("TD2024-07-01",)),
    Route("round_sheet_upload", (302, 405, 405, 405, 405, 405), ("TD2024-07-01",)),
    *(
        Route(name, (302, 405, 405, 405, 405, 405), ("TD2024-07",))
        for name in ("round_accept", "round_release", "round_close", "round_reopen")
    ),
    Route("password", (302, 200, 200, 200, 200, 200)),
    Route("duties", (302, 403, 403, 403, 200, 200)),
    Route("sign_ins", (302, 403, 403, 403, 200, 200)),
    Route("duty_ask", (302, 403, 403, 403, 200, 403)),
    Route("duty_approve", (302, 405, 405, 405, 405, 405), (0,)),
    Route("duty_end", (302, 405, 405, 405, 405, 405), (0,)),
    Route("units", (302, 403, 403, 403, 200, 200)),
    Route("succession_ask", (302, 403, 403, 403, 200, 403)),
    Route("succession", (302, 403, 403, 403, 200, 200), (1,)),
    Route("erasures", (302, 403, 403, 403, 200, 200)),
    Route("erasure_text", (302, 403, 403, 403, 403, 403)),
    Route("erasure_person", (302, 403, 403, 403, 403, 403)),
    Route("erasure", (302, 403, 403, 403, 404, 404), (1,)),
    Route("snapshots", (302, 200, 200, 200, 200, 200)),
    *(
        Route(name, (302, 404, 404, 200, 200, 200), ("SN2024-07",))
        for name in ("snapshot", "snapshot_word", "snapshot_pdf", "snapshot_xlsx")
    ),
    Route("snapshot_release", (302, 405, 405, 405, 405, 405), ("SN2024-07",)),
    everyone("projects"),
    everyone("projects_xlsx"),
    everyone("projects_map"),
    nobody("city_shapes"),
    everyone("projects_curve"),
    everyone("project_batches"),
    everyone("project_batch", BATCH),
    everyone("project", PARK),
    Route("project", INSIDE, (HIDDEN,)),
    Route("project_reports", (302, 200, 200, 403, 403, 403)),
    Route("project_confirm", (302, 403, 403, 200, 403, 403)),
    Route("project_register_xlsx", (302, 403, 403, 200, 200, 200)),
    Route("project_take_on", (302, 403, 404, 200, 403, 403), (ENTERED,)),
    Route("project_confirm_stage", (302, 403, 403, 200, 403, 403), (BRIDGE,)),
    Route("project_publish", (302, 403, 404, 200, 403, 403), (HIDDEN,)),
    Route("project_exempt", (302, 403, 403, 200, 403, 403), (PARK,)),
    *(Route(f"project_{n}", (302, 200, 403, 403, 403, 403), (PARK,)) for n in OF_DEBTOR),
    *(Route(f"project_{n}", (302, 200, 403, 200, 200, 403), (PARK,)) for n in OF_REGISTER),
    Route("indicator_work", (302, 200, 200, 200, 200, 200)),
    Route("indicator_enter", (302, 200, 200, 403, 200, 403)),
    Route("indicator_template", (302, 200, 200, 403, 200, 403)),
    Route("indicator_define", (302, 403, 403, 403, 200, 403)),
    Route("indicator_publishing", (302, 403, 403, 200, 403, 403)),
    *(
        Route(name, (302, 404, 404, 404, 404, 404), (0,))
        for name in ("indicator_check", "indicator_aside")
    ),
    Route("indicator_drop", (302, 405, 405, 405, 405, 405), (0,)),
    Route("indicator_load", (302, 404, 404, 200, 200, 200), ("SL2",)),
    Route("indicator_load_aside", (302, 404, 404, 404, 404, 404), ("SL2",)),
    Route("indicator_bind", (302, 403, 403, 200, 200, 403), ("LS-003",)),
    everyone("indicators"),
    *(everyone(name, GDP) for name in ("indicator", "indicator_csv", "indicator_xlsx")),
    *(Route(n, DRAFT, (SECRET,)) for n in ("indicator", "indicator_csv", "indicator_xlsx")),
    everyone("leads"),
    Route("leads_xlsx", (302, 200, 200, 200, 200, 200)),
    Route("leads_import", (302, 403, 403, 200, 200, 403)),
    Route("lead_new", (302, 200, 200, 200, 200, 403)),
    Route("delegation_new", (302, 403, 403, 200, 200, 403)),
    Route("delegation", (404, 200, 200, 200, 200, 200), (TRIP,)),
    Route("lead", INSIDE, (PLANT,)),
    Route("lead_edit", (302, 200, 404, 200, 200, 403), (PLANT,)),
    Route("lead_fact", (302, 403, 404, 200, 403, 403), (PLANT, 1)),
    everyone("port"),
    everyone("port_csv"),
    everyone("port_customs"),
    everyone("port_customs_csv"),
    Route("port_batches", (302, 200, 200, 200, 200, 200)),
    Route("port_batch", (302, 200, 404, 200, 200, 200), ("TG2024-1",)),
    Route("port_quarantine", (302, 200, 404, 200, 200, 200), ("TG2024-1",)),
    Route("port_release", (302, 405, 405, 405, 405, 405), ("TJ2024-1",)),
    everyone("races"),
    Route("race", DRAFT, (RACE,)),
    Route("race_unit", DRAFT, (RACE, LUSHUN)),
    Route("race_behind", DRAFT, (RACE, LUSHUN, "按期兑现率")),
    Route("race_file", DRAFT, (RACE,)),
    Route("race_xlsx", DRAFT, (RACE,)),
    Route("race_new", (302, 403, 403, 200, 403, 403)),
    Route("race_step", (302, 404, 404, 302, 403, 403), (RACE,)),
    Route("race_exempt", (302, 200, 200, 200, 403, 403)),
    Route("race_exemption", (302, 404, 200, 200, 200, 200), ("X2024Q2-1",)),
)
POST = (
    Route("password", (302, 422, 422, 422, 422, 422)),
    Route("leads_import", (302, 403, 403, 422, 422, 403)),
    Route("lead_new", (302, 302, 422, 302, 302, 403), (), LEAD),
    Route("lead_edit", (302, 302, 404, 302, 302, 403), (PLANT,), {**LEAD, "version": 1}),
    Route("lead_fact", (302, 403, 404, 302, 403, 403), (PLANT, 1), DECIDED),
    Route("lead", (404, 302, 404, 302, 302, 403), (PLANT, "contact"), CONTACT),
    Route("delegation_new", (302, 403, 403, 302, 302, 403), (), {"office": OFFICE, "title": "团"}),
    Route("delegation", (404, 403, 403, 403, 403, 403), (TRIP,)),
    Route(
        "port_batches",
        (302, 422, 422, 403, 422, 403),
        (),
        {"unit": LUSHUN, "file": ""},
    ),
    Route(
        "port_batch",
        (302, 302, 404, 403, 302, 403),
        ("TG2024-1",),
        {"reason": "缺天", "version": 1},
    ),
    Route("port_release", (302, 403, 403, 302, 403, 403), ("TJ2024-1",), {"version": 1}),
    Route(
        "project_reports",
        (302, 302, 302, 403, 403, 403),
        (),
        {"as_of": "2024-07-10", f"paid-{PARK}": "1", f"paid-{BRIDGE}": "1"},
    ),
    Route("project_confirm", (302, 403, 403, 302, 403, 403), (), {f"confirm-{PARK}/F2": "on"}),
    Route("project_take_on", (302, 403, 404, 302, 403, 403), (ENTERED,), {"version": 1}),
    Route(
        "project_confirm_stage",
        (302, 403, 403, 302, 403, 403),
        (BRIDGE,),
        {"stage": "started", "decision": "confirm", "note": "看过开工令"},
    ),
    Route("project_batch", (403, 403, 403, 302, 403, 403), (BATCH,), {"visibility": "public"}),
    Route("project_publish", (302, 403, 404, 302, 403, 403), (HIDDEN,), {"visibility": "public"}),
    Route(
        "project_exempt",
        (302, 403, 403, 302, 403, 403),
        (PARK,),
        {
            "dimension": "开工灯",
            "reason": "征地未完成",
            "from_date": "2024-07-01",
            "until_date": "2024-09-30",
        },
    ),
    *(
        Route(f"project_{n}", (302, 302, 403, 403, 403, 403), (PARK,), data)
        for n, data in OF_DEBTOR.items()
    ),
    *(
        Route(f"project_{n}", (302, 302, 403, 302, 302, 403), (PARK,), data)
        for n, data in OF_REGISTER.items()
    ),
    Route("race_new", (302, 403, 403, 302, 403, 403), (), {"office": OFFICE, "period": "2024-05"}),
    Route("race_step", (302, 404, 404, 302, 403, 403), (RACE,), {"do": "publish", "version": 1}),
    Route(
        "race_exempt",
        (302, 302, 422, 302, 403, 403),
        (),
        {"office": OFFICE, "unit": LUSHUN, "period": "2024Q2", "reason": "已全部完成"},
    ),
    Route(
        "race_exemption",
        (302, 404, 403, 302, 403, 403),
        ("X2024Q2-1",),
        {"decision": "grant", "version": 1},
    ),
    Route(
        "draw_new",
        (302, 403, 403, 302, 403, 422),
        (),
        {
            "unit": OFFICE,
            "from_date": "2024-06-01",
            "until_date": "2024-06-30",
            "title": "再抽一次",
            "source": "dice",
            "source_name": "当众掷骰",
            "source_number": "笔录 2",
            "known_from": "2024-07-20T10:00",
        },
    ),
    Route(
        "draw",
        (404, 404, 404, 302, 404, 302),
        ("CC2024-1", "cancel"),
        {"note": "当期停售", "version": 1},
    ),
    Route("draw_item", (302, 404, 404, 404, 404, 404), ("CC2024-1", 1), {"result": "true"}),
    Route(
        "contest_new",
        (302, 302, 403, 403, 403, 403),
        (),
        {"field": "due", "own_figure": "2024-12-31", "reason": "批复过", "source": "批复"},
    ),
    Route(
        "contest",
        (302, 302, 404, 302, 403, 403),
        ("YY2024-1",),
        {"decision": "refused", "note": "来源不足", "version": 1},
    ),
    Route(
        "order_new",
        (302, 403, 403, 302, 403, 403),
        (),
        {"commitments": ["LS-001"], "step": "order", "together": "together", "asked": "请说明"},
    ),
    Route(
        "order_leave",
        (302, 403, 403, 302, 403, 403),
        (),
        {"commitments": ["LS-001"], "how": "skip", "reason": "已另行约定"},
    ),
    *(
        Route(f"order_{name}", (302, 302, 404, 403, 403, 403), (code,), SAID)
        for name, code in OF_UNIT.items()
    ),
    *(
        Route(f"order_{name}", (302, 403, 404, 302, 403, 403), (code,), SAID)
        for name, code in OF_OFFICE.items()
    ),
    Route(
        "doubt",
        (302, 302, 404, 302, 403, 403),
        ("D1",),
        {"note": "已核对", "result": "explained", "version": 1},
    ),
    Route(
        "evidence_review",
        (302, 403, 404, 302, 403, 403),
        ("LS-001", 2),
        {"visibility": "public", "version": 1},
    ),
    Route(
        "evidence_add",
        (302, 302, 403, 403, 403, 403),
        ("LS-001", "report:LS-001/R1"),
        {"evidence": Again("说明.txt", "另一份".encode())},
    ),
    debtor("report", "LS-001", as_of_date="2024-07-10", value="3", note="完成三项"),
    debtor("deliver", "LS-001", delivered_date="2024-07-10", note="全部办结"),
    debtor("move", "LS-001", due="2024-08-31", reason="档案还在核对"),
    debtor("plan", "LS-001", curve="2024-03-31 2\n2024-06-30 7"),
    debtor("claim-wait", "LS-001", on_unit="210214", since_date="2024-07-01", what="档案移交"),
    Route("wait", (302, 422, 302, 403, 403, 403), ("LS-003/W1",), {"answer": "accept"}),
    Route(
        "change",
        (302, 302, 403, 302, 302, 403),
        ("LS-001", "withdrawn"),
        {"reason": "依据文件已废止"},
    ),
    creditor("verify", "LS-002", note="现场核对"),
    creditor("reject", "LS-002", note="材料不全"),
    creditor("part", "LS-002", reason="完成了一半"),
    creditor("broken", "LS-001", note="没有做到"),
    creditor("waive", "LS-001", note="依据已废止"),
    creditor("withhold", "LS-001", visibility="on_request"),
    creditor("overturn", "PL-001", note="抽查不实", result="broken"),
    Route("publish", (302, 403, 404, 302, 403, 403), ("LS-009",), {"visibility": "public"}),
    Route(
        "decide",
        (302, 403, 403, 302, 403, 403),
        ("LS-003/C1",),
        {"decision": "refuse", "reason": "理由不足"},
    ),
    Route(
        "publishing",
        (302, 403, 403, 302, 403, 403),
        (),
        {"what": "commitments", "commitments-codes": "LS-010", "commitments-visibility": "public"},
    ),
    Route(
        "breakdown",
        (302, 403, 403, 302, 302, 403),
        ("LS-001",),
        {"rows": "1", "unit-1": PULANDIAN, "sign_by": "2024-07-18", "do": "save"},
    ),
    Route("signing", (302, 302, 422, 403, 403, 403), (), {"codes": "LS-001/210212"}),
    Route(
        "signing_return",
        (302, 302, 404, 403, 403, 403),
        ("LS-001/210212",),
        {"reason": "不属本单位"},
    ),
    Route(
        "signing_again",
        (302, 403, 404, 302, 302, 403),
        ("LS-009/210212",),
        {"sign_by": "2024-07-18"},
    ),
    Route("signing_recall", (302, 403, 404, 302, 302, 403), ("LS-001/210212",)),
    Route("ask_signing", (302, 403, 403, 302, 302, 403), (), {"sign_by": "2024-07-18"}),
    Route(
        "assign",
        (302, 302, 422, 403, 403, 403),
        (),
        {"codes": "LS-001", "leader": "林某 副区长"},
    ),
    Route(
        "task_of",
        (302, 403, 403, 302, 302, 403),
        ("批示件",),
        {
            "document_title": "关于排查的批示",
            "title": "排查隐患",
            "office": OFFICE,
            "start_date": "2024-07-15",
            "sign_by": "2024-07-18",
        },
    ),
    Route("notices", (302, 302, 302, 302, 302, 302)),
    Route(
        "notices_settings",
        (302, 302, 302, 302, 302, 302),
        (),
        {"do": "prefer", "digest_minute": "510"},
    ),
    Route("notices_address_for", (302, 403, 403, 403, 422, 403)),
    Route("notices_resend", (302, 403, 403, 403, 404, 403), (0,)),
    Route("notice", (302, 404, 404, 404, 404, 404), (0,)),
    nobody("go", "no-such-link"),
    administrator("rosters", status=422),
    administrator("roster_sheets", 0),
    administrator("roster_columns", 0, status=422),
    administrator("roster_check", 0, status=422),
    administrator("roster_take_in", 0, status=409),
    administrator("roster_units", 0, status=302),
    administrator("roster_drop", 0, status=302),
    administrator("roster", "TZ2024", status=422),
    Route(
        "round_new",
        (302, 403, 403, 302, 403, 403),
        (),
        {"sort": "special", "due": "2024-07-19"},
    ),
    Route(
        "round_sheet",
        (302, 302, 404, 403, 403, 403),
        ("TD2024-07-01",),
        {"code": "LS-001", "value-LS-001": "3", "note-LS-001": "完成三项", "do": "save"},
    ),
    Route(
        "round_sheet_check",
        (302, 403, 404, 302, 403, 403),
        ("TD2024-07B-01",),
        {"do": "accept"},
    ),
    Route("round_sheet_upload", (302, 422, 404, 403, 403, 403), ("TD2024-07-01",)),
    Route(
        "round_accept",
        (302, 403, 404, 302, 403, 403),
        ("TD2024-07B",),
        {"sheets": "TD2024-07B-01"},
    ),
    Route("round_release", (302, 403, 404, 302, 403, 403), ("TD2024-07",)),
    Route("round_close", (302, 403, 404, 302, 403, 403), ("TD2024-06B",)),
    Route("round_reopen", (302, 403, 404, 302, 403, 403), ("TD2024-06",), {"reason": "补报"}),
    Route(
        "duty_ask",
        (302, 403, 403, 403, 302, 403),
        (),
        {"username": "lushun", "role": "officer", "unit": "210214"},
    ),
    Route("duty_approve", (302, 403, 403, 403, 302, 403), (0,)),
    Route("duty_end", (302, 403, 403, 403, 302, 403), (0,)),
    Route(
        "succession_ask",
        (302, 403, 403, 403, 302, 403),
        (),
        {
            "units": PULANDIAN,
            "successor": LUSHUN,
            "effective_date": "2024-07-01",
            "basis_title": "区划调整的通知",
        },
    ),
    Route("succession", (302, 403, 403, 403, 302, 403), (1,), {"decision": "approve"}),
    Route("publication", (302, 403, 403, 403, 302, 403), (2,), APPROVE),
    Route("erasure_text", (302, 403, 403, 403, 403, 403), (), {"ground": "withdrawn"}),
    Route("erasure_person", (302, 403, 403, 403, 403, 403), (), {"ground": "withdrawn"}),
    Route("erasure", (302, 403, 403, 403, 404, 404), (1,), {"decision": "approve"}),
    Route(
        "snapshots",
        (302, 403, 403, 302, 403, 403),
        (),
        {"office": OFFICE, "meeting": "调度会", "as_of": "2024-07-15"},
    ),
    Route("snapshot_release", (302, 404, 404, 302, 403, 403), ("SN2024-07",), {"series": ""}),
    Route("indicator_work", (302, 422, 422, 422, 422, 422)),
    Route("indicator_enter", (302, 302, 302, 403, 302, 403), (), FIGURE),
    Route("indicator_define", (302, 403, 403, 403, 302, 403), (), DEFINITION),
    Route(
        "indicator_publishing",
        (302, 403, 403, 302, 403, 403),
        (),
        {"codes": SECRET, "visibility": "public"},
    ),
    *(
        Route(name, (302, 404, 404, 404, 404, 404), (0,))
        for name in ("indicator_check", "indicator_drop")
    ),
    Route(
        "indicator_load",
        (302, 404, 404, 302, 403, 403),
        ("SL2",),
        {"decision": "release", "version": 1},
    ),
    Route(
        "indicator_bind",
        (302, 403, 403, 302, 302, 403),
        ("LS-003",),
        {"indicator": GDP, "subject": "大连市", "period": "2024"},
    ),
    Route("signout", (302, 302, 302, 302, 302, 302)),
    Route("signin", (200, 302, 302, 302, 302, 302)),
)
READ_ONLY = frozenset(
    {
        "port",
        "port_csv",
        "port_customs",
        "port_customs_csv",
        "port_quarantine",
        "projects",
        "projects_xlsx",
        "project_register_xlsx",
        "projects_map",
        "city_shapes",
        "projects_curve",
        "project_batches",
        "project",
        "indicator_template",
        "indicator_aside",
        "indicator_load_aside",
        "leads",
        "leads_xlsx",
        "indicators",
        "indicator",
        "indicator_csv",
        "indicator_xlsx",
        "races",
        "race",
        "race_unit",
        "race_behind",
        "race_file",
        "race_xlsx",
        "draws",
        "draw_frame",
        "draw_download",
        "draw_file",
        "draw_item_file",
        "contests",
        "contest_file",
        "board",
        "commitments",
        "commitments_xlsx",
        "commitment",
        "evidence",
        "evidence_file",
        "evidence_thumbnail",
        "observations",
        "observations_xlsx",
        "what_moved",
        "what_moved_xlsx",
        "what_moved_feed",
        "ledger",
        "ledger_check",
        "ledger_code",
        "thread",
        "log_checkpoint",
        "log_witnessed",
        "log_tile",
        "log_openings",
        "log_handovers",
        "log_verifier",
        "about",
        "contents",
        "content",
        "content_file",
        "publications",
        "health",
        "styles",
        "work",
        "notices_sent",
        "unsigned",
        "task",
        "all_tasks_xlsx",
        "duplicates",
        "waits",
        "doubts",
        "orders",
        "orders_xlsx",
        "orders_due",
        "order",
        "order_letter",
        "order_docx",
        "order_pdf",
        "duties",
        "sign_ins",
        "units",
        "erasures",
        "roster_annotated",
        "roster_return",
        "rounds",
        "rounds_burden",
        "round",
        "round_sheet_xlsx",
        "round_sheet_annotated",
        "snapshot",
        "snapshot_word",
        "snapshot_pdf",
        "snapshot_xlsx",
    }
)
"""Pages that take nothing."""
UNRECORDED = frozenset(
    {
        "indicator_enter",
        "signin",
        "signout",
        "roster_units",
        "roster_drop",
        "notices",
        "notices_settings",
        "project_batch",
    }
)
"""What leaves no entry: a session, a workbook that is not taken in yet, one's own messages, the
review of a batch of which nothing waits."""


@kept
def make_history(city: City) -> None:
    """One promise in each state that a step needs, and a closed one with a closed history."""
    lushun, pulandian, supervisor = city["lushun"], city["pulandian"], city["supervisor"]
    deliver.deliver(
        commitment="LS-002", delivered_date=DONE.date(), note="已完成", by=lushun, at=DONE
    )
    deliver.deliver(
        commitment="PL-001", delivered_date=DONE.date(), note="已完成", by=pulandian, at=DONE
    )
    judge.verify(commitment="PL-001", note="查过", by=supervisor, at=DONE + timedelta(days=1))
    for code, reason in (("LS-003", "先定下来"), ("LS-009", LUSHUN_SECRET)):
        change.ask(
            commitment=code,
            kind=ChangeKind.MOVED,
            new={"due": "2024-12-30"},
            reason=reason,
            by=lushun,
            at=JULY,
        )
    waiting.claim(
        commitment="LS-003",
        on_unit=PULANDIAN,
        since_date=DONE.date(),
        what="共用场地的移交",
        by=lushun,
        at=JULY,
    )
    ask_succession(
        units=[OFFICE],
        successor=LUSHUN,
        effective_date=DONE.date(),
        basis_title="机构改革方案",
        by=city["admin"],
        at=JULY,
    )
    publish_lights(city, store())
    take(city)
    ask_other_lights(city, store())
    signing.ask_signing(
        commitments=["LS-001", "LS-009"], sign_by=JULY.date(), by=supervisor, at=JULY
    )
    signing.give_back(signing="LS-009/210212", reason=LUSHUN_SECRET, by=lushun, at=JULY)
    assign(
        commitments=["LS-009"], unit=LUSHUN, leader=LUSHUN_SECRET, liaison="", by=lushun, at=JULY
    )
    secret = (f"{LUSHUN_SECRET}.pdf", PDF)
    report(city, store(), secret, commitment="LS-009", note=LUSHUN_SECRET)
    report(city, store(), ("现场.jpg", PHOTO), ("批复.pdf", PDF), commitment="LS-001")
    plant(falling_doubt("LS-001"))
    evidence.publish(evidence="LS-001/E1", visibility=Visibility.PUBLIC, by=supervisor, at=JULY)
    put_rounds(city)
    check_at_random(city)
    contest_a_figure(city)
    put_race(city, store())
    put_indicators(city)
    put_projects(city, promised=False)
    put_leads(city)
    report_fact(lead=PLANT, new=registration(), by=lushun, at=APRIL)
