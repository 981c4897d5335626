"""Drawing again from what was downloaded, without any database: same, or where it differs. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yinuo.supervision.draws.counting import counted, result_data
from yinuo.supervision.draws.estimate import estimate
from yinuo.supervision.draws.frame import (
    Drawn,
    Frame,
    FrameUnreadable,
    draw_from,
    read_frame,
    sha256_of,
)

BUNDLE = "yinuo.draw/1"


@dataclass(frozen=True)
class Recomputed:
    """What comes out of a file."""

    frame: Frame
    frame_sha256: str
    randomness: str
    drawn: tuple[Drawn, ...]
    compared: bool
    """Whether the file held a list to compare with."""
    differences: tuple[str, ...]
    """Where what the file says is not what comes out."""


def recompute(data: bytes, *, randomness: str = "") -> Recomputed:
    """Draw again from a bundle, or from a frame and a value. Raises `FrameUnreadable`."""
    try:
        given: dict[str, Any] = json.loads(data)
        found = given["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise FrameUnreadable(f"不是抽查的下载文件（{error}）") from error
    if found != BUNDLE:
        return _drawn_again(data, randomness)
    try:
        return _compared(given, randomness)
    except (KeyError, TypeError, AttributeError) as error:
        raise FrameUnreadable(f"{BUNDLE} 的文件缺少内容（{error}）") from error


def _drawn_again(frame: bytes, randomness: str) -> Recomputed:
    drawn = draw_from(frame, randomness) if randomness else ()
    return Recomputed(
        frame=read_frame(frame),
        frame_sha256=sha256_of(frame),
        randomness=randomness,
        drawn=drawn,
        compared=False,
        differences=(),
    )


def _compared(given: dict[str, Any], randomness: str) -> Recomputed:
    frame = given["frame"].encode()
    again = _drawn_again(frame, randomness or given["randomness"])
    differences = []
    if again.frame_sha256 != given["frame_sha256"]:
        differences.append(
            f"抽样框的哈希是 {again.frame_sha256}，文件写的是 {given['frame_sha256']}"
        )
    listed = [
        Drawn(each["stratum"], each["place"], each["label"], each["ticket"])
        for each in given["drawn"]
    ]
    differences += _list_differences(listed, again.drawn)
    differences += _estimate_differences(frame, given)
    return Recomputed(
        again.frame,
        again.frame_sha256,
        again.randomness,
        again.drawn,
        bool(listed),
        tuple(differences),
    )


def _list_differences(listed: Sequence[Drawn], drawn: Sequence[Drawn]) -> list[str]:
    if not listed:
        return []
    said = {(each.stratum, each.place): each for each in listed}
    found = {(each.stratum, each.place): each for each in drawn}
    wrong = []
    for place in sorted(said.keys() | found.keys()):
        here, there = said.get(place), found.get(place)
        if here != there:
            names = [each.label if each else "（没有）" for each in (here, there)]
            wrong.append(f"{place[0]}第 {place[1]} 项：名单是 {names[0]}，重算是 {names[1]}")
    return wrong


def _estimate_differences(frame: bytes, given: dict[str, Any]) -> list[str]:
    if not given["findings"]:
        return []
    layers = {row.label: row.stratum for row in read_frame(frame).rows}
    findings = [(layers.get(each["label"], ""), each["result"]) for each in given["findings"]]
    strata = counted(frame, findings)
    again = result_data(
        strict=estimate(strata.strict), wide=estimate(strata.wide), findings=findings
    )
    return [
        f"{words}：文件写的是 {given['result'].get(name)}，重算是 {again[name]}"
        for name, words in (("found", "核查结论"), ("strict", "不实率"), ("wide", "含部分不实"))
        if given["result"].get(name) != again[name]
    ]
