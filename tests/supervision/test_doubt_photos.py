"""Prints of pictures: what survives a change, what is found, and what the camera says."""

import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.supervision.doubtful import some_limits
from tests.supervision.scenes import CHANGES, jpeg, printed, scene
from yinuo.supervision.photos.bands import (
    BITS,
    REACH,
    bands,
    distance,
    near,
    probes,
    signed,
    unsigned,
)
from yinuo.supervision.photos.camera import NOTHING, Place, kilometres, taken
from yinuo.supervision.photos.prints import PARTS, print_of

HASHES = st.integers(0, 2**BITS - 1)
LIMITS = some_limits()


@given(HASHES, st.sets(st.integers(0, BITS - 1), max_size=REACH))
def test_nothing_within_reach_is_missed(bits: int, turned: set[int]) -> None:
    other = bits
    for place in turned:
        other ^= 1 << place
    assert distance(bits, other) == len(turned)
    assert any(o in near(b) for b, o in zip(bands(bits), bands(other), strict=True))


@given(HASHES)
def test_a_hash_comes_back_from_a_signed_column(bits: int) -> None:
    assert -(2**63) <= signed(bits) < 2**63
    assert unsigned(signed(bits)) == bits


def test_each_band_is_probed_as_it_is_and_with_any_bit_turned() -> None:
    assert [len(values) for values in probes([0])] == [17] * 4


@pytest.mark.parametrize("name", ["half the size", "watermark", "brighter", "darker"])
def test_a_changed_copy_is_within_reach(name: str) -> None:
    original = scene(3)
    again = printed(CHANGES[name](original), quality=50)
    assert distance(again.whole, printed(original).whole) <= LIMITS.photo_distance


@pytest.mark.parametrize(
    "name", ["crop 10 % all round", "crop 10 % bottom", "crop 8 % of a corner"]
)
def test_a_cropped_copy_is_like_a_part_of_its_original(name: str) -> None:
    original = scene(8)
    again, before = printed(CHANGES[name](original), quality=50), printed(original)
    closest = min(distance(again.whole, each) for each in before.hashes)
    assert closest <= LIMITS.photo_crop_distance


def test_another_scene_is_far_away() -> None:
    assert distance(printed(scene(3)).whole, printed(scene(4)).whole) > 2 * REACH


def test_a_print_has_a_hash_of_the_whole_and_of_each_part() -> None:
    assert len(printed(scene(1)).hashes) == len(PARTS) == 11


def test_a_picture_that_lies_on_its_side_is_turned_first() -> None:
    original = scene(5)
    data = Image.Exif()
    data[0x0112] = 6
    out = io.BytesIO()
    original.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", quality=95, exif=data)
    assert distance(print_of(out).whole, printed(original).whole) <= 2


def test_sky_walls_and_blank_forms_are_too_flat_to_know() -> None:
    least = int(LIMITS.photo_cells)
    sky = Image.linear_gradient("L").resize((640, 480)).point(lambda value: 180 + value // 16)
    assert printed(sky.convert("RGB")).is_flat(least)
    assert printed(Image.new("RGB", (640, 480), (250, 250, 248))).is_flat(least)
    assert not printed(scene(1)).is_flat(least)


# ── what the camera wrote ────────────────────────────────────────────────────────────────────────


def test_the_time_and_place_of_the_camera_are_read_from_the_original() -> None:
    content = jpeg(scene(1), taken="2024:07:01 09:30:00", place=(38, 121))
    found = taken(io.BytesIO(content))
    assert found.at == datetime(2024, 7, 1, 9, 30)  # noqa: DTZ001  # a camera knows no zone
    assert found.place == Place(38_000_000, 121_000_000)


@pytest.mark.parametrize(
    "said", ["", "1970:01:01 00:00:00", "0000:00:00 00:00:00", "yesterday", "2024-07-01"]
)
def test_a_clock_that_was_never_set_says_nothing(said: str) -> None:
    assert taken(io.BytesIO(jpeg(scene(1, (320, 240)), taken=said))).at is None


def test_a_receiver_without_a_fix_says_nothing() -> None:
    assert taken(io.BytesIO(jpeg(scene(1, (320, 240)), place=(0, 0)))).place is None


def test_bytes_without_a_picture_say_nothing() -> None:
    assert taken(io.BytesIO(b"no picture")) == NOTHING


def test_dalian_is_some_way_from_beijing() -> None:
    dalian, beijing = Place(38_914_000, 121_614_000), Place(39_904_000, 116_407_000)
    assert kilometres(dalian, beijing) == pytest.approx(463, abs=5)
    assert kilometres(dalian, dalian) == 0
