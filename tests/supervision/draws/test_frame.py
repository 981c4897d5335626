"""The frame as a file, drawing from it, and drawing again from what was downloaded."""

import json

import pytest

from tests.supervision.draws.bundles import DATA, FRAME, VALUE, bundle
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.supervision.draws.frame import (
    Frame,
    FrameUnreadable,
    draw_from,
    frame_bytes,
    hidden_label,
    read_frame,
)
from yinuo.supervision.draws.recompute import recompute


def test_a_frame_reads_back_and_has_one_hash() -> None:
    assert frame_bytes(read_frame(DATA)) == DATA


def test_a_small_layer_is_drawn_whole() -> None:
    drawn = draw_from(DATA, VALUE)
    assert {each.label for each in drawn if each.stratum == "高风险"} == {
        "DL-012",
        "DL-013",
        "DL-014",
    }
    assert [each.place for each in drawn] == [1, 2, 3, 1, 2]


def test_another_value_or_another_frame_draws_others() -> None:
    others = {draw_from(DATA, f"01 02 03 04 05 06 + {n:02d}") for n in range(1, 17)}
    assert len(others) == 16
    wider = frame_bytes(Frame(**{**vars(FRAME), "unit": "210200"}))
    assert draw_from(wider, VALUE) != draw_from(DATA, VALUE)


def test_a_hidden_label_tells_nothing_without_its_key() -> None:
    label = hidden_label("LS-009", b"k" * 32)
    assert label == hidden_label("LS-009", b"k" * 32)
    assert label != hidden_label("LS-009", b"l" * 32)
    assert "LS-009" not in label


@pytest.mark.parametrize(
    ("altered", "why"),
    [
        ({"format": "yinuo.frame/9"}, "yinuo.frame/9"),
        ({"rows": [*json.loads(DATA)["rows"], json.loads(DATA)["rows"][0]]}, "出现了 2 次"),
        ({"rows": json.loads(DATA)["rows"][1:]}, "项数与写明的 12 不同"),
        ({"strata": [{"name": "高风险", "size": 3, "take": 4}]}, "要抽 4 项，共 3 项"),
        ({"strata": [{"name": "高风险", "size": 3, "take": 3}]}, "没有写明“低风险”"),
        ({"from": "去年"}, "不是 yinuo.frame/1"),
    ],
)
def test_a_frame_that_does_not_add_up_is_refused(altered: dict[str, Canonical], why: str) -> None:
    with pytest.raises(FrameUnreadable, match=why):
        read_frame(canonical_bytes({**json.loads(DATA), **altered}))


def test_no_frame_at_all_is_refused() -> None:
    for data in (b"", b"[]", b"\xff", b"{}", b"null"):
        with pytest.raises(FrameUnreadable):
            recompute(data)


def test_a_download_comes_out_the_same() -> None:
    found = recompute(bundle())
    assert found.differences == ()
    assert found.compared
    assert len(found.drawn) == 5


def test_each_difference_is_named() -> None:
    drawn = [vars(each) for each in draw_from(DATA, VALUE)]
    drawn[4] = {**drawn[4], "label": "DL-011"}
    assert "低风险第 2 项：名单是 DL-011" in recompute(bundle(drawn=drawn)).differences[0]
    assert "抽样框的哈希" in recompute(bundle(frame_sha256="00" * 32)).differences[0]
    findings = [{"label": each["label"], "result": "true"} for each in drawn[:4]]
    assert len(recompute(bundle(findings=findings)).differences) == 3
    altered = DATA.replace(b"DL-000", b"DL-099").decode()
    assert len(recompute(bundle(frame=altered)).differences) > 1


def test_a_frame_alone_needs_the_value() -> None:
    assert recompute(DATA).drawn == ()
    assert recompute(DATA, randomness=VALUE).drawn == draw_from(DATA, VALUE)
