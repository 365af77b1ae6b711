"""Define the specification as code: what is sent, what is answered, and the rules for both.

PURE: no disk, network, clock, randomness, environment or logging. It leaves to others: computing hashes
(`hashclient.hashing`), drawing credentials (`hashclient.client`) and sealing (`hashclient.sealing`).
"""

from hashclient.model.case import CaseKey, CaseNumber, CaseRequest, Credentials, Pin
from hashclient.model.profile import EndpointProfile, Limits, SealingKey
from hashclient.model.receipt import CaseReport, FeedbackCounts, Problem, Receipt
from hashclient.model.signal import Signal
from hashclient.model.submission import Declarations, Item, Submission
from hashclient.vocabulary import Altered, CaseStatus, Content, Depicted, SignalType, Suite

__all__ = [
    "Altered",
    "CaseKey",
    "CaseNumber",
    "CaseReport",
    "CaseRequest",
    "CaseStatus",
    "Content",
    "Credentials",
    "Declarations",
    "Depicted",
    "EndpointProfile",
    "FeedbackCounts",
    "Item",
    "Limits",
    "Pin",
    "Problem",
    "Receipt",
    "SealingKey",
    "Signal",
    "SignalType",
    "Submission",
    "Suite",
]
