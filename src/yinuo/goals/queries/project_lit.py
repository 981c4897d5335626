"""The projects whose whole light is one colour, for the filter of the list.

Which light a project has takes a look at its stages, figures, curve and exemptions. So a job works
all of them out once a day and keeps them; what an entry touched since is asked for here. The table
of the register remembers both, and is replaced when something new comes (see `project_table`).
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.lights.table import available
from yinuo.goals.facets import Mask
from yinuo.goals.queries.project_lights import whole_lights
from yinuo.goals.register.table import ASK, Table
from yinuo.goals.stored.lit import kept_lights
from yinuo.parties.viewer import ANYONE, Viewer


def lit(*, table: Table, colour: Colour, among: Mask, viewer: Viewer, today: date) -> Mask:
    """Those of these rows whose whole light (总灯) is the one, by what the viewer may see."""
    found = np.zeros(len(table.codes), np.bool_)
    published = available(today)
    if published is None or published.published is None:
        return found
    version, inside = published.deciding.version, table.inside(viewer)
    # What is not the viewer's own matter they see as everybody does, as with states.
    for rows, seer in ((among & inside, viewer), (among & ~inside, ANYONE)):
        key = version, seer is not ANYONE
        if key not in table.lights:
            table.lights[key] = kept_lights(version=version, inside=key[1], today=today)
        known = table.lights[key]
        numbers = np.flatnonzero(rows)
        codes = [table.codes[int(n)] for n in numbers]
        _look([code for code in codes if code not in known], known, seer, today)
        found[numbers] = [known[code] == colour for code in codes]
    return found


def _look(
    codes: Sequence[str], known: dict[str, Colour | None], viewer: Viewer, today: date
) -> None:
    """Put the whole light of each of these projects into what is known."""
    for start in range(0, len(codes), ASK):
        some = codes[start : start + ASK]
        known.update(whole_lights(codes=some, viewer=viewer, today=today))
