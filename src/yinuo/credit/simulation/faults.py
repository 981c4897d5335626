"""What is planted: names of the faults, how frequent each is, and what becomes of such rows."""

from enum import StrEnum


class Fault(StrEnum):
    """What is the matter with a row. The words stand in the truth."""

    NONE = ""
    # Of whom a row is: such rows are taken in, and resolution has to cope with them.
    TYPO = "typo"
    """A wrong character in the core of the name."""
    VARIANT = "variant"
    """The same name, written a little otherwise."""
    NO_CODE = "no_code"
    NO_CODE_TYPO = "no_code_typo"
    WRONG_CODE = "wrong_code"
    """A check character that does not fit."""
    OTHER_CODE = "other_code"
    """Another's true code beside the own name."""
    OLD_NUMBER = "old_number"
    """An older kind of number in place of the code: registration, organisation, tax, 15 digits."""
    OLD_CODE = "old_code"
    """The code before a change; code-history names it, but not always."""
    RENAMED = "renamed"
    """The name before a change."""
    MOVED = "moved"
    """Its region is no longer the one in its code."""
    # Of how a row is written: taken in all the same.
    FULL_WIDTH = "full_width"
    DATE_FORM = "date_form"
    UNIT_WRITTEN = "unit_written"
    """The unit stands in the cell: 1,200.00元."""
    # Put aside.
    MOJIBAKE = "mojibake"
    BAD_BYTES = "bad_bytes"
    """A byte that no encoding has."""
    SHIFTED = "shifted"
    """Every cell one column to the right."""
    TORN = "torn"
    """The line ends in the middle."""
    BAD_DATE = "bad_date"
    UNKNOWN_CODE = "unknown_code"
    CONTRADICTION = "contradiction"
    """Two valid identifiers of two entities."""
    NO_NAME = "no_name"
    CONFLICT = "conflict"
    """The same record a second time with other content."""
    # Neither.
    DUPLICATE = "duplicate"
    """The same row a second time."""
    # Of a day's delivery.
    CORRECTION = "correction"
    REVOCATION = "revocation"


PUT_ASIDE = frozenset(
    {
        *(Fault.MOJIBAKE, Fault.BAD_BYTES, Fault.SHIFTED, Fault.TORN, Fault.BAD_DATE),
        *(Fault.UNKNOWN_CODE, Fault.CONTRADICTION, Fault.NO_NAME, Fault.CONFLICT),
    }
)
"""Rows that a landing must put aside, each once."""

OF_WHOM = {
    Fault.VARIANT: 20_000,
    Fault.TYPO: 5_000,
    Fault.NO_CODE: 6_000,
    Fault.NO_CODE_TYPO: 4_000,
    Fault.OLD_NUMBER: 3_000,
    Fault.WRONG_CODE: 1_500,
    Fault.OTHER_CODE: 500,
}
"""Per million rows."""

OF_WRITING = {
    Fault.DUPLICATE: 2_000,
    Fault.FULL_WIDTH: 1_000,
    Fault.DATE_FORM: 1_000,
    Fault.UNIT_WRITTEN: 500,
    Fault.MOJIBAKE: 400,
    Fault.BAD_BYTES: 200,
    Fault.SHIFTED: 200,
    Fault.TORN: 200,
    Fault.BAD_DATE: 300,
    Fault.UNKNOWN_CODE: 200,
    Fault.CONTRADICTION: 1_000,
    Fault.NO_NAME: 300,
    Fault.CONFLICT: 200,
}
"""Per million rows."""

FAULTS = tuple(Fault)
NUMBER = {fault: number for number, fault in enumerate(FAULTS)}
"""Place in `FAULTS`: how rows bear a fault in arrays."""
