"""Files of items are judged by what they hold."""

import hashlib
import io
from dataclasses import replace

import pytest

from tests.cases.desk import item
from tests.kernel.media import samples
from yinuo.cases.items.attachments import WEBM, looked_at
from yinuo.cases.items.codec import of_data, to_data
from yinuo.cases.items.definition import Medium
from yinuo.cases.items.shapes import shape_faults
from yinuo.kernel.media.formats import BY_NAME, limit_of
from yinuo.kernel.media.refused import FileRefused

EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08"
FILM = EBML + b"\x42\x82\x84webm" + b"\x42\x87\x81\x02" + bytes(64)
MATROSKA = EBML + b"\x42\x82\x88matroska" + bytes(64)


@pytest.mark.parametrize(
    ("kind", "data", "media_type"),
    [
        ("slides", samples.pdf(), "application/pdf"),
        ("video", samples.film(), "video/mp4"),
        ("video", FILM, WEBM),
        ("form", samples.pdf(), "application/pdf"),
    ],
)
def test_a_file_is_known_by_its_content(kind: str, data: bytes, media_type: str) -> None:
    found = looked_at(kind, "附件.bin", io.BytesIO(data))
    assert (found.media_type, found.size) == (media_type, len(data))
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("video", samples.pdf(), "不是MP4 或 WebM 短视频"),
        ("slides", samples.film(), "不是PDF 或演示文稿"),
        ("video", MATROSKA, "不是 WebM 格式"),
        ("slides", b"MZ\x90\x00", "程序"),
        ("slides", b"", "文件是空的"),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, data: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        looked_at(kind, "附件.bin", io.BytesIO(data))


def test_a_film_that_is_too_large_is_refused() -> None:
    large = io.BytesIO(FILM)
    large.seek(limit_of(BY_NAME["mp4"]).largest)
    large.write(b"\0")
    with pytest.raises(FileRefused, match=r"上限 120\.0 MB"):
        looked_at("video", "长片.webm", large)


@pytest.mark.parametrize(
    ("medium", "says"),
    [
        (Medium(name="甲", kind="video", link="http://a.example.cn/x"), "不是 https:// 开头"),
        (Medium(name="甲", kind="video", link="javascript:alert(1)"), "不是 https:// 开头"),
        (Medium(name="甲", kind="video"), "没有文件，也没有链接"),
        (
            Medium(name="甲", kind="video", sha256="0" * 64, link="https://a.example.cn/x"),
            "既有文件又有链接",
        ),
        (
            Medium(name="甲", kind="video", sha256="0" * 64, media_type="text/html"),
            "不是MP4 或 WebM",
        ),
    ],
)
def test_an_attachment_is_a_file_or_a_link(medium: Medium, says: str) -> None:
    faults = [what for _, _, what, _ in shape_faults(replace(item(), media=(medium,)))]
    assert any(says in what for what in faults), faults


def test_a_definition_from_before_links_is_read_as_it_was() -> None:
    old = to_data(item())
    for medium in old["media"]:
        del medium["link"]
    assert of_data(old) == item()
