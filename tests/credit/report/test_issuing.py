"""A report is proved by its hashes, by everybody, and says nothing by that."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pypdf
import pytest
import segno
from django.conf import settings

from tests.web.report_city import NOW, OF_2025, OF_2026, TODAY, Trial, penalties, release
from yinuo.credit.commands.reports import Issued, issue_report
from yinuo.credit.commands.subjects import put_subject
from yinuo.credit.models import CreditReport, Subject
from yinuo.credit.queries.own_report import public_own_document, public_own_reports
from yinuo.credit.queries.report_check import public_check
from yinuo.credit.queries.subjects import SubjectView, public_subject
from yinuo.credit.report.document import canonical, digest
from yinuo.credit.report.pdf import pdf
from yinuo.ledger.commands.erasing import approve_erasure, ask_erasure
from yinuo.ledger.commands.recording import By
from yinuo.ledger.history import thread_events
from yinuo.web.credit import means, regime

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "http://testserver/reports/check/"


def issue(trial: Trial, subject: SubjectView | None = None, *, scope: str = "all") -> Issued:
    return issue_report(
        subject=subject or trial.subject,
        scope=scope,
        check_page=PAGE,
        fonts=settings.YINUO_FONTS,
        means=means(),
        regime=regime(),
        on=TODAY,
        at=NOW,
    )


def said(trial: Trial, *, scope: str = "all") -> str:
    document = public_own_document(
        subject=trial.subject, scope=scope, means=means(), regime=regime(), on=TODAY, at=NOW
    )
    return canonical(document).decode()


def test_the_file_is_pdf_a_and_proves_itself(trial: Trial) -> None:
    made = issue(trial)
    assert made.file.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in made.file
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in made.file
    found = public_check(code=made.code, digest=sha256(made.file).hexdigest())
    assert found is not None
    assert (found.exact, found.changed) == (True, False)
    row = CreditReport.objects.get(pk=made.code)
    by_content = public_check(code=made.code.lower(), digest=row.content_sha256.upper())
    assert by_content is not None
    assert not by_content.exact


def test_number_and_digest_are_printed_and_drawn(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    make = segno.make_qr

    def spied(content: str, error: str) -> segno.QRCode:
        drawn.append(content)
        return make(content, error=error)

    monkeypatch.setattr(segno, "make_qr", spied)
    made = issue(trial)
    row = CreditReport.objects.get(pk=made.code)
    pages = pypdf.PdfReader(io.BytesIO(made.file)).pages
    plain = "".join("".join(page.extract_text().split()) for page in pages)
    assert f"报告校验码：{row.content_sha256}" in plain
    assert plain.count(made.code) >= len(pages)
    assert drawn == [f"{PAGE}?report={made.code}&digest={row.content_sha256}"]


@pytest.mark.parametrize("changed", ["code", "digest", "file", "foreign"])
def test_what_was_not_issued_is_not_found(trial: Trial, changed: str) -> None:
    made = issue(trial)
    other = issue(trial)
    real = sha256(made.file).hexdigest()
    wrong = {
        "code": (other.code, real),
        "digest": (made.code, real[:-1] + ("0" if real[-1] != "0" else "1")),
        "file": (made.code, sha256(made.file + b"\n").hexdigest()),
        "foreign": ("BG-20261116-é", "é" * 64),
    }[changed]
    assert public_check(code=wrong[0], digest=wrong[1]) is None


def test_an_objection_a_repair_and_a_release_are_changes_since(trial: Trial) -> None:
    made = issue(trial)
    hashed = sha256(made.file).hexdigest()
    trial.object(OF_2025)  # at the same instant: not later than the report
    CreditReport.objects.filter(pk=made.code).update(made_at=NOW - timedelta(minutes=1))
    found = public_check(code=made.code, digest=hashed)
    assert found is not None
    assert (found.decided, found.newer_release) == (True, False)
    release(trial.city, trial.folder, penalties()[:4], at=NOW)
    found = public_check(code=made.code, digest=hashed)
    assert found is not None
    assert found.newer_release


def test_the_entry_holds_hashes_and_no_content(trial: Trial) -> None:
    made = issue(trial)
    (event,) = thread_events(f"credit_report:{made.code}")
    assert event.after["file_sha256"] == sha256(made.file).hexdigest()
    told = str(event.after)
    assert trial.subject.name not in told
    assert trial.subject.number not in told
    assert OF_2025 not in told


def test_the_proof_stands_after_all_texts_are_erased(trial: Trial) -> None:
    made = issue(trial, trial.person)
    row = Subject.objects.get(pk=trial.person.code)
    for text in (row.name_text, row.number_text):
        code = ask_erasure(text=text, ground="purpose", by=By("account:1"), at=NOW)
        approve_erasure(code=code, by=By("account:2"), at=NOW)
    assert public_subject(code=trial.person.code) is None
    found = public_check(code=made.code, digest=sha256(made.file).hexdigest())
    assert found is not None
    assert found.exact
    again = put_subject(kind="person", number=trial.person.number, name="试甲乙", at=NOW)
    assert (again, public_subject(code=again)) == (trial.person.code, trial.person)


def test_a_report_for_others_holds_what_is_public_alone(trial: Trial) -> None:
    assert OF_2026 in said(trial, scope="public")
    trial.repaired(OF_2026)
    assert OF_2026 not in said(trial, scope="public")
    whole = said(trial)
    assert OF_2026 in whole
    assert "已修复，提前终止公示，停止共享和使用" in whole
    assert "信用等级" not in whole


def test_two_reports_of_one_moment_differ_in_their_number_alone(trial: Trial) -> None:
    one, two = (re.sub(r"BG-\d{8}-[0-9A-F]{16}", "", said(trial)) for _ in range(2))
    assert one == two
    assert len({each.code for each in (issue(trial), issue(trial))}) == 2
    assert len(public_own_reports(subject=trial.subject)) == 2


def test_a_character_that_no_face_has_is_told_and_stops_nothing(trial: Trial) -> None:
    document = public_own_document(
        subject=replace(trial.subject, name="大连𠱃\ue000a\u20e3贸易"),
        scope="all",
        means=means(),
        regime=regime(),
        on=TODAY,
        at=NOW,
    )
    made = pdf(document, digest=digest(document), check_address=PAGE, fonts=settings.YINUO_FONTS)
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    plain = "".join("".join(page.extract_text().split()) for page in pages)
    assert "大连〓〓a〓贸易" in plain
    assert "U+20C43、U+E000、U+20E3" in plain
