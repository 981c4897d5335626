"""A place has one path, and a path one place."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.ledger.tlog.path import (
    MAX_INDEX,
    NotAPath,
    is_entries_path,
    openings_path,
    parse_entries_path,
    parse_openings_path,
    parse_tile_path,
)
from yinuo.ledger.tlog.tile import MAX_LEVEL, WIDTH, Place, entries_path, tile_path

indices = st.one_of(st.integers(0, 5_000), st.integers(0, MAX_INDEX))
widths = st.integers(1, WIDTH)


@given(st.integers(0, MAX_LEVEL), indices, widths)
def test_a_tile_path_is_read_back(level: int, index: int, width: int) -> None:
    assert parse_tile_path(tile_path(level, index, width)) == Place(level, index, width)


@given(indices, widths)
def test_an_entries_path_is_read_back(index: int, width: int) -> None:
    path = entries_path(index, width)
    assert parse_entries_path(path) == Place(0, index, width)
    assert is_entries_path(path)


@given(indices)
def test_an_openings_path_is_read_back(index: int) -> None:
    assert parse_openings_path(openings_path(index)) == index


ALPHABET = "tile/entrisopngx0123456789.p"


@given(
    st.one_of(
        st.text(ALPHABET, max_size=30),
        st.from_regex(r"tile/[0-9]{1,3}/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?", fullmatch=True),
        st.from_regex(r"tile/entries/(x[0-9]{3}/)*[0-9]{2,4}(\.p/[0-9]{1,3})?", fullmatch=True),
        st.from_regex(r"openings/(x[0-9]{3}/)*[0-9]{3}", fullmatch=True),
    )
)
def test_what_is_read_is_spelled_just_so(path: str) -> None:
    spelled = []
    with suppress(NotAPath):
        place = parse_tile_path(path)
        spelled.append(tile_path(place.level, place.index, place.width))
    with suppress(NotAPath):
        place = parse_entries_path(path)
        spelled.append(entries_path(place.index, place.width))
    with suppress(NotAPath):
        spelled.append(openings_path(parse_openings_path(path)))
    assert spelled in ([], [path])


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/x000/067",
        "tile/0/x001/x234/67",
        "tile/0/001/234",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/012",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/../../checkpoint",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/entries/000",
        "openings/000",
    ],
)
def test_no_other_spelling_is_a_tile(path: str) -> None:
    with pytest.raises(NotAPath):
        parse_tile_path(path)


@pytest.mark.parametrize(
    "path", ["openings/000.p/3", "openings/0", "openings/x000/001", "openings/", "tile/entries/000"]
)
def test_no_other_spelling_is_openings(path: str) -> None:
    with pytest.raises(NotAPath):
        parse_openings_path(path)


def test_a_long_path_is_not_repeated_whole() -> None:
    with pytest.raises(NotAPath) as refused:
        parse_tile_path("x" * 10_000)
    assert len(str(refused.value)) < 300
