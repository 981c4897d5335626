"""What was done to a thing while somebody filled in a form about it."""

from collections.abc import Mapping

from yinuo.commitments.story import Told, told
from yinuo.ledger.history import newest_thread, newest_version, thread_events
from yinuo.ledger.recorded import recorded_models
from yinuo.parties.viewer import Viewer


def last_step(*, place: str, verbs: Mapping[str, str], viewer: Viewer) -> Told | None:
    """The last step, of those that have words, in the story of what an error is about.

    `place` is the subject (`case:BJ-1`) or its code alone. Asked only where a command has just
    answered this viewer that the thing is in another state; None for strangers.
    """
    if not place or not viewer.signed_in:
        return None
    thread = newest_thread([place, *(f"{kind}:{place}" for kind in recorded_models())])
    if not thread:
        return None
    steps = [event for event in thread_events(thread) if event.verb in verbs]
    return told(steps[-1:], verbs, viewer)[0] if steps else None


def public_version(*, subject: str) -> int:
    """Which version a subject is at, 0 for none: a number that says nothing else."""
    return newest_version(subject)
