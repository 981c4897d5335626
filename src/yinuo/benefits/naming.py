"""Names in public lists. Pure."""


def masked_name(name: str) -> str:
    """A person's name as a public list has it.

    >>> masked_name("示范人")
    '示＊＊'
    """
    return name[:1] + "＊" * max(1, len(name) - 1)
