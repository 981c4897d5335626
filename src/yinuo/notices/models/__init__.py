"""The rows of messages and what sends them, one noun a module; Django looks for them here.

None is recorded on the ledger: a message is no promise, and who was told what is personal. What
left the system, when, by which adapter and with which receipt stands in `Delivery`.
"""

from yinuo.notices.models.address import Address, Preference
from yinuo.notices.models.job import Job
from yinuo.notices.models.link import Link
from yinuo.notices.models.message import Message, Unreached
from yinuo.notices.models.sending import Delivery, Digest

__all__ = [
    "Address",
    "Delivery",
    "Digest",
    "Job",
    "Link",
    "Message",
    "Preference",
    "Unreached",
]
