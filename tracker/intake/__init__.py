"""From the bytes of an annex to drafts of its recommendations, with everything that a person should check."""

from tracker.intake.check import check
from tracker.intake.drafts import (
    AddresseeDraft,
    AnswerDraft,
    Leftover,
    Reading,
    RecommendationDraft,
    TableRead,
    why_label,
)
from tracker.intake.findings import Finding
from tracker.intake.matching import rematch
from tracker.intake.readers import Progress
from tracker.intake.reading import read
from tracker.intake.register import Register, RegisterBody
from tracker.intake.waiting import TakesLong, patience

__all__ = [
    "AddresseeDraft",
    "AnswerDraft",
    "Finding",
    "Leftover",
    "Progress",
    "Reading",
    "RecommendationDraft",
    "Register",
    "RegisterBody",
    "TableRead",
    "TakesLong",
    "check",
    "patience",
    "read",
    "rematch",
    "why_label",
]
