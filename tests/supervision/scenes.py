"""Drawn scenes that stand in for photos: made from a number, and nothing in them is anybody's."""

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageEnhance

from yinuo.supervision.photos.prints import Print, print_of

SIZE = (960, 720)


def scene(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A sky, hills, buildings and a site, different for every number."""
    draw_by = random.Random(seed)  # noqa: S311  # no secret, and the same every time
    wide, high = size
    image = Image.new("RGB", size)
    pen = ImageDraw.Draw(image)
    horizon = int(high * draw_by.uniform(0.2, 0.6))
    bright, slope = draw_by.randint(120, 220), draw_by.uniform(-60, 60)
    for row in range(high):
        shade = int(bright + slope * row / high) if row < horizon else draw_by.randint(70, 90)
        pen.line([(0, row), (wide, row)], fill=(shade, shade, min(255, shade + 20)))
    for _ in range(draw_by.randint(1, 3)):
        top = [
            (x, horizon - int(high * 0.15 * abs(math.sin(x / draw_by.uniform(90, 240)))))
            for x in range(0, wide + 40, 40)
        ]
        pen.polygon([(0, high), *top, (wide, high)], fill=_colour(draw_by, 40, 140))
    for _ in range(draw_by.randint(8, 22)):
        x, y = draw_by.randint(-80, wide), draw_by.randint(int(high * 0.1), high)
        w, h = draw_by.randint(40, wide // 3), draw_by.randint(40, high // 2)
        colour = _colour(draw_by, 0, 255)
        if draw_by.random() < 0.6:
            pen.rectangle([x, y, x + w, y + h], fill=colour)
        else:
            pen.ellipse([x, y, x + w, y + h], fill=colour)
    return image


def _colour(draw_by: random.Random, low: int, high: int) -> tuple[int, int, int]:
    first, second, third = (draw_by.randint(low, high) for _ in range(3))
    return first, second, third


def jpeg(image: Image.Image, *, quality: int = 90, taken: str = "", place: object = None) -> bytes:
    """As a camera would write it, with a time (`2024:07:01 09:30:00`) and degrees if wanted."""
    out = io.BytesIO()
    data = Image.Exif()
    if taken:
        data.get_ifd(0x8769)[0x9003] = taken
    if isinstance(place, tuple):
        latitude, longitude = place
        where = data.get_ifd(0x8825)
        where[1], where[2] = "N", (float(latitude), 0.0, 0.0)
        where[3], where[4] = "E", (float(longitude), 0.0, 0.0)
    image.save(out, "JPEG", quality=quality, exif=data)
    return out.getvalue()


def cropped(
    image: Image.Image, left: float, top: float, right: float, bottom: float
) -> Image.Image:
    """Without these shares of its sides."""
    wide, high = image.size
    box = (int(wide * left), int(high * top), int(wide * (1 - right)), int(high * (1 - bottom)))
    return image.crop(box)


def watermarked(image: Image.Image) -> Image.Image:
    """With a band of words in a corner, as phones put them."""
    copy = image.copy()
    pen = ImageDraw.Draw(copy)
    wide, high = copy.size
    pen.rectangle([0, int(high * 0.92), int(wide * 0.45), high], fill=(30, 30, 30))
    pen.text((10, int(high * 0.94)), "2024-07-01 SITE 3", fill=(255, 255, 255))
    return copy


Change = Callable[[Image.Image], Image.Image]
CHANGES: dict[str, Change] = {
    "half the size": lambda i: i.resize((i.width // 2, i.height // 2)),
    "watermark": watermarked,
    "brighter": lambda i: ImageEnhance.Brightness(i).enhance(1.2),
    "darker": lambda i: ImageEnhance.Brightness(i).enhance(0.8),
    "crop 5 % all round": lambda i: cropped(i, 0.025, 0.025, 0.025, 0.025),
    "crop 10 % all round": lambda i: cropped(i, 0.05, 0.05, 0.05, 0.05),
    "crop 5 % left": lambda i: cropped(i, 0.05, 0, 0, 0),
    "crop 10 % bottom": lambda i: cropped(i, 0, 0, 0, 0.1),
    "crop 8 % of a corner": lambda i: cropped(i, 0, 0, 0.08, 0.08),
}
"""What people do to a picture before they hand it in again, by name."""


def printed(image: Image.Image, quality: int = 90) -> Print:
    """The print of a picture after it was written as a JPEG."""
    return print_of(io.BytesIO(jpeg(image, quality=quality)))
