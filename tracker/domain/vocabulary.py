"""The fixed codes of the product and the words that stand for them on screen.

Codes go into the database and the open format and never change. Labels are looked up in the language in use.
"""

from enum import StrEnum

from tracker.language import N_, _


class Coded(StrEnum):
    """A code with a label in each language."""

    @property
    def label(self) -> str:
        return _(_LABELS[type(self).__name__][self.value])


class Response(Coded):
    """Whether the body takes the recommendation on."""

    AWAITED = "awaited"
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    UNDER_CONSIDERATION = "under_consideration"
    NOT_ACCEPTED = "not_accepted"
    NOT_COMPETENT = "not_competent"


class Implementation(Coded):
    """How far it is carried out, by either voice. The first seven are comparable between the two."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PARTIALLY = "partially"
    FULLY = "fully"
    CONTINUING = "continuing"
    NOT_IMPLEMENTED = "not_implemented"
    OVERTAKEN = "overtaken"
    NOT_ASSESSED = "not_assessed"
    NOT_VERIFIABLE = "not_verifiable"


SEVEN = tuple(Implementation)[:7]
"""What a body may report; the issuer may find these and `not_verifiable`."""

ANSWERS = tuple(response for response in Response if response is not Response.AWAITED)
"""The responses a body may give."""

FINDINGS = (*SEVEN, Implementation.NOT_VERIFIABLE)
"""What the issuer may find when it assesses; `not_assessed` is where every addressee begins."""

NOTHING = "nothing"
"""The key under which figures count addressees that reported nothing."""


class Role(Coded):
    """What an addressee is to do: act, or have others act."""

    IMPLEMENTER = "implementer"
    RELAY = "relay"


class Party(StrEnum):
    """Who speaks: the body that was addressed, or the issuer."""

    BODY = "body"
    ISSUER = "issuer"


class BodyType(Coded):
    """What kind of organisation a body is."""

    GOVERNMENT = "government"
    PARLIAMENT = "parliament"
    POLICE = "police"
    JUSTICE = "justice"
    INSPECTORATE = "inspectorate"
    LOCAL = "local"
    COORDINATION = "coordination"
    CENTRE = "centre"
    OTHER = "other"


class Channel(Coded):
    """How an answer reached the issuer."""

    FORM = "form"
    LETTER = "letter"
    MAIL = "mail"
    MEETING = "meeting"
    PHONE = "phone"


class TermKind(Coded):
    """A list that an issuer keeps of its own."""

    THEME = "theme"
    GROUP = "group"
    PRIORITY = "priority"


class EntryKind(Coded):
    """What happened, on a timeline."""

    ISSUED = "issued"
    TEXT_CORRECTED = "text_corrected"
    WITHDRAWN = "withdrawn"
    IMPORT_UNDONE = "import_undone"
    ASKED = "asked"
    ANSWERED = "answered"
    FILED = "filed"
    RETURNED = "returned"
    ASSESSED = "assessed"
    PUBLISHED = "published"
    DUE_MOVED = "due_moved"
    LAPSED = "lapsed"
    PASSED_ON = "passed_on"
    TAKEN_OVER = "taken_over"
    NOTED = "noted"
    CORRECTED = "corrected"
    REDACTED = "redacted"


ENDS = (EntryKind.WITHDRAWN, EntryKind.IMPORT_UNDONE)
"""Entries of a recommendation that end the standing of each of its addressees."""


_LABELS: dict[str, dict[str, str]] = {
    "Response": {
        "awaited": N_("Response awaited"),
        "accepted": N_("Accepted"),
        "accepted_in_part": N_("Accepted in part"),
        "under_consideration": N_("Under consideration"),
        "not_accepted": N_("Not accepted"),
        "not_competent": N_("Not within our remit"),
    },
    "Implementation": {
        "not_started": N_("Not started"),
        "in_progress": N_("Implementation in progress"),
        "partially": N_("Partially implemented"),
        "fully": N_("Fully implemented"),
        "continuing": N_("Implemented, continuing effort"),
        "not_implemented": N_("Not implemented"),
        "overtaken": N_("No longer applicable"),
        "not_assessed": N_("Not yet assessed"),
        "not_verifiable": N_("Cannot be verified"),
    },
    "Role": {"implementer": N_("Implementer"), "relay": N_("Relay")},
    "BodyType": {
        "government": N_("Government"),
        "parliament": N_("Parliament"),
        "police": N_("Police service"),
        "justice": N_("Judiciary"),
        "inspectorate": N_("Inspectorate"),
        "local": N_("Local authority"),
        "coordination": N_("Coordinating body"),
        "centre": N_("Centre"),
        "other": N_("Other body"),
    },
    "Channel": {
        "form": N_("Form"),
        "letter": N_("Letter"),
        "mail": N_("E-mail"),
        "meeting": N_("Meeting"),
        "phone": N_("Telephone"),
    },
    "TermKind": {"theme": N_("Theme"), "group": N_("Group"), "priority": N_("Priority")},
    "EntryKind": {
        "issued": N_("Issued"),
        "text_corrected": N_("Text corrected"),
        "withdrawn": N_("Withdrawn"),
        "import_undone": N_("Import undone"),
        "asked": N_("Asked"),
        "answered": N_("Answered"),
        "filed": N_("Filed"),
        "returned": N_("Returned with a question"),
        "assessed": N_("Assessed"),
        "published": N_("Published"),
        "due_moved": N_("Due date moved"),
        "lapsed": N_("Lapsed"),
        "passed_on": N_("Passed on"),
        "taken_over": N_("Taken over"),
        "noted": N_("Note"),
        "corrected": N_("Corrected"),
        "redacted": N_("Redacted"),
    },
}
