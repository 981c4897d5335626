"""The modules that check in the browser, held to the same vectors as the Python code."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.bundle import join_leaves
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.code import encode
from yinuo.ledger.tlog.cosignature import Cosigner, cosign
from yinuo.ledger.tlog.leaf import leaf_bytes
from yinuo.ledger.tlog.note import Signer, Verifier, sign
from yinuo.ledger.tlog.policy import Policy, parse
from yinuo.ledger.tlog.proof import prove_consistency, prove_inclusion
from yinuo.ledger.tlog.tile import entries_path, grow, root_from_tiles, tile_path
from yinuo.ledger.tlog.tree import leaf_hash

Evaluate = Callable[..., Any]

SIZE = 66_500
"""Reaches tile level 2."""
SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, SIZE)
GO_SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_SUM_NOTE = """\
go.sum database tree
6353345
d5kp6/RTbWj/e9AMga1hdcHZHcLdFKA2fjHfKJ8FfR4=

— sum.golang.org Az3grhfKc0hf9eAH1x5p0VjY99pEe8l9JKKLGyf9F0m4JTrJjcsr9rUDh6kvNIl7vdzWqULpk3+azvpfJo9aOMZaYQE=
"""  # noqa: E501
CT_LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
CT_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
)
"""The reference tree of Certificate Transparency and its root at every size."""
SIGNER = Signer("yinuo.test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))

MODULES = """
const at = "/static/yinuo/proof/";
const [tree, note, code, policy, bytes, handover, thread, dom] = await Promise.all(
  ["tree", "note", "code", "policy", "bytes", "handover", "thread", "dom"].map(
    (name) => import(`${at}${name}.js`)));
const { hex, unhex } = bytes;
const refused = async (run) => { try { await run(); return ""; } catch (e) { return e.message; } };
const unbase = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const reader = (tiles) => async (level, index) => unbase(tiles[`${level}/${index}`]);
"""


@pytest.fixture(scope="module")
def tiles() -> dict[str, str]:
    """Every tile of the tree of `SIZE` leaves by level and index, in base64."""
    hashes = [hashlib.sha256(n.to_bytes(4, "big")).digest() for n in range(SIZE)]
    grown = grow(0, hashes, lambda *_place: b"")
    return {f"{t.level}/{t.index}": base64.b64encode(t.hashes).decode() for t in grown}


@pytest.fixture
def run(browser: Browser, live_server: LiveServer) -> Iterator[Evaluate]:
    """Run JavaScript with the modules at hand, on a page of the site under its own policy."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/health")

    def evaluate(script: str, given: object = None) -> Any:
        return page.evaluate(f"async (given) => {{ {MODULES} {script} }}", given)

    yield evaluate
    context.close()


def read(tiles: dict[str, str]) -> Callable[[int, int, int], bytes]:
    return lambda level, index, width: base64.b64decode(tiles[f"{level}/{index}"])[: width * 32]


def test_the_reference_tree_has_the_published_roots(run: Evaluate) -> None:
    found = run(
        """const hashes = given.map((leaf) => tree.leafHash(unhex(leaf)));
        return [...given, ""].map((_, size) => hex(tree.rootOf(hashes.slice(0, size))));""",
        list(CT_LEAVES),
    )
    assert found == list(CT_ROOTS)


def test_roots_from_tiles_are_those_of_python(run: Evaluate, tiles: dict[str, str]) -> None:
    found = run(
        """const roots = [];
        for (const size of given.sizes) {
          roots.push(hex(await new tree.Tree(size, reader(given.tiles)).root()));
        }
        return roots;""",
        {"sizes": list(SIZES), "tiles": tiles},
    )
    assert found == [root_from_tiles(size, read(tiles)).hex() for size in SIZES]


def test_inclusion_is_proved_as_in_python_and_a_changed_bit_is_refused(
    run: Evaluate, tiles: dict[str, str]
) -> None:
    cases = [(i, n) for n in SIZES for i in {0, n // 3, n - 1}]
    found = run(
        """const answers = [];
        for (const [index, size] of given.cases) {
          const grown = new tree.Tree(size, reader(given.tiles));
          const proof = await tree.proveInclusion(grown, index);
          const [leaf, root] = [await grown.leaf(index), await grown.root()];
          tree.verifyInclusion(leaf, index, size, proof, root);
          const parts = [leaf, root, ...proof];
          let passed = 0;
          for (const at of parts.keys()) {
            const bad = parts.map((part) => part.slice());
            bad[at][at % 32] ^= 1;
            const [l, r, ...p] = bad;
            if (!(await refused(() => tree.verifyInclusion(l, index, size, p, r)))) passed += 1;
          }
          answers.push([proof.map(hex), passed]);
        }
        return answers;""",
        {"cases": cases, "tiles": tiles},
    )
    expected = [[p.hex() for p in prove_inclusion(i, n, read(tiles))] for i, n in cases]
    assert found == [[proof, 0] for proof in expected]


def test_consistency_is_proved_as_in_python_and_a_changed_bit_is_refused(
    run: Evaluate, tiles: dict[str, str]
) -> None:
    cases = [(old, new) for new in SIZES for old in SIZES if old <= new]
    found = run(
        """const answers = [];
        for (const [old, size] of given.cases) {
          const grown = new tree.Tree(size, reader(given.tiles));
          const proof = await tree.proveConsistency(grown, old);
          const before = await new tree.Tree(old, reader(given.tiles)).root();
          const after = await grown.root();
          tree.verifyConsistency(old, before, size, after, proof);
          const parts = [before, after, ...proof];
          let passed = 0;
          for (const at of parts.keys()) {
            const bad = parts.map((part) => part.slice());
            bad[at][at % 32] ^= 1;
            const [b, a, ...p] = bad;
            if (!(await refused(() => tree.verifyConsistency(old, b, size, a, p)))) passed += 1;
          }
          answers.push([proof.map(hex), passed]);
        }
        return answers;""",
        {"cases": cases, "tiles": tiles},
    )
    expected = [[p.hex() for p in prove_consistency(old, new, read(tiles))] for old, new in cases]
    assert found == [[proof, 0] for proof in expected]


def test_paths_and_widths_are_those_of_the_standard(run: Evaluate) -> None:
    found = run(
        """return [tree.tilePath(0, 1234067, 12), tree.tilePath(1, 0),
          tree.tilePath("entries", 273, 112), tree.openingsPath(1000),
          [0, 1, 2].map((level) => tree.tileWidth(level, 0, 70000)),
          tree.tileWidth(0, 273, 70000), tree.tileWidth(3, 0, 2 ** 40)];"""
    )
    assert found == [
        tile_path(0, 1234067, 12),
        tile_path(1, 0),
        entries_path(273, 112),
        "openings/x001/000",
        [256, 256, 1],
        112,
        256,
    ]


def test_a_checkpoint_of_another_program_opens_and_any_change_is_refused(run: Evaluate) -> None:
    opened, faults = run(
        """const key = note.parseVkey(given.vkey);
        const found = note.openCheckpoint(given.note, [key]);
        const faults = [];
        for (const [at, character] of [...given.note].entries()) {
          const typed = [...given.note];
          typed[at] = character === "A" ? "B" : "A";
          let opened = { by: [] };
          const fault = await refused(() => {
            opened = note.openCheckpoint(typed.join(""), [key]);
          });
          if (!fault && opened.by.length) faults.push(at);
        }
        return [[found.origin, found.size, hex(found.root), found.by[0].key.label], faults];""",
        {"vkey": GO_SUM, "note": GO_SUM_NOTE},
    )
    root = base64.b64decode("d5kp6/RTbWj/e9AMga1hdcHZHcLdFKA2fjHfKJ8FfR4=").hex()
    assert opened == ["go.sum database tree", 6353345, root, "sum.golang.org+033de0ae"]
    assert faults == []


@pytest.mark.parametrize("damage", ["x", "+", ":0", "=", "\n"])
def test_a_damaged_key_is_no_key(run: Evaluate, damage: str) -> None:
    assert Verifier.from_vkey(GO_SUM).vkey == GO_SUM
    assert run("return note.parseVkey(given) === null", GO_SUM.replace("+03", f"{damage}+03")) is (
        True
    )
    assert run("return note.parseVkey(given) === null", GO_SUM[:-1] + "9") is True
    assert run("return note.parseVkey(given, 4) === null", GO_SUM) is True


def test_codes_are_those_of_python(run: Evaluate) -> None:
    given = [
        (size, hashlib.sha256(str(size).encode()).digest())
        for size in (1, 31, 32, 257, 20_852_163, 2**40)
    ]
    found = run(
        """return given.map(([size, root]) => {
          const written = code.encode({ origin: "yinuo.test", size, root: unhex(root) });
          const read = code.decode(` ${written.toLowerCase().replaceAll("0", "O")} `
            .replace("-", "－"), "yinuo.test");
          return [written, read?.size, hex(read?.prefix ?? new Uint8Array()),
            code.decode(written, "yinuo.other"), code.decode(written.slice(0, -1), "yinuo.test")];
        });""",
        [(size, root.hex()) for size, root in given],
    )
    assert found == [
        [encode(Checkpoint("yinuo.test", size, root)), size, root[:20].hex(), None, None]
        for size, root in given
    ]


def witnesses(count: int) -> list[Cosigner]:
    return [
        Cosigner(f"w{n}.example", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32))
        for n in range(1, count + 1)
    ]


RULES = {
    "甲": "quorum 甲",
    "none": "quorum none",
    "any": "group 组 any 甲 乙 丙\nquorum 组",
    "two": "group 组 2 甲 乙 丙\nquorum 组",
    "nested": "group 两家 all 甲 乙\ngroup 总 any 两家 丙\nquorum 总",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_quorum_is_counted_as_in_python(run: Evaluate, rule: str) -> None:
    known = dict(zip("甲乙丙", witnesses(3), strict=True))
    text = f"# 信任\nlog {SIGNER.verifier.vkey}\n"
    text += "".join(f"witness {name} {w.verifier.vkey}\n" for name, w in known.items())
    policy: Policy = parse(f"{text}{rule}\n".encode())
    body = checkpoint.format(Checkpoint("yinuo.test", 7, bytes(32)))
    plain = sign(body, SIGNER)
    for names in ("", "甲", "乙", "丙", "甲乙", "乙丙", "甲乙丙"):
        note = plain + "".join(cosign(body, known[name], time=1_700_000_000) for name in names)
        found = run(
            """const read = policy.parsePolicy(given.policy);
            const names = policy.cosigners(read, given.note);
            return [names, policy.isQuorum(read, names)];""",
            {"policy": f"{text}{rule}\n", "note": note},
        )
        assert found == [list(names), policy.satisfied(names)]


def test_a_forged_cosignature_counts_for_nobody(run: Evaluate) -> None:
    (known,) = witnesses(1)
    body = checkpoint.format(Checkpoint("yinuo.test", 7, bytes(32)))
    other = checkpoint.format(Checkpoint("yinuo.test", 8, bytes(32)))
    note = sign(body, SIGNER) + cosign(other, known, time=1_700_000_000)
    trust = f"log {SIGNER.verifier.vkey}\nwitness 甲 {known.verifier.vkey}\nquorum 甲\n"
    script = "return policy.cosigners(policy.parsePolicy(given.trust), given.note)"
    assert run(script, {"trust": trust, "note": note}) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("quorum 甲", "没有先写明 甲"),
        ("log nonsense\nquorum none", "公钥写法不对"),
        ("trust me", "不认识“trust”"),
        ("# nothing", "缺少 quorum"),
        ("quorum none\nquorum none", "只能写一次"),
        ("group 组 2 组\nquorum 组", "不超过成员数"),
        ("quorum none\r", "控制字符"),
    ],
)
def test_a_faulty_trust_file_is_refused_with_its_line(run: Evaluate, line: str, what: str) -> None:
    said = run("return await refused(() => policy.parsePolicy(given))", line)
    assert what in said
    assert said.startswith("信任文件第")


def test_leaves_are_written_and_split_as_in_python(run: Evaluate) -> None:
    leaves = [
        leaf_bytes(recorded_at="2024-02-08T08:30:00.000000Z", hash=bytes([n]) * 32)
        for n in range(3)
    ]
    found = run(
        """const split = handover.splitLeaves(unhex(given.bundle)).map(hex);
        const made = given.hashes.map((hash) =>
          hex(thread.leafBytes(hash, "2024-02-08T08:30:00.000000Z")));
        const cut = unhex(given.bundle.slice(2));
        return [split, made, await refused(() => handover.splitLeaves(cut))];""",
        {
            "bundle": join_leaves(leaves).hex(),
            "hashes": [(bytes([n]) * 32).hex() for n in range(3)],
        },
    )
    assert found[:2] == [[leaf.hex() for leaf in leaves]] * 2
    assert leaf_hash(leaves[0]).hex() == run(
        "return hex(tree.leafHash(unhex(given)))", leaves[0].hex()
    )
    assert "不完整" in found[2]


def test_instants_are_shown_on_the_clocks_of_china(run: Evaluate) -> None:
    found = run("return given.map(dom.moment)", ["2024-07-15T02:00:00Z", "2024-12-31T16:05:00Z"])
    assert found == ["2024年7月15日 10:00", "2025年1月1日 00:05"]
