"""Changes of code that need no thought: old keys that each went over into one that stayed.

Nearly all are like that, and a city has them by the hundred thousand; so they are told apart as
columns. What is left, chains, rings and whatever people spoke about, goes to `components`.
"""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def part(changes: pa.Table, spoken: Collection[str]) -> tuple[pa.Table, pa.Table]:
    """Changes that are straight, and all others. `spoken` are keys of which people said something.

    The columns left and right are looked at. A straight left occurs once in both of them; its
    right is never a left, and only straight ones lead there.
    """
    ends = pa.chunked_array([*changes["left"].chunks, *changes["right"].chunks], pa.string())
    coded = ends.dictionary_encode().combine_chunks()
    left, right = np.split(coded.indices.to_numpy(), 2)
    asked = pa.array(sorted(spoken), pa.string())
    loose = pc.is_in(coded.dictionary, asked).to_numpy(zero_copy_only=False)
    once = np.bincount(coded.indices.to_numpy(), minlength=len(loose)) == 1
    simple = once[left] & ~loose[left]
    loose[left] = True
    loose[right[~simple]] = True
    straight = pa.array(simple & ~loose[right])
    return changes.filter(straight), changes.filter(pc.invert(straight))


def onto(straight: pa.Table) -> dict[str, str]:
    """Every key of them → the key that stands for it, also those that stand."""
    right = straight["right"].to_pylist()
    return dict(zip(straight["left"].to_pylist(), right, strict=True)) | {key: key for key in right}
