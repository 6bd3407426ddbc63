"""Why a file is not read, as codes, and the sentence that says what to do instead."""

from tracker.language import N_, _

_SENTENCES = {
    "empty": N_("The file is empty. Choose the file that holds the annex, or paste its text."),
    "blank": N_("The file has only blank lines. Choose the file that holds the annex, or paste its text."),
    "too_large": N_("The file is larger than 20 MB. Save the annex alone, or paste it."),
    "too_large_text": N_("The text is larger than 5 MB. Save the annex alone as text, or paste it."),
    "too_many_lines": N_("The file has more than 100,000 lines. Save the annex alone as text, or paste it."),
    "too_many_pages": N_("The file has more than 1,500 pages. Save the annex alone as a PDF."),
    "too_large_unpacked": N_("Unpacked, the file is far larger than any annex. Save the annex alone, or paste it."),
    "too_slow": N_("The file could not be read in the time and memory that are set aside. Save the annex alone."),
    "not_text": N_(
        "This is not a text, and not a file that can be read here. Save it as PDF, Word or text, or paste it."
    ),
    "encoding": N_("The text cannot be read in this encoding. Choose another one."),
    "scan": N_(
        "The pages of this PDF are pictures without text. Run text recognition over it, or paste the text of the annex."
    ),
    "locked": N_("The file is protected by a password. Save it without one."),
    "damaged": N_("The file is damaged. Open it in the program it was made with and save it again."),
    "doc": N_("This is an old Word file (.doc). Save it as .docx."),
    "odt": N_("This is an OpenDocument text (.odt). Save it as .docx."),
    "rtf": N_("This is a Rich Text file (.rtf). Save it as .docx."),
    "picture": N_("This is a picture. Choose the document itself, or paste the text of the annex."),
    "archive": N_("This is a packed folder. Unpack it and choose the annex."),
}


class Unreadable(Exception):
    """A file that is not read: `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str:
        """Why, and what to do, in the language in use."""
        return sentence(self.code)


def sentence(code: str) -> str:
    """Why a file is not read, and what to do, in the language in use."""
    return _(_SENTENCES[code])
