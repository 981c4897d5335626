"""Files as they come in and go out over HTTP: real uploads, and never a page of anybody else's."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from PIL import Image
from pytest_django import Settings

from tests.city import JULY, PASSWORD, City
from tests.kernel.media import samples
from tests.protectors import add_protectors
from tests.visits import SignIn, body, words
from yinuo.commitments.commands import judge, publish
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.evidence import evidence_of
from yinuo.kernel.filestore import FileStore
from yinuo.web import clock, files

pytestmark = pytest.mark.django_db

PAGE = "/commitments/LS-001/"
FIRST = f"{PAGE}evidence/1/"
PHOTO = samples.picture("JPEG", (800, 600), exif=True)
NAME = "一号现场照片 2024年7月10日.jpg"


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> FileStore:
    settings.YINUO_FILES = tmp_path / "files"
    return FileStore(settings.YINUO_FILES)


@pytest.fixture
def officer(city: City, sign_in: SignIn) -> Client:
    return sign_in("lushun")


def upload(*given: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in given]


def report(client: Client, *given: tuple[str, bytes], **typed: object) -> HttpResponseBase:
    plain = {"version": 2, "as_of_date": "2024-07-10", "value": "3", "note": "完成三项"}
    return client.post(f"{PAGE}report/", {**plain, **typed, "evidence": upload(*given)})


def pass_first(by: Client, visibility: str = "public", version: int = 1) -> HttpResponseBase:
    return by.post(f"{FIRST}review/", {"visibility": visibility, "version": version})


def fetch(client: Client, path: str, **headers: str) -> tuple[int, bytes]:
    """Status and bytes; the answer is read to its end and so closed."""
    answer = client.get(path, headers=headers)
    return answer.status_code, body(answer)


def kept(city: City) -> list[str]:
    found = evidence_of(commitment="LS-001", viewer=city["supervisor"])
    return [file.name for those in found.files.values() for file in those]


def test_a_report_with_a_photo_and_a_document(
    city: City, officer: Client, store: FileStore
) -> None:
    answer = report(officer, (NAME, PHOTO), ("批复.pdf", samples.pdf()))
    assert answer.status_code == 302
    digests = {hashlib.sha256(content).hexdigest() for content in (PHOTO, samples.pdf())}
    assert set(store.digests()) == digests
    seen = words(officer.get(PAGE))
    assert "佐证材料2个" in seen
    assert NAME.replace(" ", "") in seen
    assert "PDF文件" in seen
    assert "旅顺口区" in seen
    assert "不予公开" in seen
    page = words(officer.get(FIRST))
    assert hashlib.sha256(PHOTO).hexdigest() in page
    assert "随进展LS-001/R1提交" in page
    assert "提交佐证材料" in page


def test_a_report_without_files_is_as_before(city: City, officer: Client) -> None:
    assert report(officer).status_code == 302
    assert kept(city) == []


def test_every_fault_of_every_file_and_what_was_typed_is_kept(
    city: City, officer: Client, store: FileStore
) -> None:
    wrong = [
        ("页面.html", b"<html><script>alert(1)</script>"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        ("空.pdf", b""),
        ("宏.docx", samples.office("docx", {"word/vbaProject.bin": b"x"})),
    ]
    answer = report(officer, (NAME, PHOTO), *wrong, note="我写了很久的进展")
    assert answer.status_code == 422
    page = words(answer)
    for name, _ in wrong:
        assert f"“{name}”：" in page
    assert NAME.replace(" ", "") not in page
    assert "我写了很久的进展" in page
    assert "请重新选择文件：浏览器不会替您保留" in page
    assert detail(code="LS-001", viewer=city["lushun"], today=clock.today()).reports == ()
    assert list(store.digests()) == []


def test_faults_of_fields_and_of_files_are_told_together(city: City, officer: Client) -> None:
    answer = report(officer, ("a.exe", b"MZ"), note="")
    assert answer.status_code == 422
    assert "请填写进展说明" in words(answer)
    assert "这是程序" in words(answer)


def test_more_than_ten_files_and_too_many_bytes(
    city: City, officer: Client, monkeypatch: pytest.MonkeyPatch, store: FileStore
) -> None:
    many = [(f"{n}.txt", f"第{n}份".encode()) for n in range(11)]
    assert "一次最多10个文件，现有11个" in words(report(officer, *many))
    monkeypatch.setattr("yinuo.web.uploads.largest_request", lambda: len(PHOTO) + 9)
    answer = report(officer, (NAME, PHOTO), ("b.txt", b"0123456789"), note="写了很久")
    assert answer.status_code == 422
    assert "文件合计" in words(answer)
    assert "写了很久" in words(answer)
    assert list(store.digests()) == []


def test_a_stranger_puts_nothing_onto_the_disk(
    city: City, tmp_path: Path, settings: Settings
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir()
    stranger = Client(enforce_csrf_checks=True)
    stranger.get("/signin/")
    typed = {"username": "lushun", "password": PASSWORD, "evidence": upload((NAME, PHOTO))}
    assert stranger.post("/signin/", typed).status_code == 403
    assert [p for p in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir() if p.stat().st_size] == []


def test_the_same_file_twice_is_told_which(city: City, officer: Client) -> None:
    assert report(officer, (NAME, PHOTO)).status_code == 302
    answer = report(officer, ("另一个名字.jpg", PHOTO), ("批复.pdf", samples.pdf()))
    assert answer.status_code == 422
    said = f"“另一个名字.jpg”和已提交的LS-001/E1“{NAME.replace(' ', '')}”内容完全相同"
    assert said in words(answer)
    twice = report(officer, ("甲.pdf", samples.pdf()), ("乙.pdf", samples.pdf()))
    assert "“甲.pdf”、“乙.pdf”内容完全相同，请只选一个" in words(twice)
    assert kept(city) == [NAME]


def test_a_name_is_kept_without_folders_and_unseen_characters(city: City, officer: Client) -> None:
    name = "C:\\用户\\现场\u202e gpj.\x07jpg"
    assert report(officer, (name, PHOTO)).status_code == 302
    assert kept(city) == ["现场 gpj.jpg"]


def test_a_delivery_with_files_and_more_before_it_is_verified(city: City, officer: Client) -> None:
    typed = {"version": 2, "delivered_date": "2024-07-10", "note": "全部办结"}
    answer = officer.post(f"{PAGE}deliver/", {**typed, "evidence": upload((NAME, PHOTO))})
    assert answer.status_code == 302
    add = f"{PAGE}evidence/add/?to=commitment:LS-001"
    assert "补充佐证材料" in words(officer.get(add))
    assert words(officer.get(PAGE)).count("补充佐证材料") == 1
    assert officer.post(add, {"evidence": upload(("批复.pdf", samples.pdf()))}).status_code == 302
    assert "请选择文件" in words(officer.post(add, {}))
    assert kept(city) == [NAME, "批复.pdf"]
    judge.verify(commitment="LS-001", note="查过", by=city["supervisor"], at=JULY)
    late = officer.post(add, {"evidence": upload(("再来.txt", "再来".encode()))})
    assert late.status_code == 409
    assert "补充佐证材料" not in words(officer.get(PAGE))


@pytest.mark.parametrize("to", ["", "report:LS-001/R9", "report:PL-001/R1", "commitment:LS-001"])
def test_nothing_is_added_to_what_is_not_there(city: City, officer: Client, to: str) -> None:
    assert officer.get(f"{PAGE}evidence/add/", {"to": to}).status_code == 409


@pytest.mark.parametrize("kind", sorted(samples.GOOD))
def test_no_file_is_ever_served_as_a_page(
    city: City, officer: Client, sign_in: SignIn, kind: str
) -> None:
    name, content = samples.GOOD[kind]
    assert report(officer, (name, content)).status_code == 302
    answer = officer.get(f"{FIRST}file")
    assert answer.status_code == 200
    assert body(answer) == content
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert not answer.headers["Content-Type"].startswith(("text/html", "image/svg", "text/xml"))
    pass_first(sign_in("supervisor"))
    public = Client().get(f"{FIRST}file")
    assert public.headers["Content-Disposition"].startswith("attachment")
    assert public.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert body(public)


def test_a_picture_under_the_name_of_a_program_leaves_as_a_picture(
    city: City, officer: Client
) -> None:
    report(officer, ("run.exe", PHOTO))
    answer = officer.get(f"{FIRST}file")
    assert body(answer) == PHOTO
    assert answer.headers["Content-Disposition"] == 'attachment; filename="run.exe.jpg"'


def test_a_part_of_a_file(city: City, officer: Client) -> None:
    content = samples.GOOD["mp4"][1]
    report(officer, ("片.mp4", content))
    whole = officer.get(f"{FIRST}file")
    assert body(whole) == content
    etag = whole.headers["ETag"]

    def asked(**headers: str) -> tuple[int, bytes]:
        return fetch(officer, f"{FIRST}file", **headers)

    part = officer.get(f"{FIRST}file", headers={"range": "bytes=4-7"})
    assert (part.status_code, body(part)) == (206, content[4:8])
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(content)}"
    assert part.headers["Content-Length"] == "4"
    assert asked(range="bytes=-5") == (206, content[-5:])
    assert asked(range="bytes=100-") == (206, content[100:])
    assert asked(range="bytes=0-999999") == (206, content)
    assert asked(range="bytes=999999-")[0] == 416
    assert asked(range="bytes=5-2")[0] == 416
    for other in ("bytes=-", "bytes=0-1,3-4", "lines=1-2"):
        assert asked(range=other) == (200, content)
    assert asked(range="bytes=0-1", **{"if-range": etag}) == (206, content[:2])
    assert asked(range="bytes=0-1", **{"if-range": '"other"'}) == (200, content)
    assert asked(**{"if-none-match": etag}) == (304, b"")
    head = officer.head(f"{FIRST}file")
    assert head.headers["Content-Length"] == str(len(content))
    head.close()


def test_closed_files_are_for_those_inside(city: City, officer: Client, sign_in: SignIn) -> None:
    report(officer, (NAME, PHOTO))
    for path in (FIRST, f"{FIRST}file", f"{FIRST}thumbnail.webp"):
        found = {
            who: fetch(sign_in(who), path)[0]
            for who in ("", "pulandian", "lushun", "supervisor", "auditor", "admin2")
        }
        outside = dict.fromkeys(("", "pulandian"), 404)
        inside = dict.fromkeys(("lushun", "supervisor", "auditor", "admin2"), 200)
        assert found == outside | inside, path
    assert "佐证材料" not in words(Client().get(PAGE))
    assert Client().get("/log/threads/evidence:LS-001/E1").status_code == 404


def test_a_reviewer_passes_one_file_and_takes_it_back(
    city: City, officer: Client, sign_in: SignIn
) -> None:
    report(officer, (NAME, PHOTO), ("批复.pdf", samples.pdf()))
    supervisor, anyone = sign_in("supervisor"), Client()
    assert "公开前保密审查" in words(supervisor.get(FIRST))
    assert pass_first(supervisor).status_code == 302
    seen = words(anyone.get(PAGE))
    assert NAME.replace(" ", "") in seen
    assert "批复.pdf" not in seen
    page = words(anyone.get(FIRST))
    assert hashlib.sha256(PHOTO).hexdigest() in page
    assert "公开的是去掉拍摄时间、地点和设备信息的副本" in page
    assert "林甲" not in page
    thread = anyone.get("/log/threads/evidence:LS-001/E1").json()
    assert [e["body"].count('"verb":"evidence.') for e in thread["entries"]] == [1, 1]
    assert NAME in {text["text"] for text in thread["texts"]}

    assert pass_first(supervisor, "on_request", version=2).status_code == 302
    assert anyone.get(f"{FIRST}file").status_code == 404
    assert anyone.get(f"{FIRST}thumbnail.webp").status_code == 404
    gone = anyone.get(FIRST)
    assert gone.status_code == 410
    assert "LS-001/E1曾经公开，2024年7月15日改为依申请公开" in words(gone)
    assert "LS-001/E1曾经公开" in words(anyone.get(PAGE))
    assert NAME.replace(" ", "") not in words(anyone.get(PAGE)) + words(gone)
    assert anyone.get("/log/threads/evidence:LS-001/E1").status_code == 404
    assert anyone.get(f"{PAGE}evidence/2/").status_code == 404


def test_the_public_gets_a_picture_without_place_and_device(
    city: City, officer: Client, sign_in: SignIn
) -> None:
    report(officer, (NAME, PHOTO))
    pass_first(sign_in("supervisor"))
    public = Client().get(f"{FIRST}file")
    copy = body(public)
    assert b"SecretCamera" not in copy
    image = Image.open(io.BytesIO(copy))
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (600, 800), {})
    assert public.headers["Cache-Control"] == "no-cache"
    assert body(sign_in("supervisor").get(f"{FIRST}file")) == PHOTO
    # Copies can be deleted at any time.
    copies = files.derived().root
    before = {path.name: path.read_bytes() for path in copies.rglob("*.jpg")}
    for path in copies.rglob("*.jpg"):
        path.unlink()
    assert body(Client().get(f"{FIRST}file")) == copy
    assert {path.name: path.read_bytes() for path in copies.rglob("*.jpg")} == before


def test_a_withheld_commitment_takes_its_files_along(
    city: City, officer: Client, sign_in: SignIn
) -> None:
    report(officer, (NAME, PHOTO))
    pass_first(sign_in("supervisor"))
    publish.publish(
        commitments=["LS-001"], visibility=Visibility.CLOSED, by=city["supervisor"], at=JULY
    )
    assert Client().get(FIRST).status_code == 404
    assert Client().get(f"{FIRST}file").status_code == 404


def test_a_file_under_a_closed_commitment_cannot_be_passed(
    city: City, officer: Client, sign_in: SignIn
) -> None:
    typed = {"version": 1, "as_of_date": "2024-07-10", "note": "说明"}
    page = "/commitments/LS-009/"
    sent = {**typed, "evidence": upload((NAME, PHOTO))}
    assert officer.post(f"{page}report/", sent).status_code == 302
    supervisor = sign_in("supervisor")
    assert "承诺本身没有公开" in words(supervisor.get(f"{page}evidence/1/review/"))
    typed = {"visibility": "public", "version": 1}
    assert supervisor.post(f"{page}evidence/1/review/", typed).status_code == 422


def test_a_review_of_a_stale_file_is_refused(city: City, officer: Client, sign_in: SignIn) -> None:
    report(officer, (NAME, PHOTO))
    supervisor = sign_in("supervisor")
    pass_first(supervisor)
    assert pass_first(supervisor, "closed", version=1).status_code == 409


@pytest.mark.parametrize("who", ["lushun", "admin2", "auditor"])
def test_nobody_else_reviews(city: City, officer: Client, sign_in: SignIn, who: str) -> None:
    report(officer, (NAME, PHOTO))
    assert sign_in(who).get(f"{FIRST}review/").status_code == 403
    assert pass_first(sign_in(who)).status_code == 403


def test_a_document_has_no_thumbnail(city: City, officer: Client) -> None:
    report(officer, ("批复.pdf", samples.pdf()))
    assert officer.get(f"{FIRST}thumbnail.webp").status_code == 404


def test_the_same_file_elsewhere_is_a_doubt_for_the_supervisor_alone(
    city: City, officer: Client, sign_in: SignIn
) -> None:
    report(officer, (NAME, PHOTO))
    other = {"version": 2, "as_of_date": "2024-07-10", "note": "也做完了"}
    sent = {**other, "evidence": upload(("搬来的.jpg", PHOTO))}
    assert sign_in("pulandian").post("/commitments/PL-001/report/", sent).status_code == 302
    told = "疑点：同一文件也用于打造点对点服务品牌（普兰店区，PL-001/E1）。请核对，这不是结论"
    assert told in words(sign_in("supervisor").get(PAGE))
    assert told in words(sign_in("supervisor").get(FIRST))
    for who in ("lushun", "auditor"):
        assert "疑点" not in words(sign_in(who).get(PAGE))


def test_whoever_judges_sees_the_files(city: City, officer: Client, sign_in: SignIn) -> None:
    report(officer, (NAME, PHOTO))
    seen = words(sign_in("supervisor").get(f"{PAGE}broken/"))
    assert NAME.replace(" ", "") in seen


@pytest.fixture
def erased(city: City, officer: Client, sign_in: SignIn) -> Client:
    """Anyone, after the file and then its name were erased by law."""
    report(officer, (NAME, PHOTO), ("批复.pdf", samples.pdf()))
    pass_first(sign_in("supervisor"))
    fetch(Client(), f"{FIRST}file")
    add_protectors(city)
    one, two = sign_in("protect1"), sign_in("protect2")
    for number, what in enumerate(("文件内容", "文件名称"), start=1):
        page = body(one.get(FIRST)).decode()
        link = page.split(f">依法删除{what}<")[0].rpartition('href="')[2].partition('"')[0]
        assert one.post(link, {"ground": "unlawful"}).status_code == 302
        assert two.post(f"/erasures/{number}/", {"decision": "approve"}).status_code == 302
    return Client()


def test_a_file_erased_by_law_is_gone_and_the_page_says_so(
    city: City, erased: Client, sign_in: SignIn, store: FileStore
) -> None:
    assert list(store.digests()) == [hashlib.sha256(samples.pdf()).hexdigest()]
    assert list(files.derived().root.rglob("*.jpg")) == []
    for client in (erased, sign_in("lushun"), sign_in("supervisor")):
        assert client.get(f"{FIRST}file").status_code == 410
        assert client.get(f"{FIRST}thumbnail.webp").status_code == 410
        page = words(client.get(FIRST))
        assert "已依法删除）2024年7月15日，依据个人信息保护法第四十七条第一款第四项" in page
        assert NAME.replace(" ", "") not in page
        assert hashlib.sha256(PHOTO).hexdigest() in page
    found = files.Checked()
    assert list(files.check(found)) == []
    assert (found.files, found.erased) == (1, 1)


def test_an_erased_file_does_not_come_back(
    erased: Client, officer: Client, store: FileStore
) -> None:
    answer = officer.post(
        "/commitments/LS-002/report/",
        {"version": 2, "as_of_date": "2024-07-10", "note": "x", "evidence": upload((NAME, PHOTO))},
    )
    assert answer.status_code == 422
    assert "的内容已依法删除，不能再次提交" in words(answer)
