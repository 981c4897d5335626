"""By which date a record of a source is newer than another. Pure."""

from yinuo.lake.records.description import SourceDescription, Type

REGISTRATION = "registration"


def day_of(source: SourceDescription) -> str:
    """The date by which records of a source are newer or older: a field, or `first_seen`.

    The one from which they are kept, else the first one described; of registrations the last one:
    they begin with the founding and end with the newest approval.
    """
    dates = [each.name for each in source.fields if each.type is Type.DATE]
    if source.kind == REGISTRATION:
        return dates[-1] if dates else "first_seen"
    said = source.retention.counted_from
    return said if said in dates else dates[0] if dates else "first_seen"
