"""双公示 and letters up and down: packages, receipts, refused rows, lateness, safe retries."""

import csv
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.credit import desk, landed
from tests.credit.desk import CENTRE, MARKET, MONDAY, TUESDAY, WEDNESDAY, Desk
from yinuo.content.calendars import working_calendar
from yinuo.credit.commands.exchange import Received, Sent, receive, send, take_receipt
from yinuo.credit.errors.exchange import (
    BadManifest,
    FilesDiffer,
    NotForUs,
    NothingToSend,
    NumberTaken,
    UnknownPackage,
    UnknownPeer,
    WrongReceipt,
)
from yinuo.credit.exchange import receipt as receipts
from yinuo.credit.exchange.manifest import Manifest
from yinuo.credit.exchange.packing import item, note_digest, note_of, pack, records
from yinuo.credit.exchange.peers import Peer, load_peers
from yinuo.credit.exchange.receipt import Receipt, Refused
from yinuo.credit.models import CreditBatch, ExchangePackage
from yinuo.credit.queries.exchange import packages, refused, refused_of, timeliness
from yinuo.ledger.recorded import state_of
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import BadSignature, Signer, sign
from yinuo.parties.viewer import NotAllowed
from yinuo.web.credit import sources

pytestmark = pytest.mark.django_db
OURS = Signer("dalian.example/ledger", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
PROVINCE = Signer("liaoning.example/credit", Ed25519PrivateKey.from_private_bytes(b"2" * 32))
STRANGER = Signer("liaoning.example/credit", Ed25519PrivateKey.from_private_bytes(b"3" * 32))
PEERS: Mapping[str, Peer] = load_peers(
    "名称,公钥,可发来,可报去,说明\n"
    f"省平台,{PROVINCE.verifier.vkey},行政处罚、信用承诺书,行政处罚、行政许可、信用承诺书,演示\n".encode()
)
HEAD = (
    *("CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ"),
    *("CF_CFLB", "CF_NR", "CF_NR_FK", "CF_JDRQ", "CF_CFJG", "CF_CFJGDM", "CF_ZT"),
)
AUTHORITY = "11210200MB0000019R"
SENT_ON = date(2024, 3, 4)


def penalty(number: str, firm: int, *, decided: str = "2024-02-29", **more: str) -> dict[str, str]:
    row = {
        "CF_XDR_MC": desk.name_of(firm),
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": landed.code(firm),
        "CF_WSH": number,
        "CF_WFXW": "未按规定公示",
        "CF_SY": "未按规定公示年度报告",
        "CF_YJ": "《企业信息公示暂行条例》",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款 500 元",
        "CF_NR_FK": "0.05",
        "CF_JDRQ": decided,
        "CF_CFJG": "市市场监管局",
        "CF_CFJGDM": AUTHORITY,
        "CF_ZT": "0",
    }
    assert tuple(row) == HEAD
    return {**row, **more}


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    """The centre with the shipped sources of penalties and letters, and one of registrations."""
    found = sources()
    own = {
        "registration": desk.SOURCES["registration"],
        "penalty": replace(found["penalty"], owner=MARKET, encoding="utf-8"),
        "letters": replace(found["letters"], owner=CENTRE),
    }
    return desk.set_up(tmp_path, sources=own)


@pytest.fixture
def published(at_desk: Desk) -> Desk:
    at_desk.land("registration", desk.registered(1, 2, 3))
    at_desk.land(
        "penalty",
        [penalty("P1", 1), penalty("P2", 2, decided="2024-02-01"), penalty("P3", 3)],
    )
    at_desk.publish()
    return at_desk


def send_up(at: Desk, *, by: str = "centre", when: datetime = MONDAY, **more: object) -> Sent:
    given: dict[str, object] = {"content": "penalty", "to": "省平台", **more}
    return send(
        peers=PEERS,
        signer=OURS,
        calendar=working_calendar(),
        means=at.means,
        by=at.city[by],
        at=when,
        **given,  # type: ignore[arg-type]
    )


def rows_of(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def answer(sent: Sent, *gone: Refused, signer: Signer = PROVINCE, **changes: object) -> str:
    """The receipt that the province signs."""
    plain = Receipt(
        number=sent.number,
        manifest=note_digest(note_of(sent.path)),
        sender=PROVINCE.name,
        at=TUESDAY,
        accepted=sent.rows - len(gone),
        held=False,
        refused=gone,
    )
    return sign(replace(plain, **changes).text(), signer)  # type: ignore[arg-type]


def take(at: Desk, note: str, when: datetime = TUESDAY) -> ExchangePackage:
    return take_receipt(note=note, peers=PEERS, means=at.means, by=at.city["centre"], at=when)


def line_of(sent: Sent, document: str) -> int:
    numbers = [row["CF_WSH"] for row in rows_of(sent.path, "penalty.csv")]
    return numbers.index(document) + 2


class TestUp:
    def test_what_a_package_holds(self, published: Desk) -> None:
        sent = send_up(published)
        assert (sent.rows, sent.late) == (3, 1), "P2 was decided on 1 February"
        rows = rows_of(sent.path, "penalty.csv")
        assert sorted(row["CF_WSH"] for row in rows) == ["P1", "P2", "P3"]
        assert "CF_FR_ZJHM" not in rows[0]
        text = note_of(sent.path)
        head, data = text.split("\n")[:2]
        assert head == "yinuo.exchange/1"
        said = json.loads(data)
        assert (said["sender"], said["receiver"]) == (OURS.name, PROVINCE.name)
        assert said["files"][0]["rows"] == 3
        row = ExchangePackage.objects.get(code=sent.code)
        assert (row.state, row.simulated, row.unit_id) == ("made", True, MARKET)

    def test_nothing_is_sent_twice(self, published: Desk) -> None:
        send_up(published)
        with pytest.raises(NothingToSend):
            send_up(published, when=TUESDAY)
        assert list((published.means.lake / "exchange").glob(".making*")) == []

    def test_what_was_refused_goes_again_once_it_is_corrected(self, published: Desk) -> None:
        sent = send_up(published)
        gone = Refused(
            file="penalty.csv", line=line_of(sent, "P3"), rule="处罚依据：太短", next_step="写全"
        )
        assert take(published, answer(sent, gone)).refused == 1
        (row,) = refused(means=published.means, viewer=published.city["market"])
        assert (row.document, row.rule, row.next_step) == ("P3", "处罚依据：太短", "写全")
        with pytest.raises(NothingToSend):
            send_up(published, when=TUESDAY)
        published.land("penalty", [penalty("P3", 3, CF_YJ="《企业信息公示暂行条例》第十七条")])
        published.publish(at=TUESDAY)
        again = send_up(published, when=WEDNESDAY)
        assert again.rows == 1
        take(published, answer(again), WEDNESDAY)
        assert refused(means=published.means, viewer=published.city["market"]) == ()
        (mended,) = refused_of(
            code=sent.code, means=published.means, viewer=published.city["centre"]
        )
        assert mended.mended

    def test_the_same_receipt_again_changes_nothing(self, published: Desk) -> None:
        sent = send_up(published)
        note = answer(sent)
        first = take(published, note)
        assert take(published, note, WEDNESDAY).version == first.version == 2
        other = answer(sent, at=WEDNESDAY)
        with pytest.raises(WrongReceipt, match="另一份回执"):
            take(published, other, WEDNESDAY)

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"accepted": 2}, "不等于包里的 3 行"),
            ({"manifest": "0" * 64}, "校验值不同"),
            ({"number": "20240304-penalty-9"}, "没有报给"),
            ({"sender": OURS.name}, "没有报给"),
        ],
    )
    def test_a_receipt_that_does_not_fit(
        self, published: Desk, changes: dict[str, object], why: str
    ) -> None:
        sent = send_up(published)
        with pytest.raises(WrongReceipt, match=why):
            take(published, answer(sent, **changes))  # type: ignore[arg-type]
        assert ExchangePackage.objects.get(code=sent.code).state == "made"

    def test_rows_that_are_not_there_and_rows_named_twice(self, published: Desk) -> None:
        sent = send_up(published)
        far = Refused(file="penalty.csv", line=5, rule="x", next_step="y")
        with pytest.raises(WrongReceipt, match="没有的行"):
            take(published, answer(sent, far))
        twice = Refused(file="penalty.csv", line=2, rule="x", next_step="y")
        with pytest.raises(WrongReceipt, match="两次"):
            take(published, answer(sent, twice, replace(twice, rule="z")))

    def test_a_forged_receipt(self, published: Desk) -> None:
        sent = send_up(published)
        with pytest.raises(UnknownPeer):
            take(published, answer(sent, signer=STRANGER))
        with pytest.raises(BadSignature):
            take(published, answer(sent).replace('"accepted":3', '"accepted":2'))

    def test_letters_go_under_the_names_of_the_form(self, at_desk: Desk) -> None:
        letter = {"承诺编码": "21020020240304000001", "承诺作出日期": "2024-03-04", "备注": "=1+1"}
        sent = send_up(at_desk, content="letters", letters=[letter], left_out=2, simulated=True)
        assert (sent.rows, sent.late, sent.left_out) == (1, 0, 2)
        (row,) = rows_of(sent.path, "letters.csv")
        assert row["备注"] == "'=1+1", "no spreadsheet runs it"
        with pytest.raises(NothingToSend, match="另有 2 条"):
            send_up(at_desk, content="letters", letters=[letter], left_out=2)
        changed = {**letter, "承诺履行状态": "全部履行"}
        assert send_up(at_desk, content="letters", letters=[changed], when=TUESDAY).rows == 1

    def test_who_may_send(self, published: Desk) -> None:
        for who in ("market", "supervisor", "auditor"):
            with pytest.raises(NotAllowed):
                send_up(published, by=who)
        with pytest.raises(UnknownPeer):
            send_up(published, to="别的平台")


class TestLate:
    def test_seven_working_days(self, published: Desk) -> None:
        (found,) = timeliness(
            means=published.means,
            viewer=published.city["market"],
            today=SENT_ON,
            calendar=working_calendar(),
        )
        assert (found.decisions, found.waiting, found.overdue) == (3, 2, 1)
        (line,) = found.lines
        # 2, 4 (a Sunday worked), 5, 6, 7, 8 and 9 February.
        assert (line.document, line.last_day, line.days) == ("P2", date(2024, 2, 9), 24)
        assert line.reported_on is None
        send_up(published)
        (after,) = timeliness(
            means=published.means,
            viewer=published.city["centre"],
            today=SENT_ON + timedelta(days=30),
            calendar=working_calendar(),
        )
        assert (after.in_time, after.late, after.overdue) == (2, 1, 0)
        assert after.lines[0].reported_on == SENT_ON


def package(
    folder: Path,
    rows: list[dict[str, str]],
    *,
    number: str = "LN-2024-0001",
    signer: Signer = PROVINCE,
    **changes: object,
) -> Path:
    """A package of the province."""
    path = desk.delivery(folder, f"{number}.csv", rows)
    name = "penalty.csv"
    said = Manifest(
        number=number,
        sender=PROVINCE.name,
        receiver=OURS.name,
        content="penalty",
        made_at=MONDAY,
        simulated=True,
        files=(item(path, name=name, rows=records(path)),),
    )
    note = sign(replace(said, **changes).text(), signer)  # type: ignore[arg-type]
    out = folder / f"{number}.zip"
    pack({name: path}, note, out)
    return out


def come(at: Desk, path: Path, *, by: str = "centre", when: datetime = MONDAY) -> Received:
    return receive(path=path, peers=PEERS, signer=OURS, means=at.means, by=at.city[by], at=when)


class TestDown:
    def test_it_is_landed_and_answered(self, at_desk: Desk, tmp_path: Path) -> None:
        rows = [penalty(f"省-{n}", n) for n in range(1, 40)]
        path = package(tmp_path, [*rows, penalty("省-99", 9, decided="不知道")])
        done = come(at_desk, path)
        assert (done.already, done.receipt.accepted) == (False, 39)
        (gone,) = done.receipt.refused
        assert (gone.file, gone.line) == ("penalty.csv", 41)
        assert gone.next_step
        assert "不知道" not in done.path.read_text("utf-8"), "no cell leaves the house"
        text = done.path.read_text("utf-8")
        assert receipts.read(text.rpartition("\n\n")[0] + "\n") == done.receipt
        batch = CreditBatch.objects.get(code=done.batch)
        assert (batch.source, batch.read, batch.quarantined) == ("penalty", 40, 1)

    def test_the_same_number_again_gives_the_same_answer(
        self, at_desk: Desk, tmp_path: Path
    ) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])
        first = come(at_desk, path)
        said = first.path.read_bytes()
        again = come(at_desk, path, when=WEDNESDAY)
        assert again.already
        assert again.path.read_bytes() == said
        assert CreditBatch.objects.count() == ExchangePackage.objects.count() == 1
        other = package(tmp_path / "other", [penalty("省-2", 2)])
        with pytest.raises(NumberTaken):
            come(at_desk, other)

    def test_a_folder_with_the_same_files_is_the_same_package(
        self, at_desk: Desk, tmp_path: Path
    ) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])
        come(at_desk, path)
        folder = tmp_path / "unzipped"
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)  # made above
        assert come(at_desk, folder).already

    def test_after_a_crash_before_the_row_it_is_simply_received(
        self, at_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])

        def crash(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("yinuo.credit.commands.exchange._record_received", crash)
            with pytest.raises(KeyboardInterrupt):
                come(at_desk, path)
        assert (CreditBatch.objects.count(), ExchangePackage.objects.count()) == (1, 0)
        done = come(at_desk, path, when=TUESDAY)
        assert (done.already, done.receipt.accepted) == (False, 1)
        assert CreditBatch.objects.count() == 1

    def test_a_changed_file(self, at_desk: Desk, tmp_path: Path) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])
        folder = tmp_path / "unzipped"
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)  # made above
        data = (folder / "penalty.csv").read_bytes()
        (folder / "penalty.csv").write_bytes(data.replace("罚款".encode(), "警告".encode(), 1))
        (folder / "more.csv").write_text("x")
        with pytest.raises(FilesDiffer) as error:
            come(at_desk, folder)
        rules = [each.rule for each in error.value.findings]
        assert len(rules) == 2
        assert "没有这个文件" in rules[0]
        assert "SHA-256" in rules[1]
        assert CreditBatch.objects.count() == 0

    def test_counts_that_do_not_agree(self, at_desk: Desk, tmp_path: Path) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])
        wrong = package(
            tmp_path,
            [penalty("省-1", 1)],
            files=(item(tmp_path / "LN-2024-0001.csv", name="penalty.csv", rows=2),),
        )
        assert wrong == path
        with pytest.raises(FilesDiffer, match="应有 2 行"):
            come(at_desk, wrong)

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"receiver": "shenyang.example/ledger"}, NotForUs),
            ({"content": "licence"}, NotForUs),
            ({"sender": OURS.name}, NotForUs),
            ({"number": "../../etc"}, BadManifest),
            ({"content": "gossip"}, BadManifest),
            ({"files": ()}, BadManifest),
        ],
    )
    def test_what_is_not_for_us(
        self, at_desk: Desk, tmp_path: Path, changes: dict[str, object], error: type[Exception]
    ) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])
        rows = [penalty("省-1", 1)]
        said = {**changes}
        number = said.pop("number", "LN-2024-0001")
        if number != "LN-2024-0001":
            with zipfile.ZipFile(path) as archive:
                archive.extractall(tmp_path / "un")  # made above
            note = (tmp_path / "un" / "manifest.note").read_text("utf-8")
            text = note.rpartition("\n\n")[0].replace("LN-2024-0001", str(number)) + "\n"
            (tmp_path / "un" / "manifest.note").write_text(sign(text, PROVINCE), "utf-8")
            path = tmp_path / "un"
        else:
            path = package(tmp_path, rows, **said)  # type: ignore[arg-type]
        with pytest.raises(error):
            come(at_desk, path)
        assert CreditBatch.objects.count() == 0

    def test_a_key_that_nobody_knows(self, at_desk: Desk, tmp_path: Path) -> None:
        path = package(tmp_path, [penalty("省-1", 1)], signer=STRANGER)
        with pytest.raises(UnknownPeer):
            come(at_desk, path)

    def test_a_torn_zip(self, at_desk: Desk, tmp_path: Path) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(BadManifest, match="没有传完"):
            come(at_desk, path)

    def test_only_the_centre_takes_in(self, at_desk: Desk, tmp_path: Path) -> None:
        path = package(tmp_path, [penalty("省-1", 1)])
        with pytest.raises(NotAllowed):
            come(at_desk, path, by="market")


class TestSeen:
    def test_who_sees_what(self, published: Desk) -> None:
        sent = send_up(published)
        for who in ("centre", "market"):
            (row,) = packages(means=published.means, viewer=published.city[who])
            assert row.code == sent.code
        assert packages(means=published.means, viewer=published.city["tax"]) == ()
        with pytest.raises(UnknownPackage):
            refused_of(code=sent.code, means=published.means, viewer=published.city["tax"])
        with pytest.raises(NotAllowed):
            packages(means=published.means, viewer=published.city["supervisor"])


def test_the_ledger_plays_it_all_again_and_names_nobody(published: Desk, tmp_path: Path) -> None:
    sent = send_up(published)
    take(published, answer(sent))
    come(published, package(tmp_path, [penalty("省-1", 1)]))
    assert replay().faults == []
    said = " ".join(str(state_of(row)) for row in ExchangePackage.objects.all())
    assert landed.code(1) not in said
    assert desk.name_of(1) not in said
