"""What other people published, through the functions of the stranger's verifier."""

import pytest

from tests.ledger.tlog.test_note import (
    COSIGNER,
    ENOCH,
    GO_SUM,
    GO_SUM_NOTE,
    PETER,
    SPEC,
    SPEC_NOTE,
)
from tests.ledger.tlog.test_tree import LEAVES, ROOTS
from yinuo.verifier.yinuo_verify import (
    LOG_TYPE,
    WITNESS_TYPE,
    Tree,
    cosigned_at,
    is_signed,
    label,
    leaf_hash,
    log_signers,
    read_checkpoint,
    read_note,
    read_vkey,
    tile_path,
)

WITNESSED = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501


def test_the_reference_tree_of_certificate_transparency() -> None:
    """RFC 6962 and RFC 9162: eight leaves and the root at every size."""
    tree = Tree()
    seen = [tree.root().hex()]
    for leaf in LEAVES:
        tree.add(leaf_hash(leaf))
        seen.append(tree.root().hex())
    assert seen == ROOTS


def test_the_checkpoint_of_the_go_checksum_database_opens() -> None:
    note = read_checkpoint(GO_SUM_NOTE.encode())
    assert (note.origin, note.size) == ("go.sum database tree", 6_353_345)
    who, key = read_vkey(GO_SUM, LOG_TYPE)
    assert log_signers(note, {who: key}) == (["sum.golang.org+033de0ae"], [])
    altered = read_checkpoint(GO_SUM_NOTE.replace("6353345", "6353346").encode())
    assert log_signers(altered, {who: key}) == ([], ["sum.golang.org+033de0ae"])


def test_the_example_note_of_the_standard_is_signed() -> None:
    text, signatures = read_note(SPEC_NOTE.encode())
    who, key = read_vkey(SPEC, LOG_TYPE)
    assert [one for one, _signature in signatures] == [who]
    assert is_signed(key, signatures[0][1], text.encode())


@pytest.mark.parametrize("vkey", [GO_SUM, PETER, ENOCH, SPEC])
def test_published_keys_are_read(vkey: str) -> None:
    who, _key = read_vkey(vkey, LOG_TYPE)
    assert vkey.startswith(f"{label(who)}+")
    with pytest.raises(ValueError):  # noqa: PT011  # whatever is wrong with it
        read_vkey(vkey, WITNESS_TYPE)


def test_the_published_key_of_a_witness_is_read() -> None:
    who, _key = read_vkey(COSIGNER, WITNESS_TYPE)
    assert label(who) == "remora.n621.de+da77ade7"


def test_the_cosigned_example_of_the_standard_is_read_with_its_time() -> None:
    note = read_checkpoint(WITNESSED.encode())
    (_log, _), (witness, signature) = note.signatures
    assert label(witness) == "witness.example.com/w1+8d66cf3f"
    assert int.from_bytes(signature[:8], "big") == 1_679_315_147
    assert len(signature) == 8 + 64
    assert cosigned_at(note, bytes(32), signature) is None


def test_the_paths_of_the_standard() -> None:
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 273, 112) == "tile/entries/273.p/112"
    assert tile_path(2, 0, 1) == "tile/2/000.p/1"
