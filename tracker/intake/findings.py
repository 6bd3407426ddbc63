"""What a person should look at in a document: a code and its values, told in whatever language is in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.language import N_, _, ngettext

_STOPS = {
    "doubled_code": N_("%(code)s is on line %(line)s too. Correct the code of one of the two, or leave one out."),
    "address_clash": N_(
        "%(code)s and %(other)s on line %(line)s would have the same address. Change one of the two codes."
    ),
    "empty_text": N_("There is no text. Type it, or leave this out."),
    "no_addressee": N_("No addressee was found. Name at least one."),
    "unknown_body": N_("“%(name)s” is not a known body. Correct the name, choose a body, or add it to the register."),
    "likely_body": N_("“%(name)s” is close to a known name, but not the same. Confirm the body, or choose another."),
    "same_body": N_("“%(first)s” and “%(second)s” are the same body. Keep one of the two."),
    "too_long": N_("“%(what)s” has more than %(n)s characters. Shorten it."),
    "no_recommendations": N_(
        "No recommendation was found. A readable annex has a table with a row for each, or numbers them, such as"
        " “Recommendation 5” or 2023/11."
    ),
    "is_reply": N_("This document answers recommendations; it makes none. Record the answers on the recommendations."),
    "too_many": N_(
        "More than %(n)s recommendations are not accepted at once. Split the document, or have them loaded by"
        " “tracker load”."
    ),
    "nothing_left": N_("Everything is left out. Put something back."),
    "no_report": N_("Say which report this is: its title, its short name and the day it was published."),
    "report_slug": N_("The short name of a report has lower-case letters, digits and hyphens, such as myria-2023."),
    "report_day": N_("A report has been published, and not before 1900. Correct the day of publication."),
    "report_of_another": N_("The short name “%(slug)s” belongs to a report of another issuer."),
    "report_differs": N_(
        "“%(slug)s” is here already as “%(title)s”, with another title or day. Use those, or another short name."
    ),
    "text_differs": N_("%(code)s is in this report already, with another text. Correct the text there, not here."),
    "addressees_differ": N_(
        "%(code)s is in this report already, addressed to %(names)s. Name the same bodies, or leave this out."
    ),
    "address_taken": N_(
        "%(code)s would have the same address as %(other)s, which is in this report already. Change the code."
    ),
}
"""Must be settled before an import is accepted."""

_DOUBTS = {
    "no_code": N_("No code was found. It can stay without one."),
    "unfolded": N_(
        "The document names some of these as one group. Unfolded, each of the %(n)s addressees has its own status."
    ),
    "no_columns": N_(
        "The columns of this row were lost. Its addressees were found at the end of the text: check both."
    ),
    "late_text": N_(
        "There is no text beside the code; this one stands on a later line. Check that both are one recommendation."
    ),
    "other_language": N_(
        "“%(document)s” is the same report in another language, under review too. Accept both: the second one adds its"
        " texts to the first."
    ),
    "not_in_other": N_("%(code)s is not in “%(document)s”. Check the code."),
    "others_in_other": N_("In “%(document)s” %(code)s is addressed to others: %(names)s. Check which is right."),
    "unpaired": N_("%(code)s is not on record in another language. It is added as new: check its code."),
    "paired_by_place": N_("It has no code. By its place it is this one in another language: “%(text)s”. Check both."),
    "in_another_report": N_(
        "“%(report)s” has %(code)s already, word for word. Check that this is not the same annex under another name."
    ),
    "unpaired_there": N_("On record, and not in this document: %(codes)s. They keep the languages that they have."),
    "qualifier": N_("“%(qualifier)s” is kept as a qualifier of “%(name)s”, not as another body."),
    "encoding": N_("The text was read as %(encoding)s. Check the letters with accents."),
    "lost_letters": N_("Letters were lost before the file came here: they show as \ufffd. Save it again as UTF-8."),
    "columns": N_("The columns have no heads that say what they hold. Check that code, text and addressees are right."),
    "hidden_sheet": N_("The file has sheets that are hidden. They were not read."),
    "control_characters": N_("Characters that cannot be seen were removed from the text."),
}


@dataclass(frozen=True)
class Finding:
    """Something to look at: kept as found, not as a sentence, since its readers speak three languages."""

    line: int | None
    """The line of the file, from 1; None where it is about the document as a whole."""
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    """What its sentence names: words of the document, codes, numbers."""

    @property
    def stops(self) -> bool:
        """Whether it must be settled before an import is accepted."""
        return self.code in _STOPS

    @property
    def sentence(self) -> str:
        """What was found and what to do, in the language in use."""
        if self.code == "left_over":
            return ngettext(
                "%(n)s line belongs to no recommendation. Look at it.",
                "%(n)s lines belong to no recommendation. Look at them.",
                int(self.values["n"]),
            )
        return _(_STOPS.get(self.code) or _DOUBTS[self.code], **self.values)

    @property
    def key(self) -> str:
        """Tells findings about one draft apart, in any language."""
        return " ".join([self.code, *map(str, self.values.values())])

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Finding:
        """The finding that `to_json` of its draft or reading wrote."""
        return cls(stored["line"], stored["code"], stored["values"])
