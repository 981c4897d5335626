"""What is kept of a picture to find it again: hashes of the whole and of parts of it. Pure.

A difference hash (dHash) of 64 bits says, for 8 × 8 places of the picture made grey and tiny,
whether it gets brighter to the right. Scaling, recompressing, a watermark or more light leave most
bits as they are. A crop does not: everything moves. So hashes of lightly cropped parts are kept as
well: the whole of a cropped copy is like one of the parts of its original.
"""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image

from yinuo.kernel.media.pictures import upright

SIDE = 288
"""Pixels of the grey copy from which all hashes are made."""
WIDE, HIGH = 9, 8
CLEAR = 3
"""Grey levels of 255 by which two neighbours must differ to tell anything."""
Part = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares of the sides."""
_LOW, _HIGH = 0.075, 0.925
PARTS: tuple[Part, ...] = (
    (0.0, 0.0, 1.0, 1.0),
    (0.025, 0.025, 0.975, 0.975),
    (0.05, 0.05, 0.95, 0.95),
    (_LOW, 0.0, 1.0, 1.0),
    (0.0, _LOW, 1.0, 1.0),
    (0.0, 0.0, _HIGH, 1.0),
    (0.0, 0.0, 1.0, _HIGH),
    (_LOW, _LOW, 1.0, 1.0),
    (0.0, _LOW, _HIGH, 1.0),
    (_LOW, 0.0, 1.0, _HIGH),
    (0.0, 0.0, _HIGH, _HIGH),
)
"""The whole first; then what is left after a light crop from all sides, one side or a corner."""


@dataclass(frozen=True, slots=True)
class Print:
    """The hashes of one picture, in the order of `PARTS`."""

    hashes: tuple[int, ...]
    cells: int
    """Of 64 places of the whole, how many are told by a clear difference; few in a flat picture."""

    @property
    def whole(self) -> int:
        """The hash of the whole picture."""
        return self.hashes[0]

    def is_flat(self, least: int) -> bool:
        """Whether there is too little in it to know it by: sky, a wall, a blank form."""
        return self.cells < least


def print_of(file: BinaryIO) -> Print:
    """The print of an accepted picture. Raises what a decoder raises over broken bytes."""
    return print_of_picture(upright(file, 2 * SIDE))


def print_of_picture(picture: Image.Image) -> Print:
    """The print of a picture that is decoded and upright."""
    grey = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    tiny = [_tiny(grey, part) for part in PARTS]
    steps = np.abs(np.diff(tiny[0].astype(np.int16), axis=1))
    return Print(tuple(_hash(each) for each in tiny), int((steps >= CLEAR).sum()))


def _tiny(grey: Image.Image, part: Part) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    left, top, right, bottom = (share * SIDE for share in part)
    small = grey.resize((WIDE, HIGH), Image.Resampling.BOX, box=(left, top, right, bottom))
    return np.asarray(small, dtype=np.uint8)


def _hash(tiny: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> int:
    brighter = tiny[:, 1:] > tiny[:, :-1]
    return int.from_bytes(np.packbits(brighter).tobytes(), "big")
