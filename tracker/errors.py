"""What the product refuses, as sentences for the person who asked.

Every refusal carries one translated sentence that says what to do. Doors show it; nobody parses it.
"""

from datetime import datetime


class Refusal(Exception):
    """A request that is understood and not carried out. `str()` of it is the sentence to show."""


class NotFound(Refusal):
    """There is no such thing, or it is not this person's to see: both look the same from outside."""


class NotAllowed(Refusal):
    """The rules do not let this party do this here."""


class ChangedMeanwhile(Refusal):
    """Somebody changed what a page shows after it was opened."""


class TimelineMoved(ChangedMeanwhile):
    """Somebody wrote on this timeline after the page was opened."""


class NotReadable(Refusal):
    """A document that cannot be read."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        """Of the sentence, in `intake.refusals`."""


class NotAccepted(Refusal):
    """An import that has findings which stop it."""


class TooOften(Refusal):
    """Something was done as often as it may be for now."""

    def __init__(self, sentence: str, again_at: datetime) -> None:
        super().__init__(sentence)
        self.again_at = again_at
        """From when on it may be done again."""


class Unavailable(Refusal):
    """The database cannot be reached, is busy for too long, or its disk is full. Nothing was saved."""


class Misconfigured(Refusal):
    """A setting is missing or wrong, so that the start stops."""
