"""The tables, imported together so that relationships and migrations know them all."""

from tracker.models.addressees import Addressee, AddresseeWording, ExpectedReply, Round
from tracker.models.answer_links import AnswerLink, SharedDraft, Submission
from tracker.models.audit import AuditRow
from tracker.models.backups import Backup
from tracker.models.base import Base
from tracker.models.bodies import Body, BodyMember, BodyName, FocalPoint
from tracker.models.draft_answers import DraftAnswer
from tracker.models.entries import ChainHead, Entry, EntryText, StandingRow
from tracker.models.import_steps import ImportStep
from tracker.models.issuers import Installation, Issuer, QuietPeriod, TypePolicy
from tracker.models.jobs import Job
from tracker.models.limits import LimitedAct
from tracker.models.mail import AddressState, MailAttempt, OutgoingMail, Reminder, Tick
from tracker.models.people import Membership, Person, SignedInSession, SignInCode
from tracker.models.public import move_public_version
from tracker.models.reports import (
    ColumnChoice,
    Draft,
    Import,
    Publication,
    Recommendation,
    RecommendationText,
    Report,
    Section,
)
from tracker.models.restatements import RecommendationStem, Restatement
from tracker.models.successions import Succession
from tracker.models.terms import RecommendationTerm, Term, TermName

__all__ = [
    "AddressState",
    "Addressee",
    "AddresseeWording",
    "AnswerLink",
    "AuditRow",
    "Backup",
    "Base",
    "Body",
    "BodyMember",
    "BodyName",
    "ChainHead",
    "ColumnChoice",
    "Draft",
    "DraftAnswer",
    "Entry",
    "EntryText",
    "ExpectedReply",
    "FocalPoint",
    "Import",
    "ImportStep",
    "Installation",
    "Issuer",
    "Job",
    "LimitedAct",
    "MailAttempt",
    "Membership",
    "OutgoingMail",
    "Person",
    "Publication",
    "QuietPeriod",
    "Recommendation",
    "RecommendationStem",
    "RecommendationTerm",
    "RecommendationText",
    "Reminder",
    "Report",
    "Restatement",
    "Round",
    "Section",
    "SharedDraft",
    "SignInCode",
    "SignedInSession",
    "StandingRow",
    "Submission",
    "Succession",
    "Term",
    "TermName",
    "Tick",
    "TypePolicy",
    "move_public_version",
]
