"""How many ways a pattern can match a text, at most: what a search may cost before it ends.

A search by backtracking tries every way in the worst case. `a*` has as many as the text has
letters, `a*b*` the square of it, `(a|b)*` no more than `a*`, as its alternatives begin with
different letters, and `(a*)*` doubles with every letter: it is searched in short texts only.
"""

from dataclasses import dataclass, field

MOST_WAYS = 10**8
_MOST_TURNS = 30
"""Turns and powers beyond which nothing is counted any more."""


@dataclass(frozen=True, slots=True)
class Ways:
    """`times` · lengthᵖᵒʷᵉʳ · growthˡᵉⁿᵍᵗʰ ways."""

    times: int = 1
    power: int = 0
    growth: int = 1

    def __mul__(self, other: "Ways") -> "Ways":
        # Two parts that grow share the letters, whichever way they are cut.
        cuts = int(self.growth > 1 and other.growth > 1)
        growth = max(self.growth, other.growth)
        return Ways(self.times * other.times, self.power + other.power + cuts, growth)

    def __add__(self, other: "Ways") -> "Ways":
        growth = max(self.growth, other.growth)
        return Ways(self.times + other.times, max(self.power, other.power), growth)

    def fit(self, length: int) -> bool:
        """Whether a text of that length can be searched."""
        size = max(length, 1)
        if self.power > _MOST_TURNS or (self.growth > 1 and size > _MOST_TURNS):
            return False
        ways: int = self.times * size**self.power * self.growth**size
        return ways <= MOST_WAYS


ONE = Ways()
TOO_MANY = Ways(MOST_WAYS + 1)


def repeated(part: Ways, least: int, most: int | None) -> Ways:
    """The ways of a part that comes so many times; `most` is None without end."""
    if part == ONE:
        return Ways(power=1) if most is None else Ways(most - least + 1)
    if most is None or (part.growth > 1 and most > 1):
        # Every letter may be the last of a turn, and every turn has its own ways.
        return Ways(growth=2 * part.growth * part.times) if part.times < MOST_WAYS else TOO_MANY
    if most > _MOST_TURNS:
        return TOO_MANY
    counts = Ways(most - least + 1)
    for _ in range(most):
        counts *= part
        if counts.times > MOST_WAYS:
            return TOO_MANY
    return counts


@dataclass(slots=True)
class Branches:
    """A pattern, or what stands in brackets: its alternatives as they are read."""

    finished: list[Ways] = field(default_factory=list)
    beginnings: list[str] = field(default_factory=list)
    """The letter each alternative begins with; empty where that is no plain letter."""
    running: Ways = ONE
    last: Ways = ONE
    """The ways of the last part, which a quantifier may still repeat."""
    beginning: str | None = None

    def part(self, ways: Ways = ONE, letter: str = "") -> None:
        """The next part; `letter` if it is a plain one."""
        self.running *= self.last
        self.last = ways
        self.beginning = letter if self.beginning is None else self.beginning

    def repeat(self, least: int, most: int | None) -> None:
        """The last part comes so many times."""
        self.last = repeated(self.last, least, most)
        if least == 0 and self.running == ONE:
            # What may be missing does not tell how the alternative begins.
            self.beginning = ""

    def alternative(self) -> None:
        """The alternative ends here."""
        self.finished.append(self.running * self.last)
        self.beginnings.append(self.beginning or "")
        self.running, self.last, self.beginning = ONE, ONE, None

    def total(self) -> Ways:
        """The ways of all alternatives."""
        self.alternative()
        if len(self.finished) == 1:
            return self.finished[0]
        different = "" not in self.beginnings and len(set(self.beginnings)) == len(self.beginnings)
        most = max(self.finished, key=lambda ways: (ways.power, ways.times))
        if different:
            return most
        found = self.finished[0]
        for each in self.finished[1:]:
            found += each
        return found
