"""Trust files: what they ask for, and every fault found by its line."""

from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from yinuo.ledger.tlog.cosignature import BadCosignature, Cosigner, add_cosignatures, cosign
from yinuo.ledger.tlog.note import COSIGNATURE_KEY, Signer, sign, write_vkey
from yinuo.ledger.tlog.policy import (
    LARGEST,
    MOST,
    BadPolicy,
    Group,
    Policy,
    parse,
)


def key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big"))


def cosigner(number: int) -> Cosigner:
    return Cosigner(f"w{number}.example", key(number))


def vkey(number: int) -> str:
    return cosigner(number).verifier.vkey


def log_vkey(number: int) -> str:
    return Signer(f"log{number}.example", key(number)).verifier.vkey


def faults(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(BadPolicy) as caught:
        parse(text if isinstance(text, bytes) else text.encode())
    assert all(
        f"第 {fault.line} 行：{fault.what}" in caught.value.what for fault in caught.value.faults
    )
    return [(fault.line, fault.what) for fault in caught.value.faults]


EXAMPLE = f"""\
# The example of the standard, with keys.
log {log_vkey(1)} https://log.example/log/

witness X1 {vkey(11)} https://x1.example/
witness X2 {vkey(12)}
\twitness  X3\t{vkey(13)} \t
group X-witnesses 2 X1 X2 X3

witness Y1 {vkey(21)}
witness Y2 {vkey(22)}
witness Y3 {vkey(23)}
group Y-witnesses any Y1 Y2 Y3

   # two of X, one of Y
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_of_the_standard_is_read() -> None:
    policy = parse(EXAMPLE.encode())
    assert [(log.verifier.vkey, log.url) for log in policy.logs] == [
        (log_vkey(1), "https://log.example/log/")
    ]
    assert [w.name for w in policy.witnesses] == ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    assert policy.witnesses[0].verifier.vkey == vkey(11)
    assert [w.url for w in policy.witnesses][:2] == ["https://x1.example/", ""]
    assert policy.groups[2] == Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses"))
    assert policy.quorum == "X-and-Y"


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        ("", False),
        ("X1 X2", False),
        ("Y1 Y2 Y3", False),
        ("X1 Y1", False),
        ("X1 X3 Y2", True),
        ("X1 X2 X3 Y1 Y2 Y3", True),
        ("X1 X2 stranger", False),
        ("X-witnesses Y-witnesses", False),
        ("X-and-Y", False),
    ],
)
def test_the_quorum_of_the_example(names: str, *, enough: bool) -> None:
    policy = parse(EXAMPLE.encode())
    assert policy.satisfied(names.split()) is enough
    assert (policy.missing(names.split()) == "") is enough


def test_what_is_missing_is_said_down_to_the_witness() -> None:
    said = parse(EXAMPLE.encode()).missing(["X2"])
    assert "X-and-Y 须有 2 方中的 2 方，已有 0 方" in said
    assert "X-witnesses 须有 3 方中的 2 方，已有 1 方，尚缺 X1、X3 中的 1 方" in said
    assert "Y-witnesses 须有 3 方中的 1 方，已有 0 方，尚缺 Y1、Y2、Y3 中的 1 方" in said
    one = parse(f"witness 审计局 {vkey(1)}\nquorum 审计局\n".encode())
    assert one.missing([]) == "缺 审计局 的见证"


def test_quorum_none_asks_for_nobody() -> None:
    policy = parse(b"quorum none\n")
    assert policy == Policy((), (), (), "none")
    assert policy.satisfied([])
    assert policy.missing([]) == ""


def test_names_are_octets() -> None:
    text = f"witness K {vkey(1)}\nwitness \u212a {vkey(2)}\n".encode()
    text += b"witness \xff\xfe " + vkey(3).encode() + b"\nquorum \xff\xfe\n"
    policy = parse(text)
    assert policy.satisfied([policy.witnesses[2].name])
    assert not policy.satisfied(["K", "\u212a"])
    policy.missing([]).encode()  # can be printed


def test_cosignatures_under_a_note_count_by_name() -> None:
    policy = parse(EXAMPLE.encode())
    text = "log1.example\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    note = sign(text, Signer("log1.example", key(1)))
    lines = [cosign(text, cosigner(number), number) for number in (11, 13, 22, 99)]
    cosigned = policy.cosigned(add_cosignatures(note, lines))
    assert {name: one.time for name, one in cosigned.items()} == {"X1": 11, "X3": 13, "Y2": 22}
    assert policy.satisfied(cosigned)
    moved = add_cosignatures(note.replace("\n1\n", "\n2\n"), lines)
    with pytest.raises(BadCosignature, match=r"w11\.example"):
        policy.cosigned(moved)


W = f"witness A {vkey(1)}\nwitness B {vkey(2)}\nwitness C {vkey(3)}\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "缺少 quorum"),
        (W, 3, "缺少 quorum"),
        (f"{W}quorum A\nquorum A\n", 5, "第 4 行已有"),
        (f"{W}quorum none\nquorum B\n", 5, "第 4 行已有"),
        (f"{W}quorum D\n", 4, "“D”未在前面定义"),
        (f"quorum A\n{W}", 1, "“A”未在前面定义"),
        (f"{W}quorum\n", 4, "应为 quorum 名称"),
        (f"{W}quorum A B\n", 4, "应为 quorum 名称"),
        (f"{W}quorum A # two\n", 4, "应为 quorum 名称"),
        ("quorum none", 1, "最后一行没有换行"),
        (f"{W}group G 0 A B\nquorum G\n", 4, "应在 1 与成员数 2 之间"),
        (f"{W}group G 3 A B\nquorum G\n", 4, "应在 1 与成员数 2 之间"),
        (f"{W}group G 999999999 A B\nquorum G\n", 4, "应在 1 与成员数 2 之间"),
        (f"{W}group G {'9' * 5000} A B\nquorum G\n", 4, "十进制的数目"),
        (f"{W}group G -1 A B\nquorum G\n", 4, "十进制的数目"),
        (f"{W}group G 02 A B\nquorum G\n", 4, "十进制的数目"),
        (f"{W}group G ２ A B\nquorum G\n", 4, "十进制的数目"),
        (f"{W}group G some A B\nquorum G\n", 4, "“some”应为 all、any"),
        (f"{W}group G all\nquorum G\n", 4, "至少一个成员"),
        (f"{W}group\nquorum A\n", 4, "应为 group 名称"),
        (f"{W}group G any A D\nquorum G\n", 4, "成员“D”未在前面定义"),
        (f"{W}group G any A G\nquorum G\n", 4, "成员“G”未在前面定义"),
        (f"{W}group G any A none\nquorum G\n", 4, "none 不能作成员"),
        (f"{W}group G any A A\nquorum G\n", 4, "“A”在第 4 行已是成员"),
        (f"{W}group G any A\ngroup H any A B\nquorum H\n", 5, "“A”在第 4 行已是成员"),
        (f"{W}group A any B\nquorum A\n", 4, "名称“A”在第 1 行已定义"),
        (f"{W}group none any A\nquorum none\n", 4, "none 是预留的名称"),
        (f"{W}witness A {vkey(4)}\nquorum A\n", 4, "名称“A”在第 1 行已定义"),
        (f"{W}witness none {vkey(4)}\nquorum A\n", 4, "none 是预留的名称"),
        (f"{W}witness D {vkey(1)}\nquorum A\n", 4, "与第 1 行是同一把公钥"),
        (
            f"{W}witness D {write_vkey('other', key(1).public_key(), COSIGNATURE_KEY)}\nquorum A\n",
            4,
            "与第 1 行是同一把公钥",
        ),
        (f"{W}witness D {log_vkey(4)}\nquorum A\n", 4, "密钥类型为 0x01，见证单位密钥须为 0x04"),
        (f"{W}witness D {vkey(4)[:-4]}\nquorum A\n", 4, "见证单位公钥不可用"),
        (f"{W}witness D\nquorum A\n", 4, "应为 witness 名称 公钥"),
        (f"{W}witness D {vkey(4)} u v\nquorum A\n", 4, "应为 witness 名称 公钥"),
        (f"log\n{W}quorum A\n", 1, "应为 log 公钥"),
        (f"log {log_vkey(1)} u v\n{W}quorum A\n", 1, "应为 log 公钥"),
        (f"log {vkey(1)}\nquorum none\n", 1, "密钥类型为 0x04，账本密钥须为 0x01"),
        (f"log {log_vkey(1)}\nlog {log_vkey(1)} u\nquorum none\n", 2, "与第 1 行是同一把公钥"),
        ("Quorum none\nquorum none\n", 1, "不认识“Quorum”"),
        ("\u3000quorum none\nquorum none\n", 1, "不认识"),
        ("quorum none\r\n", 1, "请改用 LF 换行"),
        ("quorum\vnone\nquorum none\n", 1, "控制字符"),
        ("quorum none\x7f\n", 1, "控制字符"),
        ("\ufeffquorum none\n", 1, "不带 BOM"),
    ],
)  # fmt: skip
def test_a_fault_is_found_on_its_line(text: str, line: int, said: str) -> None:
    found = faults(text)
    assert any(at == line and said in what for at, what in found), found


def test_all_faults_are_found_in_one_go_and_none_brings_forth_another() -> None:
    text = f"log x\nwitness A bad\nwitness B {vkey(2)}\ngroup G 3 A B\nhello\nquorum G\nquorum G\n"
    assert [line for line, _what in faults(text)] == [1, 2, 4, 5, 7]


def test_a_line_of_wild_octets_is_refused_and_can_be_printed() -> None:
    found = faults(b"\xff\xfe\x00 none\nquorum \x80\n")
    assert found
    assert all(what.encode() for _line, what in found)


def test_limits_are_above_what_the_standard_asks() -> None:
    def many(count: int) -> str:
        witnesses = "".join(f"witness w{n} {vkey(n + 1)}\n" for n in range(count))
        groups = "".join(f"group g{n} any w{n}\n" for n in range(count))
        logs = "".join(f"log {log_vkey(n + 1)}\n" for n in range(count))
        return f"{logs}{witnesses}{groups}quorum g0\n"

    assert len(parse(many(32).encode()).groups) == 32
    assert [what for _line, what in faults(many(MOST + 1))] == [
        f"log 多于 {MOST} 行",
        f"witness 多于 {MOST} 行",
        f"group 多于 {MOST} 行",
    ]
    assert faults(b"#" * (LARGEST + 1)) == [(1, "文件大于 1 MiB")]


@dataclass(frozen=True)
class Tree:
    """A quorum drawn at random, apart from how the module keeps one."""

    name: str
    threshold: int
    members: tuple["Tree | str", ...]

    def met(self, have: frozenset[str]) -> bool:
        met = [m in have if isinstance(m, str) else m.met(have) for m in self.members]
        return sum(met) >= self.threshold

    def text(self) -> str:
        names = [member if isinstance(member, str) else member.name for member in self.members]
        inner = "".join(member.text() for member in self.members if isinstance(member, Tree))
        return f"{inner}group {self.name} {self.threshold} {' '.join(names)}\n"


WITNESSES = [f"w{number}" for number in range(8)]
HEAD = "".join(f"witness {name} {vkey(100 + n)}\n" for n, name in enumerate(WITNESSES))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    free: list[Tree | str] = list(draw(st.permutations(WITNESSES)))
    for number in range(draw(st.integers(1, 5))):
        count = draw(st.integers(1, len(free)))
        members, free = tuple(free[:count]), free[count:]
        free.append(Tree(f"g{number}", draw(st.integers(1, count)), members))
        free = list(draw(st.permutations(free)))
    return draw(st.sampled_from([tree for tree in free if isinstance(tree, Tree)]))


@given(trees(), st.sets(st.sampled_from(WITNESSES)), st.sampled_from(WITNESSES))
def test_a_quorum_counts_as_written_and_more_witnesses_never_harm(
    tree: Tree, have: set[str], more: str
) -> None:
    policy = parse(f"{HEAD}{tree.text()}quorum {tree.name}\n".encode())
    assert policy.satisfied(have) is tree.met(frozenset(have))
    assert (policy.missing(have) == "") is policy.satisfied(have)
    if policy.satisfied(have):
        assert policy.satisfied(have | {more})
    assert policy.satisfied(WITNESSES)
    assert not policy.satisfied([])


@given(st.binary(max_size=300))
def test_any_octets_are_read_or_refused(data: bytes) -> None:
    try:
        policy = parse(data)
    except BadPolicy as bad:
        str(bad).encode()  # can be printed, whatever the octets
    else:
        assert policy.quorum == "none"


@given(st.data())
def test_a_line_taken_out_or_written_twice_never_weakens_the_quorum(data: st.DataObject) -> None:
    lines = EXAMPLE.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    count = data.draw(st.sampled_from([0, 2]))
    try:
        policy = parse(
            "".join([*lines[:at], *lines[at : at + 1] * count, *lines[at + 1 :]]).encode()
        )
    except BadPolicy:
        return
    assert policy.groups == parse(EXAMPLE.encode()).groups
    assert policy.quorum == "X-and-Y"
