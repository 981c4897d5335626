"""Lists by how the signatures stand, for viewers inside only."""

from django.db.models import Q, QuerySet

from yinuo.commitments.models import Signing
from yinuo.commitments.permission import inside
from yinuo.commitments.signatures import SignatureStatus
from yinuo.parties.viewer import Viewer


def signing_state(state: str, viewer: Viewer) -> Q:
    """The commitments in one of `SIGNING_STATES` that the viewer sees from inside.

    An unknown state, or anyone not signed in, leaves the list as it is: that a signature was
    asked for is no public matter, not even by what a filter leaves out.
    """
    binding = Signing.objects.exclude(status=SignatureStatus.RECALLED)
    conditions = {
        "none": ~_under(binding),
        "waiting": _under(binding.filter(status=SignatureStatus.WAITING)),
        "returned": _under(binding.filter(status=SignatureStatus.RETURNED)),
        "signed": _under(binding) & ~_under(binding.exclude(status=SignatureStatus.SIGNED)),
    }
    if state not in conditions or not viewer.signed_in:
        return Q()
    return conditions[state] & inside(viewer)


def _under(rows: QuerySet[Signing]) -> Q:
    return Q(pk__in=rows.values("commitment"))
