import base64

import pytest

from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.checkpoint import Checkpoint, MalformedCheckpoint
from yinuo.ledger.tlog.tree import EMPTY_ROOT

ROOT_TEXT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
ROOT = base64.b64decode(ROOT_TEXT)
EXAMPLE = f"example.com/behind-the-sofa\n20852163\n{ROOT_TEXT}\n"


def test_the_example_of_the_standard_reads_and_writes_back() -> None:
    read = checkpoint.parse(EXAMPLE)
    assert read == Checkpoint("example.com/behind-the-sofa", 20_852_163, ROOT)
    assert checkpoint.format(read) == EXAMPLE


def test_an_origin_may_hold_spaces_and_chinese() -> None:
    for origin in ("go.sum database tree", "大连 存证账本"):
        written = Checkpoint(origin, 1, ROOT)
        assert checkpoint.parse(checkpoint.format(written)) == written


def test_extension_lines_are_kept() -> None:
    read = checkpoint.parse(f"{EXAMPLE}first\nsecond line\n")
    assert read.extensions == ("first", "second line")
    assert checkpoint.format(read) == f"{EXAMPLE}first\nsecond line\n"


def test_an_empty_log_has_the_empty_root() -> None:
    empty = Checkpoint("dalian.example/ledger", 0, EMPTY_ROOT)
    assert checkpoint.parse(checkpoint.format(empty)) == empty
    with pytest.raises(MalformedCheckpoint, match="没有记录的账本"):
        Checkpoint("dalian.example/ledger", 0, ROOT)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "没有以换行结尾"),
        ("\n", 1, "不足三行"),
        (EXAMPLE[:-1], 3, "没有以换行结尾"),
        ("example.com\n5\n", 2, "不足三行"),
        (f"\n5\n{ROOT_TEXT}\n", 1, "不得为空"),
        (f"a\tb\n5\n{ROOT_TEXT}\n", 1, "控制字符"),
        (f"a\n05\n{ROOT_TEXT}\n", 2, "'05' 不是"),
        (f"a\n+5\n{ROOT_TEXT}\n", 2, "不带前导零"),
        (f"a\n-5\n{ROOT_TEXT}\n", 2, "不带前导零"),
        (f"a\n5 \n{ROOT_TEXT}\n", 2, "不带前导零"),
        (f"a\n５\n{ROOT_TEXT}\n", 2, "不带前导零"),
        (f"a\n\n{ROOT_TEXT}\n", 2, "不带前导零"),
        (f"a\n1{'0' * 19}\n{ROOT_TEXT}\n", 2, "不带前导零"),
        (f"a\n{'9' * 5000}\n{ROOT_TEXT}\n", 2, "不带前导零"),
        (f"a\n5\n{ROOT_TEXT[:-1]}\n", 3, "Base64"),
        (f"a\n5\n{ROOT_TEXT.replace('2I=', '2J=')}\n", 3, "Base64"),
        ("a\n5\n根\n", 3, "Base64"),
        ("a\n5\nAAAA\n", 3, "实为 3 字节"),
        (f"a\n0\n{ROOT_TEXT}\n", 3, "没有记录的账本"),
        (f"{EXAMPLE}\n", 4, "不得为空"),
        (f"{EXAMPLE}one\n\n", 5, "不得为空"),
    ],
)
def test_what_is_not_a_checkpoint_is_refused_by_line(text: str, line: int, said: str) -> None:
    with pytest.raises(MalformedCheckpoint, match=said) as caught:
        checkpoint.parse(text)
    assert caught.value.place == f"存证校验点第 {line} 行"


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 1, ROOT), ("a\nb", 1, ROOT), ("a", -1, ROOT), ("a", 10**19, ROOT), ("a", 1, ROOT[1:])],
)
def test_what_could_not_be_read_back_is_not_made(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(MalformedCheckpoint):
        Checkpoint(origin, size, root)
