"""An officer writes a person's name into a reason; two protectors have it erased by law."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from tests.city import PASSWORD, City
from tests.protectors import add_protectors
from tests.tables import tables_holding
from tests.visits import body, words
from yinuo.commitments.queries.detail import detail
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.viewer import ANYONE
from yinuo.web import clock

PERSON = "生成姓名甲乙丙"
PAGE = "/commitments/LS-002/"
LOOKED_AT = ("/", PAGE, "/commitments/", "/work/", "/erasures/", "/erasures/1/", "/duties/")
DOWNLOADS = ("/commitments.xlsx", "/observations.xlsx")
OPENED = ("/log/threads/commitment:LS-002", "/log/openings/000")
"""What the log opens to everybody."""


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post("/signin/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def holds(data: bytes) -> bool:
    """Whether an answer holds the person's name, also inside a workbook."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return PERSON.encode() in data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return any(PERSON.encode() in parts.read(name) for name in parts.namelist())


def places(client: Client) -> list[str]:
    """Where this client reads the name: pages, downloads, the page of the request to move."""
    paths = [*LOOKED_AT, *DOWNLOADS, *OPENED, "/changes/LS-002/C1/"]
    return [path for path in paths if holds(body(client.get(path, follow=True)))]


@pytest.mark.django_db
def test_a_name_in_a_reason_goes_and_the_record_holds(
    city: City, signer: Signer, memory: Memory
) -> None:
    add_protectors(city)
    officer, citizen = signed_in("lushun"), Client()
    officer.post(
        f"{PAGE}move/", {"version": 2, "due": "2025-01-31", "reason": f"{PERSON}的材料还没有到"}
    )
    seal(signer=signer, memory=memory)
    assert places(citizen) == [PAGE, *OPENED]
    reference = detail(code="LS-002", viewer=ANYONE, today=clock.today()).timeline[0].texts[0]
    ask = f"{reverse('erasure_text')}?text={reference}"

    assert officer.get(ask).status_code == 403
    one, two = signed_in("protect1"), signed_in("protect2")
    assert PERSON in words(one.get(ask))
    one.post(ask, {"ground": "unlawful"})
    assert one.post("/erasures/1/", {"decision": "approve"}).status_code == 403
    assert officer.post("/erasures/1/", {"decision": "approve"}).status_code == 403
    assert places(citizen) == [PAGE, *OPENED]
    assert two.post("/erasures/1/", {"decision": "approve"}).status_code == 302

    for client in (citizen, officer, one, two, signed_in("supervisor"), signed_in("admin")):
        assert places(client) == []
    assert tables_holding(PERSON) == []
    seen = words(citizen.get(PAGE))
    told = "（文字已依法删除）2024年7月15日，依据个人信息保护法第四十七条第一款第四项"
    assert seen.count(told) == 2  # in the waiting request and in the history
    assert "申请变更：调整时限" in seen

    supervisor = signed_in("supervisor")
    supervisor.post("/changes/LS-002/C1/", {"decision": "approve", "reason": "同意"})
    assert "现定2025年1月31日" in words(citizen.get(PAGE))
    seal(signer=signer, memory=memory)
    assert verify(verifier=signer.verifier).faults == []
    assert replay().faults == []
