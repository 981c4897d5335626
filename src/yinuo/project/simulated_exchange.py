"""数据交换 in the demo: records up to a made-up province and down from it, letters in bulk.

    penalties up ─→ receipt: one row returned       licences up, not answered yet
    penalties down ─→ landed, receipt: one row refused
    letters by the hundred ─→ checked, published by a second person

The province's key is made here and kept by nobody: it answers once.
"""

import csv
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yinuo.commitments.letters.fields import FIELDS
from yinuo.credit.commands.bulk_letter import land_bulk, publish_bulk
from yinuo.credit.commands.exchange import Sent, receive, send, take_receipt
from yinuo.credit.exchange.manifest import Manifest
from yinuo.credit.exchange.packing import item, note_digest, note_of, pack
from yinuo.credit.exchange.peers import COLUMNS, FILE, Peer, load_peers
from yinuo.credit.exchange.receipt import FIRST_LINE, Receipt, Refused
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.regions import Regions
from yinuo.ledger.tlog.note import Signer, sign
from yinuo.project.event import instant
from yinuo.project.simulated_credit import PENALTY, Centre, Known
from yinuo.project.standin.server import Pretended

TITLE, NAME = "省平台（演示）", "liaoning.demo/credit"
SENT, ANSWERED, CAME = instant("2025-01-15"), instant("2025-01-16"), instant("2025-01-16")
LANDED, PUBLISHED = instant("2025-01-16"), instant("2025-01-17")
RETURNED = Refused(
    file=f"{PENALTY}.csv",
    line=FIRST_LINE,
    rule="处罚依据：只写了法律名称，没有条款",
    next_step="补上条、款、项后重新报送",
)
NUMBER, ROWS, WRONG = "LN-2025-0001", 24, 7
"""Of the package that comes, and which of its rows lacks its day."""
AUTHORITY, AUTHORITY_CODE = "演示省级部门", "11210000MB0000001M"
LETTERS, FAULTY = 400, 25
"""Letters in bulk; every so many one has a fault."""
LINKED = "210200"


@dataclass(frozen=True)
class Province:
    """The other platform."""

    key: Signer
    peers: Mapping[str, Peer]


def found_province(content: Path) -> Province:
    """Make its key and put it on the list of the city's own content."""
    key = Signer(NAME, Ed25519PrivateKey.generate())
    row = (TITLE, key.verifier.vkey, "行政处罚", "行政许可、行政处罚、信用承诺书", "演示数据")
    path = content / "exchange" / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, row])
    return Province(key, load_peers(path.read_bytes()))


def fill(
    *, known: Known, content: Path, signer: Signer, calendar: Calendar, regions: Regions
) -> None:
    """Send, be answered, receive, and take in letters. A release of credit records is there."""
    centre, province = known.centre, found_province(content)
    penalties = _send(PENALTY, centre, province, signer, calendar)
    take_receipt(
        note=_answer(penalties, province),
        peers=province.peers,
        means=centre.means,
        by=centre.first,
        at=ANSWERED,
    )
    _send("licence", centre, province, signer, calendar)
    with tempfile.TemporaryDirectory(prefix="yinuo-demo-") as folder:
        receive(
            path=_package(Path(folder), known.start_ups, province, signer),
            peers=province.peers,
            signer=signer,
            means=centre.means,
            by=centre.first,
            at=CAME,
        )
        _letters(Path(folder) / "信用承诺书（模拟）.csv", centre, known.start_ups, regions)


def _send(
    content: str, centre: Centre, province: Province, signer: Signer, calendar: Calendar
) -> Sent:
    return send(
        content=content,
        to=NAME,
        peers=province.peers,
        signer=signer,
        calendar=calendar,
        means=centre.means,
        by=centre.first,
        at=SENT,
    )


def _answer(sent: Sent, province: Province) -> str:
    """What the province signs: everything accepted but one row."""
    said = Receipt(
        number=sent.number,
        manifest=note_digest(note_of(sent.path)),
        sender=NAME,
        at=ANSWERED,
        accepted=sent.rows - 1,
        held=False,
        refused=(RETURNED,),
    )
    return sign(said.text(), province.key)


def _package(folder: Path, firms: Sequence[Pretended], province: Province, signer: Signer) -> Path:
    """Penalties that departments of the province decided on."""
    rows = [_penalty(number, firm) for number, firm in enumerate(firms[:ROWS], start=1)]
    path = _written(folder / RETURNED.file, rows)
    said = Manifest(
        number=NUMBER,
        sender=NAME,
        receiver=signer.name,
        content=PENALTY,
        made_at=CAME,
        simulated=True,
        files=(item(path, name=path.name, rows=len(rows)),),
    )
    out = folder / f"{NUMBER}.zip"
    pack({path.name: path}, sign(said.text(), province.key), out)
    return out


def _penalty(number: int, firm: Pretended) -> dict[str, str]:
    return {
        "CF_XDR_MC": firm.name,
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": firm.number,
        "CF_WSH": f"辽演罚〔2025〕{number}号",
        "CF_WFXW": "未按规定公示",
        "CF_SY": "未按规定公示年度报告",
        "CF_YJ": "《企业信息公示暂行条例》第十七条",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款500元",
        "CF_NR_FK": "0.05",
        "CF_JDRQ": "不详" if number == WRONG else f"2024-12-{number:02}",
        "CF_CFJG": AUTHORITY,
        "CF_CFJGDM": AUTHORITY_CODE,
        "CF_ZT": "0",
    }


def _written(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


# ── letters in bulk ──────────────────────────────────────────────────────────────────────────────


def _letters(path: Path, centre: Centre, firms: Sequence[Pretended], regions: Regions) -> None:
    chance = random.Random(LETTERS)  # noqa: S311  # made-up data, the same each time
    _written(path, [_letter(chance, n, firms[n % len(firms)]) for n in range(1, LETTERS + 1)])
    batch = land_bulk(
        path=path,
        regions=regions,
        simulated=True,
        means=centre.means,
        by=centre.first,
        at=LANDED,
    )
    publish_bulk(batch=batch.code, means=centre.means, by=centre.second, at=PUBLISHED)


def _letter(chance: random.Random, number: int, firm: Pretended) -> dict[str, str]:
    """A letter of the twenty items; some lack what the form requires."""
    made = date(2024, 4, 1) + timedelta(days=chance.randrange(240))
    kept = chance.randrange(10) > 0
    said = {
        "承诺编码": f"{LINKED}{made:%Y%m%d}{number:06}",
        "承诺人名称": firm.name,
        "承诺人类别": "法人及非法人组织",
        "承诺人代码": firm.number,
        "承诺类型": chance.choice(("审批替代型", "容缺受理型", "主动型")),
        "承诺事由": chance.choice(("办理食品经营许可", "办理公共场所卫生许可", "依法诚信经营")),
        "承诺内容": "" if number % FAULTY == 0 else "按期补交材料，保证所说属实，遵守法律法规。",
        "违诺责任": "撤销行政决定，记入信用记录。",
        "承诺作出日期": made.isoformat(),
        "承诺有效期": (made + timedelta(days=365)).isoformat(),
        "承诺履行状态": "全部履行" if kept else "全部未履行",
        "未履行的承诺内容": "" if kept else "没有补交材料",
        "违诺责任追究内容": "" if kept else "不予许可",
        "承诺履行状态认定日期": (made + timedelta(days=30)).isoformat(),
        "承诺履行状态认定单位": AUTHORITY,
        "承诺履行状态认定单位代码": AUTHORITY_CODE,
        "承诺受理单位": AUTHORITY,
        "承诺受理单位代码": AUTHORITY_CODE,
        "公开类型": chance.choice(("可向社会公开", "可向社会公开", "可向社会公开", "不可公开")),
        "备注": "演示数据",
    }
    return {each.name: said[each.name] for each in FIELDS}
