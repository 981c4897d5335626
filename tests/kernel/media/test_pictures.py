import io

import pytest
from PIL import Image

from tests.kernel.media import samples
from yinuo.kernel.media.pictures import public_copy, thumbnail


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_copy_for_the_public_tells_nothing_of_camera_and_place(kind: str) -> None:
    original = samples.picture(kind, (400, 200), exif=True)
    assert b"SecretCamera" in original
    for copy in (public_copy(io.BytesIO(original)), thumbnail(io.BytesIO(original))):
        assert b"SecretCamera" not in copy
        assert b"Exif" not in copy
        assert dict(opened(copy).getexif()) == {}


def test_what_is_hidden_behind_a_picture_is_not_copied() -> None:
    original = samples.picture() + b"<script>hidden</script>"
    assert b"hidden" not in public_copy(io.BytesIO(original))


def test_a_picture_is_turned_upright() -> None:
    original = samples.picture("JPEG", (400, 200), exif=True)
    small = opened(thumbnail(io.BytesIO(original)))
    assert small.format == "WEBP"
    assert small.size == (160, 320)
    # The dark half lay on the left and comes to stand on top.
    top, bottom = small.getpixel((80, 20)), small.getpixel((80, 300))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert sum(top) < sum(bottom)


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left() -> None:
    large = samples.picture("JPEG", (5_200, 100))
    assert opened(public_copy(io.BytesIO(large))).size == (2_560, 49)
    assert opened(public_copy(io.BytesIO(samples.picture()))).size == (64, 48)


def test_what_is_seen_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(public_copy(out)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16"])
def test_every_mode_of_colour_is_copied(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (20, 10)).save(out, kind)
    assert opened(thumbnail(out)).mode == "RGB"
